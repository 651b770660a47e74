"""What must hold between the tables of a pack: every name, code and clause that one table uses stands in another.

The checks go on after a fault. A cell that did not fit its schema is left alone, for it is reported already, and a
table that could not be read whole is not held against those that refer to it.
"""

import json
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import ronghe

from .build import MEMBER_DIVISION, built
from .facts import NATIONAL, BoundaryFacts, Pack, label_of, markers
from .files import BOUNDARY, Json, Notes, Row, Table, digest, read_table, read_text, read_zone, schema
from .rulebook import checked_rules

#: What a division may lie under: a parent's rank is smaller. A functional zone ranks with counties.
RANK = {"province": 1, "city": 2, "county": 3, "functional": 3, "town": 4, "village": 5}
#: The packs that come with the program.
PACKS = Path(ronghe.__file__).parent / "zones"
NEEDED = ("divisions.csv", "units.csv", "clauses.csv", "areas.csv", "tasks.csv")
#: Beside its tables a pack may hold these; a misspelt name of a table would otherwise go unseen.
BESIDE = ("zone.yaml", BOUNDARY, "README.md", "parameters")


def checked(folder: Path, notes: Notes) -> Pack | None:
    """Read and check all files; ``None`` when there is too little to make a pack of."""
    if not folder.is_dir():
        notes.fault("zone.yaml", 1, f"没有“{folder}”这个文件夹", "检查数据包的路径")
        return None
    for path in sorted(folder.iterdir()):
        if path.name not in (*schema(), *BESIDE) and not path.name.startswith((".", "~$", "__")):
            known = "、".join((*schema(), BOUNDARY, "README.md"))
            notes.fault(path.name, 1, "不认识的文件", f"数据包里只能有：{known}；请改名或移走")
    zone = read_zone(folder, notes)
    national = zone is not None and zone[0].get("slug") == NATIONAL
    tables = {
        file: read_table(folder, file, notes, needed=not national and not notes.draft and file in NEEDED)
        for file in schema()
        if file.endswith(".csv")
    }
    check = _Check(tables, notes)
    if zone is None:
        check.tables_alone()
        return None
    return check.pack(folder, zone[0], zone[1])


@cache
def national_topics() -> frozenset[int]:
    """The topics of the national pack that comes with the program."""
    rows = read_table(PACKS / NATIONAL, "topics.csv", Notes()).rows
    return frozenset(row.get("code") for row in rows if row.get("code"))


