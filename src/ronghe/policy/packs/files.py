"""Reading the files of a pack (数据包文件): text, YAML and CSV with line numbers, checked against ``schema.json``.

Nothing is raised for what a person wrote wrongly: every fault is noted with file, line, what is wrong and how to
mend it, and reading goes on, so that one look shows all there is to mend.
"""

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import yaml
from jsonschema import Draft202012Validator, FormatChecker, ValidationError

from .facts import Fault

SCHEMA_FILE = Path(__file__).with_name("schema.json")
#: Characters that no file of a pack needs; YAML refuses most of them, spreadsheets hide them.
_ODD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
#: More than any county needs; a larger file is a mistake (a zip, a video), not a table.
MAX_BYTES = 32 * 1024 * 1024
SEPARATOR = "|"
BOUNDARY = "boundary.geojson"

Json: TypeAlias = Any


@dataclass
class Notes:
    """What reading a pack has found: faults, and in a draft what is left for a person to fill in."""

    draft: bool = False
    faults: list[Fault] = field(default_factory=list)
    todo: list[Fault] = field(default_factory=list)

    def fault(self, file: str, line: int, what: str, mend: str) -> None:
        self.faults.append(Fault(file, line, what, mend))

    def missing(self, file: str, line: int, what: str, mend: str, *, todo: bool) -> None:
        """Something is not filled in: a fault, but in a draft only work to do when the schema says so."""
        (self.todo if self.draft and todo else self.faults).append(Fault(file, line, what, mend))


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: its cells turned into values by the schema, ``None`` where a cell is empty.

    ``bad`` names the columns that did not fit; a checker leaves them alone, for they are reported already.
    """

    line: int
    cells: Mapping[str, Json]
    bad: frozenset[str] = frozenset()

    def get(self, column: str) -> Json:
        return self.cells.get(column)

    def text(self, column: str) -> str:
        value = self.cells.get(column)
        return value if isinstance(value, str) else ""

    def names(self, column: str) -> tuple[str, ...]:
        value = self.cells.get(column)
        return tuple(value) if isinstance(value, list) else ()


@dataclass(frozen=True, slots=True)
class Table:
    """All rows of one CSV file. ``whole`` is false when the file could not be read as a table: then nobody can say
    what is *not* in it, and references to it are not judged."""

    rows: tuple[Row, ...] = ()
    whole: bool = True


@cache
def schema() -> Mapping[str, Json]:
    """The committed schema of a pack; ``$ref`` to its definitions are put in place."""
    loaded: dict[str, Json] = json.loads(SCHEMA_FILE.read_text("utf-8"))
    definitions = loaded["$defs"]

    def placed(node: Json) -> Json:
        if isinstance(node, dict):
            name = node.get("$ref", "").removeprefix("#/$defs/")
            base = placed(definitions[name]) if name else {}
            return {**base, **{k: placed(v) for k, v in node.items() if k != "$ref"}}
        return [placed(v) for v in node] if isinstance(node, list) else node

    return {name: placed(spec) for name, spec in loaded["files"].items()}


@cache
def _validator(file: str, column: str | None = None) -> Draft202012Validator:
    spec = schema()[file]
    return Draft202012Validator(
        spec if column is None else spec["properties"][column], format_checker=FormatChecker(["date"])
    )


def read_text(path: Path, file: str, notes: Notes) -> str | None:
    """The text of a file, or ``None`` when it is not UTF-8 text; a byte-order mark is a fault but is read over."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        notes.fault(file, 1, f"文件打不开（{error.strerror or type(error).__name__}）", "检查文件的类型和权限")
        return None
    if len(raw) > MAX_BYTES:
        notes.fault(file, 1, f"文件过大（{len(raw)} 字节）", f"单个文件不超过 {MAX_BYTES} 字节，检查是否放错了文件")
        return None
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        notes.fault(file, 1, "文件是 UTF-16 编码", "另存为 UTF-8（不带 BOM）")
        return None
    if raw.startswith(b"\xef\xbb\xbf"):
        notes.fault(file, 1, "文件开头有字节顺序标记（BOM）", "另存为不带 BOM 的 UTF-8")
        raw = raw[3:]
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        notes.fault(file, line, "不是 UTF-8 编码，可能是 GB18030（GBK）", "用文本编辑器或表格软件另存为 UTF-8")
        return None
    clean = True
    for number, line_text in enumerate(text.split("\n"), 1):
        odd = sorted(set(_ODD.findall(line_text)))
        if odd:
            clean = False
            names = "、".join(f"U+{ord(c):04X}" for c in odd)
            notes.fault(file, number, f"有不可见的控制字符 {names}", "删去这些字符")
    return text if clean else None


