"""规则与参数的核对: the catalogue of rules, the clauses that state them, and the values of parameters of one pack.

A definition stands in the national pack or in the pack itself; a value must fit it, and a citation must stand in the
clause index of the pack or of the national one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import ronghe

from ..ruling import Clause
from ..values import HINTS, BadValue, Kind, parse
from .facts import (
    NATIONAL,
    DefinitionFacts,
    MatterFacts,
    RuleFacts,
    StatementFacts,
    ValueFacts,
    WorkdayFacts,
)
from .files import Json, Notes, Table, read_parameters, read_table

Lines = Mapping[tuple[Json, ...], int]
_DEFINING = ("title", "kind", "room")


@dataclass(frozen=True)
class Rulebook:
    """What a pack says of rules."""

    matters: tuple[MatterFacts, ...] = ()
    rules: tuple[RuleFacts, ...] = ()
    statements: tuple[StatementFacts, ...] = ()
    definitions: tuple[DefinitionFacts, ...] = ()
    values: tuple[ValueFacts, ...] = ()
    workdays: tuple[WorkdayFacts, ...] = ()


@dataclass(frozen=True)
class _Index:
    """What the national pack that comes with the program offers to others."""

    clauses: frozenset[tuple[str, str]]
    rules: frozenset[str]
    matters: frozenset[str]
    definitions: Mapping[str, DefinitionFacts]


@cache
def _national() -> _Index:
    folder, notes = Path(ronghe.__file__).parent / "zones" / NATIONAL, Notes()
    return _Index(
        clauses=frozenset((r.text("document"), r.text("path")) for r in read_table(folder, "clauses.csv", notes).rows),
        rules=frozenset(r.text("id") for r in read_table(folder, "rules.csv", notes).rows),
        matters=frozenset(r.text("key") for r in read_table(folder, "matters.csv", notes).rows),
        definitions={d.id: d for d in _definitions(read_parameters(folder, notes), notes)},
    )


def checked_rules(
    folder: Path, tables: Mapping[str, Table], *, national: bool, documents: Mapping[str, int], notes: Notes
) -> Rulebook:
    """Read and check all that a pack says of rules; faults are noted with file and line."""
    check = _Check(tables, notes, _Index(frozenset(), frozenset(), frozenset(), {}) if national else _national())
    check.clauses |= {(r.text("document"), r.text("path")) for r in tables["clauses.csv"].rows}
    written = read_parameters(folder, notes)
    own = {d.id: d for d in _definitions(written, notes)}
    for definition in own.values():
        check.definition(definition, national=national)
    return Rulebook(
        matters=tuple(MatterFacts(r.text("key"), r.text("title"), r.line) for r in tables["matters.csv"].rows),
        rules=check.catalogue() if national else (),
        statements=() if national else check.statements(documents),
        definitions=tuple(own.values()),
        values=tuple(check.values(written, {**check.national.definitions, **own})),
        workdays=check.workdays(),
    )


def _definitions(written: Sequence[tuple[str, Mapping[str, Json], Lines]], notes: Notes) -> list[DefinitionFacts]:
    seen: dict[str, tuple[str, int]] = {}
    found = []
    for file, one, lines in written:
        line = lines.get(("id",), 1)
        if one["id"] in seen:
            where = "{} 第 {} 行".format(*seen[one["id"]])
            notes.fault(file, line, f"参数“{one['id']}”写了两段", f"{where}已有，合成一段")
            continue
        seen[one["id"]] = (file, line)
        given = [name for name in _DEFINING if name in one]
        if not given:
            continue
        if lacks := [name for name in _DEFINING if name not in one]:
            notes.fault(file, line, f"参数“{one['id']}”的定义缺少 {'、'.join(lacks)}", "补上，或把定义整个删去")
            continue
        found.append(
            DefinitionFacts(
                id=one["id"],
                title=one["title"],
                kind=Kind(one["kind"]),
                unit=one.get("unit") or "",
                basis=one.get("basis_date") or "event",
                room=one["room"],
                matter=one.get("matter"),
                choices=tuple(one.get("choices") or ()),
                meaning=one.get("meaning") or "",
                file=file,
                line=line,
            )
        )
    return found


class _Check:
    """The rules of one pack under check."""

    def __init__(self, tables: Mapping[str, Table], notes: Notes, national: _Index) -> None:
        self.tables = tables
        self.notes = notes
        self.national = national
        self.clauses: set[tuple[str, str]] = set(national.clauses)
        self.matters = {r.text("key") for r in tables["matters.csv"].rows} | national.matters
        self.rules = {r.text("id") for r in tables["rules.csv"].rows} | national.rules

    def definition(self, of: DefinitionFacts, *, national: bool) -> None:
        fault = self.notes.fault
        if not national and of.id in self.national.definitions:
            fault(of.file, of.line, f"参数“{of.id}”在全国数据包里已有定义", "只写 id、rules 和 values")
        if of.matter and of.matter not in self.matters:
            fault(of.file, of.line, f"matters.csv 里没有事项“{of.matter}”", "先补上，或改正 matter")
        if of.choices and of.kind not in (Kind.TEXT, Kind.SET, Kind.LIST, Kind.TABLE):
            fault(of.file, of.line, f"{of.kind.title}没有可选项", "删去 choices，或改正 kind")
        if of.unit and of.kind in (Kind.BOOLEAN, Kind.DATE, Kind.TEXT, Kind.SET, Kind.LIST, Kind.RATIO):
            fault(of.file, of.line, f"{of.kind.title}没有单位", "删去 unit")

    def catalogue(self) -> tuple[RuleFacts, ...]:
        file, seen, found = "rules.csv", dict[str, int](), []
        for row in self.tables[file].rows:
            rule = row.text("id")
            if rule in seen:
                self.notes.fault(file, row.line, f"规则“{rule}”重复", f"第 {seen[rule]} 行已有，只留一行")
            seen[rule] = row.line
            for column in ("title", "room", "scope"):
                if not row.get(column) and column not in row.bad:
                    self.notes.fault(file, row.line, f"规则“{rule}”没有 {column}", "填上这一格")
            if (matter := row.get("matter")) and matter not in self.matters:
                self.notes.fault(file, row.line, f"matters.csv 里没有事项“{matter}”", "先补上，或改正 matter")
            found.append(
                RuleFacts(
                    rule, row.text("title"), row.text("room"), row.names("modules"), row.text("scope"),
                    row.get("matter"), row.text("without"), row.line,
                )
            )  # fmt: skip
        return tuple(found)

    def statements(self, documents: Mapping[str, int]) -> tuple[StatementFacts, ...]:
        file, seen, found = "rules.csv", dict[tuple[str, str], int](), []
        for row in self.tables[file].rows:
            rule, document = row.text("id"), row.text("document")
            if rule and rule not in self.national.rules:
                self.notes.fault(file, row.line, f"规则目录里没有“{rule}”", "见 national/rules.csv")
            if not document or not row.names("paths"):
                if not row.bad:
                    self.notes.fault(file, row.line, f"规则“{rule}”没有出处", "填 document 和 paths")
                continue
            if document not in documents:
                self.notes.fault(file, row.line, f"zone.yaml 里没有标识为“{document}”的文件", "改正 document")
                continue
            for label in row.names("paths"):
                self._clause(file, row.line, Clause(document, label))
            if (rule, document) in seen:
                what = f"规则“{rule}”在“{document}”的出处重复"
                self.notes.fault(file, row.line, what, f"第 {seen[rule, document]} 行已有，合成一行")
            seen[rule, document] = row.line
            found.append(StatementFacts(rule, document, row.names("paths"), row.line))
        return tuple(found)

    def _clause(self, file: str, line: int, cite: Clause) -> None:
        if (cite.document, cite.path) not in self.clauses and self.tables["clauses.csv"].whole:
            what = f"条款索引里没有“{cite}”"
            self.notes.fault(file, line, what, "先在 clauses.csv 写这一条，或改正文件标识和条款号")

    def values(
        self, written: Sequence[tuple[str, Mapping[str, Json], Lines]], definitions: Mapping[str, DefinitionFacts]
    ) -> list[ValueFacts]:
        found: list[ValueFacts] = []
        for file, one, lines in written:
            line = lines.get(("id",), 1)
            definition = definitions.get(one["id"])
            if definition is None:
                mend = "补上 title、kind、room，或改正 id"
                self.notes.fault(file, line, f"参数“{one['id']}”没有定义", mend)
                continue
            rules = tuple(one.get("rules") or ())
            for rule in rules:
                if rule not in self.rules:
                    self.notes.fault(
                        file, lines.get(("rules",), line), f"规则目录里没有“{rule}”", "见 national/rules.csv"
                    )
            for day, stated in (one.get("values") or {}).items():
                at = lines.get(("values", day), line)
                value = self._value(file, at, definition, day, stated, rules)
                if value is not None:
                    found.append(value)
        return found

    def _value(
        self, file: str, line: int, of: DefinitionFacts, day: str, stated: Mapping[str, Json], rules: tuple[str, ...]
    ) -> ValueFacts | None:
        fault = self.notes.fault
        try:
            starts = date.fromisoformat(day)
        except ValueError:
            fault(file, line, f"“{day}”不是有效的日期", "检查年月日")
            return None
        status = stated.get("status") or "set"
        raw = stated.get("value")
        cites = tuple(_cites(stated.get("cite")))
        for cite in cites:
            self._clause(file, line, cite)
        if status == "unset" and raw is not None:
            fault(file, line, f"“{of.id}”写着未定（unset），却有值", "删去 value，或改正 status")
        if status != "unset" and raw is None:
            fault(file, line, f"“{of.id}”没有值", "填上 value；文件没有给数的写 status: unset")
            return None
        if status != "assumed" and not cites:
            fault(file, line, f"“{of.id}”没有依据", "在 cite 写“文件标识 条款号”")
        if status == "assumed" and not stated.get("source"):
            fault(file, line, f"“{of.id}”是假定值，没有写来源", "在 source 写明从哪里来、是否核实")
        texts = _texts(raw)
        if texts is None:
            fault(file, line, f"“{of.id}”的值写法不对", HINTS[of.kind])
            return None
        if status != "unset":
            try:
                parse(of.kind, texts, choices=of.choices)
            except BadValue as error:
                fault(file, line, f"“{of.id}”的值不对：{error}", HINTS[of.kind])
                return None
        return ValueFacts(
            parameter=of.id,
            starts=starts,
            status=status,
            written=texts if status != "unset" else (),
            cites=cites,
            source=stated.get("source") or "",
            in_use=bool(stated.get("in_use", status != "assumed")),
            rules=rules,
            file=file,
            line=line,
        )

    def workdays(self) -> tuple[WorkdayFacts, ...]:
        file, seen, found = "workdays.csv", dict[date, int](), []
        for row in self.tables[file].rows:
            if row.bad:
                continue
            day = date.fromisoformat(row.text("day"))
            if day in seen:
                self.notes.fault(file, row.line, f"{day} 重复", f"第 {seen[day]} 行已有，只留一行")
            seen[day] = row.line
            found.append(
                WorkdayFacts(day, row.text("kind") == "workday", row.text("name"), row.text("source"), row.line)
            )
        return tuple(found)


def _cites(written: Json) -> list[Clause]:
    return [Clause(*text.split(" ", 1)) for text in ([written] if isinstance(written, str) else written or ())]


def _texts(raw: Json) -> tuple[str, ...] | None:
    """The written form of a YAML value; ``None`` when it is nested deeper than any value is."""
    if raw is None:
        return ()
    if isinstance(raw, bool):
        return ("true" if raw else "false",)
    if isinstance(raw, str):
        return (raw,)
    if isinstance(raw, list):
        return tuple(raw) if all(isinstance(one, str) for one in raw) else None
    if all(isinstance(one, str) for one in raw.values()):
        return tuple(f"{name}={number}" for name, number in raw.items())
    return None