@dataclass
class _Check:
    """The tables of one pack under check; the indexes hold what can be referred to, well-formed or not."""

    tables: Mapping[str, Table]
    notes: Notes
    documents: dict[str, int] = field(default_factory=dict)
    documents_whole: bool = False

    # --- helpers -------------------------------------------------------------------------------------------------

    def rows(self, file: str) -> tuple[Row, ...]:
        return self.tables[file].rows

    def once(self, file: str, key: Callable[[Row], Any], words: Callable[[Row], str]) -> dict[Any, Row]:
        """The rows by key; a second row with the same key is a fault at the second."""
        found: dict[Any, Row] = {}
        for row in self.rows(file):
            this = key(row)
            if this is None or (isinstance(this, tuple) and None in this):
                continue
            if this in found:
                mend = f"第 {found[this].line} 行已有，只留一行"
                self.notes.fault(file, row.line, f"{words(row)}重复", mend)
            else:
                found[this] = row
        return found

    def known(self, file: str, row: Row, value: Json, where: str, index: Container[Any], mend: str) -> bool:
        """Whether ``value`` stands in the table ``where``; a fault when it does not."""
        if value is None or value in index or not self.tables[where].whole:
            return value is not None
        self.notes.fault(file, row.line, f"{where} 里没有“{value}”", mend)
        return False

    def document_of(self, file: str, row: Row) -> None:
        key = row.get("document")
        if key is not None and self.documents_whole and key not in self.documents:
            known = "、".join(self.documents) or "（还没有文件）"
            self.notes.fault(file, row.line, f"zone.yaml 里没有标识为“{key}”的文件", f"已有：{known}")

    # --- the parts ------------------------------------------------------------------------------------------------

    def divisions(self) -> dict[str, Row]:
        file = "divisions.csv"
        index: dict[str, Row] = self.once(file, lambda r: r.get("code"), lambda r: f"区划代码 {r.get('code')} ")
        for row in self.rows(file):
            self._division(file, row, index)
        for code, row in index.items():
            walked = [code]
            while (up := index[walked[-1]].get("parent")) in index and up not in walked:
                walked.append(up)
            if up == code:
                path = " → ".join((*walked, code))
                self.notes.fault(file, row.line, f"上级绕成了圈：{path}", "改正其中一行的 parent")
        return index

    def _division(self, file: str, row: Row, index: Mapping[str, Row]) -> None:
        fault = self.notes.fault
        code, level, parent = row.get("code"), row.get("level"), row.get("parent")
        local = bool(row.get("local"))
        if code is not None and local != ("-" in code):
            what = f"区划代码 {code} 和 local 不一致"
            fault(file, row.line, what, "12 位国家代码不填 local；带连字符的本地代码 local 写 true")
        if level and code and (level == "functional") != local:
            what = f"“{row.text('name')}”的 level 和 local 不一致"
            fault(file, row.line, what, "没有国家代码的功能区两列写 functional 和 true")
        if "parent" in row.bad or not level:
            return
        if level == "province":
            if parent is not None:
                fault(file, row.line, f"“{row.text('name')}”是省级，不应有上级", "parent 空着")
        elif parent is None:
            fault(file, row.line, f"“{row.text('name')}”没有上级", "在 parent 填上级的区划代码")
        elif self.known(file, row, parent, file, index, "先补上级的一行，或改正代码") and parent in index:
            above = index[parent].get("level")
            if above and RANK[above] >= RANK[level] and parent != code:
                what = f"上级“{index[parent].text('name')}”的层级不比“{row.text('name')}”高"
                fault(file, row.line, what, "改正 parent 或 level")

    def ties(self, divisions: Mapping[str, Row]) -> None:
        file = "closure.csv"
        self.once(file, lambda r: (r.get("ancestor"), r.get("descendant")), lambda r: "这一托管关系")
        for row in self.rows(file):
            for column in ("ancestor", "descendant"):
                mend = "改正代码，或先在 divisions.csv 补上"
                self.known(file, row, row.get(column), "divisions.csv", divisions, mend)
            zone = divisions.get(row.text("ancestor"))
            if zone is not None and zone.get("level") not in ("functional", None):
                what = f"“{zone.text('name')}”不是功能区"
                self.notes.fault(file, row.line, what, "这里只写功能区托管的镇（街道），行政隶属由 parent 表示")
            if row.get("ancestor") and row.get("ancestor") == row.get("descendant"):
                self.notes.fault(file, row.line, "功能区不能托管自己", "改正代码")

    def former_names(self, divisions: Mapping[str, Row]) -> None:
        file = "former_names.csv"
        self.once(file, lambda r: (r.get("code"), r.get("name"), r.text("former_code")), lambda r: "这一曾用名")
        for row in self.rows(file):
            self.known(file, row, row.get("code"), "divisions.csv", divisions, "写现在的区划代码")

    def units(self, divisions: Mapping[str, Row]) -> dict[str, Row]:
        """The units by name and alias."""
        file = "units.csv"
        index: dict[str, Row] = {}
        for row in self.rows(file):
            names = [n for n in (row.get("name"), *row.names("aliases")) if n]
            for name in names:
                if (first := index.setdefault(name, row)) is not row:
                    what = f"单位名称“{name}”重复"
                    self.notes.fault(file, row.line, what, f"第 {first.line} 行已用作名称或别名，只留一处")
            if len(set(names)) < len(names):
                self.notes.fault(file, row.line, f"“{row.text('name')}”的别名重复", "每个别名只写一次，不写本名")
            self.known(file, row, row.get("division"), "divisions.csv", divisions, "写单位所属区划的代码")
        for row in self.rows(file):
            self._group(file, row, index, divisions)
        return index

    def _group(self, file: str, row: Row, units: Mapping[str, Row], divisions: Mapping[str, Row]) -> None:
        fault, name, members = self.notes.fault, row.text("name"), row.names("members")
        if row.get("kind") != "group":
            if members and row.get("kind"):
                fault(file, row.line, f"“{name}”不是单位组，却有成员", "kind 改为 group，或删去 members")
            return
        if not members and "members" not in row.bad:
            self.notes.missing(file, row.line, f"单位组“{name}”没有成员", "在 members 写成员，用 | 隔开", todo=True)
        if len(set(members)) < len(members):
            fault(file, row.line, f"单位组“{name}”的成员重复", "每个成员只写一次")
        for member in members:
            if member.startswith(MEMBER_DIVISION):
                code = member.removeprefix(MEMBER_DIVISION)
                self.known(file, row, code, "divisions.csv", divisions, "写 division: 加区划代码")
            elif self.known(file, row, member, file, units, "先为这个成员写一行，或改正名称") and member in units:
                if units[member] is row:
                    fault(file, row.line, f"单位组“{name}”不能是自己的成员", "删去这个成员")
                elif units[member].get("kind") == "group":
                    fault(file, row.line, f"单位组“{name}”的成员“{member}”也是单位组", "直接写出各个成员")

    def clauses(self) -> dict[tuple[str, str], Row]:
        file = "clauses.csv"
        index: dict[tuple[str, str], Row] = self.once(
            file, lambda r: (r.get("document"), r.get("path")), lambda r: f"条款“{r.text('path')}”"
        )
        seen: set[tuple[str, ...]] = set()
        for row in self.rows(file):
            self.document_of(file, row)
            label = row.get("path")
            if label is None:
                continue
            path = markers(label)
            if path is None:
                self.notes.fault(file, row.line, f"“{label}”不是条款号", "写成引用时的样子，如 四(二)6、四(三)8①")
                continue
            above = label_of(path[:-1])
            if above and (row.text("document"), *path[:-1]) not in seen:
                what = f"条款“{label}”的上级“{above}”不在它前面"
                self.notes.fault(file, row.line, what, "按文件的顺序写全各级条款")
            seen.add((row.text("document"), *path))
        return index

    def areas(self, divisions: Mapping[str, Row]) -> dict[str, Row]:
        file = "areas.csv"
        index: dict[str, Row] = self.once(file, lambda r: r.get("written"), lambda r: f"区域“{r.text('written')}”")
        for row in self.rows(file):
            codes = row.names("divisions")
            if len(set(codes)) < len(codes):
                self.notes.fault(file, row.line, f"区域“{row.text('written')}”的区划代码重复", "每个代码只写一次")
            for code in codes:
                self.known(file, row, code, "divisions.csv", divisions, "改正代码，或先在 divisions.csv 补上")
        return index

    def tasks(self, clauses: Mapping[tuple[str, str], Row], units: Mapping[str, Row], areas: Mapping[str, Row]) -> None:
        file = "tasks.csv"
        own = {row.get("code") for row in self.rows("topics.csv")}
        index = self.once(
            file,
            lambda r: (r.get("document"), r.get("path"), r.get("measure")),
            lambda r: f"任务“{r.text('path')}”第 {r.get('measure')} 项",
        )
        for row in self.rows(file):
            self.document_of(file, row)
            self._clause(file, row, "path", clauses)
            topic, measure = row.get("topic"), row.get("measure")
            if topic is not None and topic not in (own or national_topics()):
                mend = "见 national/topics.csv；都不合适时空着"
                self.notes.fault(file, row.line, f"没有序号为 {topic} 的试验任务领域", mend)
            if measure and measure > 1 and (row.get("document"), row.get("path"), measure - 1) not in index:
                what = f"任务“{row.text('path')}”有第 {measure} 项，没有第 {measure - 1} 项"
                self.notes.fault(file, row.line, what, "measure 从 1 起连续编号")
            self._duties(file, row, units)
            self._milestones(file, row)
            written = row.names("areas")
            for area in written:
                self.known(file, row, area, "areas.csv", areas, "在 areas.csv 写明它指哪些区划")
            if len(set(written)) < len(written):
                self.notes.fault(file, row.line, "试点区域里有重复的一项", "每个区域只写一次")

    def _clause(self, file: str, row: Row, column: str, clauses: Mapping[tuple[str, str], Row]) -> None:
        document, label = row.get("document"), row.get(column)
        if not document or not label or not self.tables["clauses.csv"].whole or document not in self.documents:
            return
        if (document, label) not in clauses:
            what = f"clauses.csv 里没有“{document}”的条款“{label}”"
            self.notes.fault(file, row.line, what, "先在 clauses.csv 写这一条，或改正条款号")

    def _duties(self, file: str, row: Row, units: Mapping[str, Row]) -> None:
        for column, duty in (("lead", "牵头单位"), ("cooperating", "配合单位"), ("responsible", "责任单位")):
            meant: dict[int, str] = {}
            for name in row.names(column):
                mend = "在 units.csv 写这个单位，或作为别名写到已有单位"
                if self.known(file, row, name, "units.csv", units, mend) and name in units:
                    first = meant.setdefault(id(units[name]), name)
                    if first != name or row.names(column).count(name) > 1:
                        self.notes.fault(file, row.line, f"{duty}“{name}”和“{first}”是同一单位", "只留一个")
        if not row.bad & {"lead", "responsible"} and not row.get("lead") and not row.get("responsible"):
            self.notes.fault(file, row.line, "既没有牵头单位也没有责任单位", "至少写一个；没有单位的条款不是任务")

    def _milestones(self, file: str, row: Row) -> None:
        for text in row.names("milestones"):
            try:
                date.fromisoformat(text[:10])
            except ValueError:
                self.notes.fault(file, row.line, f"里程碑的“{text[:10]}”不是有效的日期", "检查年月日，如 2021-12-31")
        if row.get("milestones") and row.get("deadline") is None and "deadline" not in row.bad:
            self.notes.fault(file, row.line, "有里程碑，没有完成时限", "在 deadline 写文件的原话")

    def annex(self, clauses: Mapping[tuple[str, str], Row]) -> None:
        file = "annex.csv"
        key: Callable[[Row], Any] = lambda r: (r.get("document"), r.get("table"), r.get("row"))  # noqa: E731
        self.once(file, key, lambda r: f"附表 {r.get('table')} 第 {r.get('row')} 行")
        for row in self.rows(file):
            self.document_of(file, row)
            self._clause(file, row, "body_path", clauses)

    # --- the whole -----------------------------------------------------------------------------------------------

    def tables_alone(self) -> dict[str, Row]:
        """Check the tables against each other; returns the divisions by code."""
        divisions = self.divisions()
        self.ties(divisions)
        self.former_names(divisions)
        units = self.units(divisions)
        clauses = self.clauses()
        areas = self.areas(divisions)
        self.once("topics.csv", lambda r: r.get("code"), lambda r: f"序号 {r.get('code')} ")
        self.tasks(clauses, units, areas)
        self.annex(clauses)
        for row in self.rows("discrepancies.csv"):
            self.document_of("discrepancies.csv", row)
        self.once("instruments.csv", lambda r: r.get("title"), lambda r: f"制度“{r.get('title')}”")
        for row in self.rows("instruments.csv"):
            self.document_of("instruments.csv", row)
            self._clause("instruments.csv", row, "clause", clauses)
        return divisions

    def pack(self, folder: Path, zone: Mapping[str, Json], lines: Mapping[tuple[Json, ...], int]) -> Pack | None:
        listed = zone.get("documents")
        documents = [d if isinstance(d, dict) else {} for d in listed] if isinstance(listed, list) else []
        self.documents_whole = not isinstance(listed, str | dict)
        for i, document in enumerate(documents):
            key, line = document.get("key"), lines.get(("documents", i), 1)
            if isinstance(key, str) and key in self.documents:
                mend = f"第 {self.documents[key]} 行已有，换一个标识"
                self.notes.fault("zone.yaml", line, f"文件标识“{key}”重复", mend)
            elif isinstance(key, str):
                self.documents[key] = line
        divisions = self.tables_alone()
        self._zone(zone, lines, divisions)
        boundary = self._boundary(folder, zone, lines, divisions)
        rulebook = checked_rules(
            folder,
            self.tables,
            national=zone.get("slug") == NATIONAL,
            documents=self.documents,
            notes=self.notes,
        )
        if self.notes.faults:
            return None
        return built(folder, zone, lines, documents, self.tables, boundary, rulebook, self.notes, digest(folder))

    def _zone(
        self, zone: Mapping[str, Json], lines: Mapping[tuple[Json, ...], int], divisions: Mapping[str, Row]
    ) -> None:
        fault, file = self.notes.fault, "zone.yaml"
        slug, seat, codes = zone.get("slug"), zone.get("seat"), zone.get("divisions")
        if slug and zone.get("parent") == slug:
            fault(file, lines.get(("parent",), 1), "上级试验区是它自己", "改正 parent，没有上级时删去这一项")
        if slug != NATIONAL:
            if not seat:
                mend = "写主管这个试验区的政府所在区划的代码"
                self.notes.missing(file, lines.get(("seat",), 1), "缺少“seat”", mend, todo=True)
            if not codes:
                mend = "写试验区范围内各县（市、区）的代码"
                self.notes.missing(file, lines.get(("divisions",), 1), "缺少“divisions”", mend, todo=True)
        if not self.tables["divisions.csv"].whole:
            return
        if isinstance(seat, str) and seat not in divisions:
            fault(file, lines.get(("seat",), 1), f"divisions.csv 里没有“{seat}”", "改正 seat，或先补上这个区划")
        listed = codes if isinstance(codes, list) else []
        for i, code in enumerate(listed):
            line = lines.get(("divisions", i), 1)
            if isinstance(code, str) and code not in divisions:
                fault(file, line, f"divisions.csv 里没有“{code}”", "改正代码，或先补上这个区划")
            if code in listed[:i]:
                fault(file, line, f"区划“{code}”写了两次", "只留一次")

    def _boundary(
        self,
        folder: Path,
        zone: Mapping[str, Json],
        lines: Mapping[tuple[Json, ...], int],
        divisions: Mapping[str, Row],
    ) -> BoundaryFacts | None:
        about, fault = zone.get("boundary"), self.notes.fault
        if not (folder / BOUNDARY).exists():
            if about:
                what = f"写了 boundary，却没有 {BOUNDARY}"
                fault("zone.yaml", lines.get(("boundary",), 1), what, "补上文件，或删去这一项")
            return None
        if not about:
            fault("zone.yaml", 1, f"有 {BOUNDARY}，却没有 boundary", "写明界线的来源（source）和坐标系（crs）")
        text = read_text(folder / BOUNDARY, BOUNDARY, self.notes)
        if text is None:
            return None
        try:
            whole = json.loads(text)
        except (json.JSONDecodeError, RecursionError) as error:
            fault(BOUNDARY, getattr(error, "lineno", 1), "不是有效的 JSON", "用地图软件重新导出 GeoJSON")
            return None
        features = whole.get("features") if isinstance(whole, dict) else None
        if not isinstance(features, list):
            fault(BOUNDARY, 1, "不是 GeoJSON 要素集合（FeatureCollection）", "用地图软件重新导出 GeoJSON")
            return None
        outlines: dict[str, Mapping[str, Any]] = {}
        for number, feature in enumerate(features, 1):
            problem = _feature_problem(feature, divisions, outlines, self.tables["divisions.csv"].whole)
            if problem:
                fault(BOUNDARY, 1, f"第 {number} 个要素{problem}", "改正这个要素，或删去它")
            else:
                outlines[feature["properties"]["code"]] = feature["geometry"]
        if not isinstance(about, dict):
            return None
        return BoundaryFacts(
            str(about.get("source") or ""), str(about.get("crs") or ""), str(about.get("note") or ""), outlines
        )


def _feature_problem(feature: Json, divisions: Container[str], seen: Container[str], whole: bool) -> str | None:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    code = properties.get("code") if isinstance(properties, dict) else None
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    if not isinstance(code, str):
        return "没有区划代码（properties.code）"
    if whole and code not in divisions:
        return f"的区划代码“{code}”不在 divisions.csv 里"
    if code in seen:
        return f"的区划代码“{code}”重复"
    if not isinstance(geometry, dict) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
        return "不是面（Polygon 或 MultiPolygon）"
    if not isinstance(geometry.get("coordinates"), list) or not geometry["coordinates"]:
        return "没有坐标"
    return None