# --- CSV ----------------------------------------------------------------------------------------------------------


def read_table(folder: Path, file: str, notes: Notes, *, needed: bool = False) -> Table:
    """The rows of one CSV file of the pack; an absent file has none, and is a fault when it is ``needed``."""
    path = folder / file
    if not path.exists():
        if needed:
            notes.fault(file, 1, "缺少这个文件", "在数据包文件夹里补上；没有内容时只写表头")
        return Table(whole=not needed)
    text = read_text(path, file, notes)
    if text is None:
        return Table(whole=False)
    records, whole = _records(text, file, notes)
    if not records:
        notes.fault(file, 1, "文件是空的", f"第一行写表头：{','.join(schema()[file]['properties'])}")
        return Table(whole=False)
    columns = _columns(records[0], file, notes)
    if columns is None:
        return Table(whole=False)
    rows: list[Row] = []
    for line, cells in records[1:]:
        if not any(cells):
            continue
        if len(cells) != len(columns):
            mend = "检查逗号和引号；单元格里有逗号时整格用英文双引号括起来"
            notes.fault(file, line, f"这一行有 {len(cells)} 格，表头有 {len(columns)} 格", mend)
            whole = False
            continue
        rows.append(_row(file, line, dict(zip(columns, cells, strict=True)), notes))
    return Table(tuple(rows), whole)


def _records(text: str, file: str, notes: Notes) -> tuple[list[tuple[int, list[str]]], bool]:
    """The records of a CSV text with the line each begins on, and whether it could be read to its end."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    records: list[tuple[int, list[str]]] = []
    while True:
        line = reader.line_num + 1
        try:
            records.append((line, next(reader)))
        except StopIteration:
            return records, True
        except csv.Error:
            mend = "单元格里的英文双引号写两遍，整格再用双引号括起来"
            notes.fault(file, line, "引号没有成对，从这里起读不出来", mend)
            return records, False


def _columns(header: tuple[int, list[str]], file: str, notes: Notes) -> list[str] | None:
    """The columns of a table by its header, or ``None`` when rows cannot be understood without mending it."""
    spec = schema()[file]
    line, columns = header
    known: Mapping[str, Json] = spec["properties"]
    readable = True
    for column in columns:
        if column not in known:
            notes.fault(file, line, f"不认识的列“{column}”", f"只能有这些列：{'、'.join(known)}")
    for column in sorted({c for c in columns if columns.count(c) > 1}):
        notes.fault(file, line, f"列“{column}”出现了 {columns.count(column)} 次", "每列只留一次")
        readable = False
    for column in spec["required"]:
        if column not in columns:
            notes.fault(file, line, f"缺少列“{column}”", "在表头和每一行补上这一列")
            readable = False
    return columns if readable else None


def _row(file: str, line: int, cells: Mapping[str, str], notes: Notes) -> Row:
    """One row with its cells turned into values; what does not fit is noted."""
    spec = schema()[file]
    values: dict[str, Json] = {}
    bad: set[str] = set()
    for column, text in cells.items():
        if column not in spec["properties"]:
            continue
        property_spec: Mapping[str, Json] = spec["properties"][column]
        if text == "":
            values[column] = None
            if column in spec["required"]:
                todo = bool(property_spec.get("x-todo"))
                notes.missing(file, line, f"“{column}”没有填", _to_fill(property_spec, "填上这一格"), todo=todo)
                bad.add(column)
            continue
        problems, value = _cell(file, column, text)
        for what, mend in problems:
            notes.fault(file, line, f"“{column}”{what}", mend)
        if problems:
            bad.add(column)
        values[column] = None if problems else value
    return Row(line, values, frozenset(bad))


#: Faults of one cell: what is wrong and how to mend it.
Problems: TypeAlias = tuple[tuple[str, str], ...]


def _cell(file: str, column: str, text: str) -> tuple[Problems, Json]:
    value, problem = _typed(text, schema()[file]["properties"][column])
    if problem:
        return (problem,), None
    found = sorted(_validator(file, column).iter_errors(value), key=lambda e: [str(p) for p in e.absolute_path])
    return tuple(_in_words(e) for e in found), value


def _typed(text: str, spec: Mapping[str, Json]) -> tuple[Json, tuple[str, str] | None]:
    """A cell's text as the type that the schema asks for."""
    if text != text.strip():
        return None, (f"的值“{_short(text)}”前后有空格", "删去前后的空格")
    if "\n" in text or "\r" in text:
        return None, ("里有换行", "一个单元格只写一行")
    kind = spec["type"]
    if kind == "integer":
        if text.isascii() and text.isdigit() and len(text) < 10:
            return int(text), None
        return None, (f"的值“{_short(text)}”不是整数", "写阿拉伯数字")
    if kind == "boolean":
        if text in ("true", "false"):
            return text == "true", None
        return None, (f"的值“{_short(text)}”不是 true 或 false", "写 true 或 false，空着就是 false")
    if kind == "array":
        items = text.split(SEPARATOR)
        if any(item != item.strip() or not item for item in items):
            return None, (f"“{_short(text)}”里有空的一项或多余的空格", f"各项之间只用一个 {SEPARATOR} 隔开")
        return items, None
    return text, None


