"""What one line of a survey says: codes, village, areas, holders, house, term: checked by itself. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeVar

from ..rules import codes
from ..rules.areas import AreaLevel, AreaLimits, area_level, difference, slip
from ..rules.holding import runs_too_long
from ..rules.kinds import FIRST_RIGHT, TERMED, CoOwnership, UnitKind
from . import cells
from .fields import BUILT_KINDS, CONTRACT_KINDS, LABELS
from .findings import FAULT, NOTE, Findings
from .reading import SurveyFile

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Rules:
    """What all lines of a batch are judged by: its kind, villages by code, limits, the longest term in years, the day."""

    kind: UnitKind
    division: str
    villages: Mapping[str, str]
    areas: AreaLimits | None
    longest: int | None
    today: date


@dataclass(slots=True)
class Named:
    """一个权利人: as the file names it."""

    name: str
    number: str = ""
    share: Fraction | None = None


@dataclass(slots=True)
class Parcel:
    """一宗: what its line says, as far as it can be read."""

    number: int
    line: int
    village: str = ""
    code: str = ""
    ground_code: str = ""
    drawn_m2: Decimal | None = None
    declared_m2: Decimal | None = None
    holders: list[Named] = field(default_factory=list)
    contractor: str = ""
    way: CoOwnership = CoOwnership.SOLE
    use: str = ""
    location: str = ""
    sides: dict[str, str] = field(default_factory=dict)
    structure: str = ""
    floors: int | None = None
    house_m2: Decimal | None = None
    floor_area_m2: Decimal | None = None
    first_day: date | None = None
    until: date | None = None
    contract: str = ""


class Line:
    """A line of the file while it is read: its cells, and what is said of them."""

    def __init__(self, file: SurveyFile, i: int, findings: Findings) -> None:
        self.told, self.findings, self.number = file.told(i), findings, i + 1

    def cell(self, name: str) -> Any:
        return self.told.get(name)

    def say(self, level: str, kind: str, name: str, text: str, mend: str = "") -> None:
        self.findings.add(self.number, level, kind, LABELS.get(name, name), text, mend)

    def read(self, name: str, how: Callable[[Any], T | None]) -> T | None:
        """A cell as a value; what cannot be read is a fault of its column."""
        try:
            return how(self.cell(name))
        except cells.BadCell as error:
            self.say(FAULT, "value", name, str(error), f"改正“{LABELS[name]}”后重新上传")
            return None


def parcel_of(file: SurveyFile, i: int, drawn_m2: float | None, given: Rules, findings: Findings) -> Parcel:
    """What line ``i`` says, with every fault of it said."""
    line = Line(file, i, findings)
    made = Parcel(i + 1, file.lines[i])
    made.drawn_m2 = None if drawn_m2 is None else max(Decimal(drawn_m2).quantize(cells.HUNDREDTH), cells.HUNDREDTH)
    _house(line, made, given)
    _codes(line, made, given)
    _village(line, made, given)
    _areas(line, made, given)
    _holders(line, made, given)
    _term(line, made, given)
    made.use, made.location = cells.text(line.cell("use"))[:40], cells.text(line.cell("location"))[:200]
    made.sides = cells.sides(line.cell("neighbours"))
    for side in ("north", "east", "south", "west"):
        if told := cells.text(line.cell(side)):
            made.sides[side] = told[:60]
    return made


def _house(line: Line, made: Parcel, given: Rules) -> None:
    floor_area = line.read("floor_area", cells.area)
    if floor_area is None:
        return
    if given.kind not in BUILT_KINDS:
        line.say(NOTE, "value", "floor_area", f"“{given.kind.title}”单元不登记房屋，没有读取房屋情况")
        return
    made.floor_area_m2 = floor_area
    made.structure = cells.text(line.cell("structure"))[:40]
    made.floors = line.read("floors", lambda value: cells.count(value, most=200))
    made.house_m2 = line.read("house_area", cells.area)
    footprint = made.house_m2 or (floor_area / (made.floors or 1)).quantize(cells.HUNDREDTH)
    made.house_m2 = footprint
    if made.drawn_m2 is not None and footprint > made.drawn_m2:
        line.say(
            FAULT, "value", "house_area", f"建筑占地面积 {footprint} m² 大于宗地图形面积 {made.drawn_m2} m²",
            "核对建筑面积、层数和宗地图形",
        )  # fmt: skip


def _codes(line: Line, made: Parcel, given: Rules) -> None:
    unit, parcel, plot = (cells.code(line.cell(name)) for name in ("unit_code", "parcel_code", "plot_code"))
    wrote = "unit_code" if unit else "parcel_code"
    try:
        read = codes.read_unit(unit) if unit else None
        land = read.parcel if read else codes.read_parcel(parcel) if parcel else None
        if read and parcel and str(read.parcel) != parcel:
            raise codes.BadCode(f"不动产单元号前 19 位与宗地代码“{parcel[:20]}”不一致")
        if land is not None and codes.kind_of(land) is not given.kind:
            raise codes.BadCode(f"宗地特征码 {land.ownership}{land.use} 不是“{given.kind.title}”的")
        if read and read.has_building != (made.floor_area_m2 is not None) and given.kind in BUILT_KINDS:
            have = "有" if read.has_building else "没有"
            raise codes.BadCode(f"代码说{have}房屋，建筑面积一栏相反")
        if land is not None:
            made.code = str(read or codes.unit_code(land, has_building=made.floor_area_m2 is not None))
            made.ground_code = str(land)
    except codes.BadCode as error:
        line.say(FAULT, "code_wrong", wrote, str(error), "按 GB/T 37346 改正；没有代码的留空，由平台编号")
        return
    if plot and given.kind in CONTRACT_KINDS:
        try:
            codes.read_plot(plot)
        except codes.BadCode as error:
            line.say(FAULT, "code_wrong", "plot_code", str(error), "按 GB/T 35958 改正")
            return
        made.ground_code = plot
    if made.code and made.code[:6] != given.division[:6]:
        line.say(NOTE, "code_wrong", wrote, f"代码以 {made.code[:6]} 开头，不是本县区现在的代码 {given.division[:6]}")


def _village(line: Line, made: Parcel, given: Rules) -> None:
    """Where it lies: as its line says, else as its codes say, else the village of the batch."""
    written = cells.code(line.cell("village"))
    candidates = [written[:12]] if written else [made.ground_code[:12], made.code[:12]]
    found = next((one for one in candidates if one in given.villages), "")
    if not found and not written and given.division in given.villages:
        found = given.division
    if found:
        made.village = found
        return
    told = f"“{written[:14]}”不是本批次范围内的村" if written else "没有写村代码，从代码也看不出"
    line.say(FAULT, "village", "village", told, "填写 12 位村代码")


def _areas(line: Line, made: Parcel, given: Rules) -> None:
    made.declared_m2 = line.read("area", cells.area)
    if made.declared_m2 is None and cells.text(line.cell("area_mu")):
        made.declared_m2 = line.read("area_mu", lambda value: cells.area(value, factor=cells.MU))
    if made.declared_m2 is None:
        if not cells.text(line.cell("area")) and not cells.text(line.cell("area_mu")):
            line.say(FAULT, "area_missing", "area", "没有实测面积", "填写实测面积（平方米）")
        return
    if made.drawn_m2 is None or given.areas is None:
        return
    drawn, declared = Fraction(made.drawn_m2), Fraction(made.declared_m2)
    level = area_level(drawn, declared, given.areas)
    if level is AreaLevel.FAULT:
        like = slip(drawn, declared)
        line.say(
            FAULT, "area", "area", difference(drawn, declared) + (f"。{like}" if like else ""),
            "核对实测面积的单位和小数点，或者核对界址图形",
        )  # fmt: skip
    elif level is AreaLevel.NOTE:
        line.say(NOTE, "area", "area", difference(drawn, declared))


def _holders(line: Line, made: Parcel, given: Rules) -> None:
    names, numbers = cells.several(line.cell("holder")), cells.several(line.cell("identity"))
    made.contractor = cells.code(line.cell("contractor"))
    if not names:
        line.say(FAULT, "holder_missing", "holder", "没有权利人", "填写权利人；多人的用顿号隔开")
        return
    if numbers and len(numbers) != len(names):
        line.say(
            FAULT, "holder_number", "identity", f"权利人 {len(names)} 个，证件号 {len(numbers)} 个", "逐人对应填写"
        )
        return
    try:
        given_shares = cells.shares(line.cell("share"))
    except cells.BadCell as error:
        line.say(FAULT, "share", "share", str(error), "改正份额")
        return
    made.holders = [
        Named(name[:120], numbers[k] if numbers else "", given_shares[k] if k < len(given_shares) else None)
        for k, name in enumerate(names)
    ]
    if given_shares:
        _shares(line, made, given_shares)
    else:
        made.way = CoOwnership.SOLE if len(names) == 1 else CoOwnership.JOINT


def _shares(line: Line, made: Parcel, given: list[Fraction]) -> None:
    total = sum(given, Fraction(0))
    if len(given) != len(made.holders):
        told = f"权利人 {len(made.holders)} 个，份额 {len(given)} 个：有的写了份额、有的没有写"
        line.say(FAULT, "share", "share", told, "按份共有的逐人填写；共同共有的都留空")
    elif total > 1:
        line.say(FAULT, "share", "share", f"份额之和为 {cells.sum_told(given)}，超过一个整体", "核对各人份额")
    elif total < 1:
        line.say(NOTE, "share", "share", f"份额之和为 {cells.sum_told(given)}，不足一个整体，其余没有权利人")
    made.way = CoOwnership.SOLE if given == [1] else CoOwnership.BY_SHARES


def _term(line: Line, made: Parcel, given: Rules) -> None:
    first, last = line.read("first_day", cells.day), line.read("last_day", cells.day)
    made.first_day, made.until = first, cells.day_after(last)
    if given.kind in CONTRACT_KINDS:
        _contract(line, made)
    if first and first > given.today:
        line.say(FAULT, "term", "first_day", f"权利起始日 {first} 在今天以后", "到期后再登记，或改正日期")
    if first and last and last < first:
        line.say(FAULT, "term", "last_day", f"终止日 {last} 在起始日 {first} 之前", "核对起止日期")
    elif last and last < given.today:
        line.say(FAULT, "term", "last_day", f"期限已于 {last} 届满", "按续签后的合同填写")
    elif first and runs_too_long(first, made.until, given.longest):
        line.say(FAULT, "term", "last_day", f"{first} 至 {last} 超过最长 {given.longest} 年", "按合同核对起止日期")
    elif FIRST_RIGHT[given.kind][0] in TERMED and (last is None or first is None):
        line.say(FAULT, "term", "last_day", "没有写明期限的起止日期", "按承包合同填写")


def _contract(line: Line, made: Parcel) -> None:
    made.contract = cells.code(line.cell("contract"))[:60]
    if made.contractor:
        try:
            codes.read_contractor(made.contractor)
        except codes.BadCode as error:
            line.say(FAULT, "contract", "contractor", str(error), "按 GB/T 35958 改正")
            return
    if not made.contract:
        if made.contractor:
            made.contract = codes.contract_code(made.contractor)
        return
    try:
        contractor, _ = codes.read_contract(made.contract)
    except codes.BadCode as error:
        line.say(FAULT, "contract", "contract", str(error), "按 GB/T 35958 改正")
        return
    if made.contractor and contractor != made.contractor:
        line.say(FAULT, "contract", "contract", "承包合同代码前 18 位与承包方代码不一致", "核对两个代码")
    made.contractor = made.contractor or contractor