# --- YAML ---------------------------------------------------------------------------------------------------------


def read_zone(folder: Path, notes: Notes) -> tuple[Mapping[str, Json], Mapping[tuple[Json, ...], int]] | None:
    """``zone.yaml`` as plain values and the line of each; ``None`` when it cannot be understood at all."""
    file = "zone.yaml"
    if not (folder / file).exists():
        notes.fault(file, 1, "缺少这个文件", "每个数据包都要有 zone.yaml，写明标识、名称、范围和文件")
        return None
    text = read_text(folder / file, file, notes)
    if text is None:
        return None
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        notes.fault(file, mark.line + 1 if mark else 1, "YAML 写法有误，读不下去", "检查缩进、冒号后的空格和引号")
        return None
    except (yaml.YAMLError, RecursionError, ValueError):
        notes.fault(file, 1, "YAML 写法有误，读不下去", "检查缩进、冒号后的空格和引号")
        return None
    lines: dict[tuple[Json, ...], int] = {}
    value = _plain(node, (), lines, file, notes, set()) if node is not None else None
    if not isinstance(value, dict):
        notes.fault(file, 1, "内容不是“名称: 值”的列表", "照着已有的数据包写 slug、title、documents 等各项")
        return None
    _check_yaml(file, file, value, lines, notes)
    return value, lines


#: The schema of each document of the files below ``parameters/``.
PARAMETERS = "parameters/*.yaml"


def read_parameters(folder: Path, notes: Notes) -> list[tuple[str, Mapping[str, Json], Mapping[tuple[Json, ...], int]]]:
    """The YAML documents below ``parameters/``: file, plain values, and the line of each; what does not fit is noted."""
    found: list[tuple[str, Mapping[str, Json], Mapping[tuple[Json, ...], int]]] = []
    for path in sorted((folder / "parameters").glob("*.yaml")):
        file = f"parameters/{path.name}"
        text = read_text(path, file, notes)
        for node in _documents(text, file, notes) if text is not None else ():
            lines: dict[tuple[Json, ...], int] = {}
            before = len(notes.faults)
            value = _plain(node, (), lines, file, notes, set())
            if not isinstance(value, dict):
                notes.fault(file, node.start_mark.line + 1, "内容不是“名称: 值”的列表", "每个参数一段，用 --- 隔开")
                continue
            _check_yaml(file, PARAMETERS, value, lines, notes)
            if len(notes.faults) == before:
                found.append((file, value, lines))
    return found


def _documents(text: str, file: str, notes: Notes) -> Iterator[yaml.Node]:
    stream = yaml.compose_all(text, Loader=yaml.SafeLoader)
    while True:
        try:
            node = next(stream, None)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            notes.fault(file, mark.line + 1 if mark else 1, "YAML 写法有误，读不下去", "检查缩进、冒号后的空格和引号")
            return
        except (yaml.YAMLError, RecursionError, ValueError):
            notes.fault(file, 1, "YAML 写法有误，读不下去", "检查缩进、冒号后的空格和引号")
            return
        if node is None:
            return
        if not (isinstance(node, yaml.ScalarNode) and not node.value):  # a lone --- is no parameter
            yield node


def _plain(
    node: yaml.Node, at: tuple[Json, ...], lines: dict[tuple[Json, ...], int], file: str, notes: Notes, seen: set[int]
) -> Json:
    """A YAML node as plain values; scalars stay as written, so that a code is not taken for a number."""
    line = node.start_mark.line + 1
    lines[at] = line
    if id(node) in seen:
        notes.fault(file, line, "用了 YAML 的锚点和引用（& 和 *）", "把内容直接写出来")
        return None
    seen.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*at, i), lines, file, notes, seen) for i, item in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        result: dict[str, Json] = {}
        for key, item in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else "?"
            if name in result:
                notes.fault(file, key.start_mark.line + 1, f"“{name}”写了两次", "只留一次")
                continue
            result[name] = _plain(item, (*at, name), lines, file, notes, seen)
            lines[(*at, name)] = key.start_mark.line + 1
        return result
    assert isinstance(node, yaml.ScalarNode)
    if node.tag == "tag:yaml.org,2002:null" and node.style is None:
        return None
    if node.tag == "tag:yaml.org,2002:bool" and node.value.lower() in ("true", "false"):
        return node.value.lower() == "true"
    return node.value


def _without_empty(value: Json) -> Json:
    """The same values without what is left empty: an empty item counts as not written."""
    if isinstance(value, dict):
        return {k: _without_empty(v) for k, v in value.items() if v not in (None, "", [], {})}
    return [_without_empty(v) for v in value] if isinstance(value, list) else value


def _check_yaml(file: str, spec_of: str, value: Json, lines: Mapping[tuple[Json, ...], int], notes: Notes) -> None:
    for error in _validator(spec_of).iter_errors(_without_empty(value)):
        at = tuple(error.absolute_path)
        where = ".".join(str(p + 1) if isinstance(p, int) else str(p) for p in at)
        if error.validator == "required":
            spec, instance = error.schema, error.instance
            assert isinstance(spec, Mapping)
            assert isinstance(instance, Mapping)
            # jsonschema reports each missing name by itself
            name = next(n for n in spec["required"] if n not in instance and f"'{n}'" in error.message)
            own: Mapping[str, Json] = spec["properties"][name]
            what = f"缺少“{f'{where}.' if where else ''}{name}”"
            notes.missing(file, _line(lines, at), what, _to_fill(own, "补上这一项"), todo=bool(own.get("x-todo")))
        elif error.validator == "additionalProperties":
            spec, instance = error.schema, error.instance
            assert isinstance(spec, Mapping)
            assert isinstance(instance, Mapping)
            for name in (n for n in instance if n not in spec["properties"]):
                mend = f"只能有这些项：{'、'.join(spec['properties'])}"
                notes.fault(file, _line(lines, (*at, name)), f"不认识的项“{name}”", mend)
        else:
            what, mend = _in_words(error)
            notes.fault(file, _line(lines, at), f"“{where}”{what}", mend)


def _line(lines: Mapping[tuple[Json, ...], int], at: tuple[Json, ...]) -> int:
    while at and at not in lines:
        at = at[:-1]
    return lines.get(at, 1)


# --- words --------------------------------------------------------------------------------------------------------

_TYPES = {
    "string": "文字",
    "integer": "整数",
    "boolean": " true 或 false",
    "array": "列表",
    "object": "“名称: 值”的列表",
}


def _mend(spec: Mapping[str, Json], otherwise: str) -> str:
    if "x-mend" in spec:
        return str(spec["x-mend"])
    if "enum" in spec:
        return f"可以写：{'、'.join(spec['enum'])}"
    return otherwise


def _to_fill(spec: Mapping[str, Json], order: str) -> str:
    hint = _mend(spec, "")
    return f"{order}：{hint}" if hint else order


def _short(value: Json) -> str:
    text = str(value)
    return text if len(text) <= 40 else f"{text[:40]}…"


def _in_words(error: ValidationError) -> tuple[str, str]:
    """A schema error as a person would say it: what is wrong, how to mend it."""
    spec: Mapping[str, Json] = error.schema if isinstance(error.schema, Mapping) else {}
    got, limit = error.instance, error.validator_value
    if error.validator == "type":
        return f"应当是{_TYPES.get(str(limit), str(limit))}", _mend(spec, f"改成{_TYPES.get(str(limit), str(limit))}")
    if error.validator == "enum":
        return f"的值“{_short(got)}”不在可选范围内", _mend(spec, "改成可选的值")
    if error.validator == "maxLength":
        return f"太长（{len(str(got))} 字，限 {limit} 字）", _mend(spec, f"缩短到 {limit} 字以内")
    if error.validator == "format":
        return f"的值“{_short(got)}”不是有效的日期", _mend(spec, "检查年月日")
    if error.validator in ("minimum", "maximum"):
        return f"的值 {got} 超出范围", f"在 {spec.get('minimum')} 和 {spec.get('maximum')} 之间"
    return f"的值“{_short(got)}”写法不对", _mend(spec, "照着已有的数据包改写")


# --- fingerprint -----------------------------------------------------------------------------------------------


def files_of(folder: Path) -> tuple[Path, ...]:
    """The files of a pack that loading depends on, in a fixed order."""
    named = [folder / name for name in (*schema(), BOUNDARY)]
    return tuple(sorted(p for p in (*named, *folder.glob("parameters/*.yaml")) if p.is_file()))


def digest(folder: Path) -> str:
    """SHA-256 over names and contents of a pack's files: equal digests mean that there is nothing to load."""
    whole = hashlib.sha256()
    for path in files_of(folder):
        content = path.read_bytes()
        whole.update(f"{path.relative_to(folder).as_posix()}\0{len(content)}\0".encode())
        whole.update(content)
    return whole.hexdigest()
