"""Codes of the register: real-estate units, parcels, and what is contracted. Written, read and checked; pure.

Source: GB/T 37346-2019 (unit: 6+3+3+2+5+1+8), GB/T 35958-2018 (grantor 14, contractor 18, plot 19, contract 19), as told
by domain/land.md a1, a2; what it marks as unverified is said where it is used.
"""

import re
from dataclasses import dataclass

from .kinds import FEATURES, UnitKind

#: Ownership letters: 国家, 集体, 未确定.
OWNERSHIP_LETTERS = "GJZ"
#: Use-right letter and fixture letter that go together (land.md a1).
FIXTURES: dict[str, str] = {
    "A": "W", "B": "WFQ", "C": "WFQ", "D": "W", "E": "LQW", "F": "W", "G": "WFLQ", "H": "WFLQ", "L": "LQW", "N": "W",
    "S": "WFQ", "X": "WFQ", "Y": "W",
}  # fmt: skip
#: Ownership letters with which a use-right letter stands (land.md a1). Collective ownership and homesteads are collective;
#: what is contracted is collective, or of a state farm; sea and uninhabited islands are the state's (民法典 第二百四十七条、
#: 第二百四十八条). Whose land is not determined yet bears no right of a determined kind.
OWNERS: dict[str, str] = {
    "A": "J", "B": "GJ", "C": "J", "D": "JG", "E": "JG", "F": "JG", "G": "G", "H": "G", "L": "GJ", "N": "GJ", "S": "GJ",
    "X": "GJ", "Y": "GJZ",
}  # fmt: skip
_OWNER_TITLES = {"G": "G（国家）", "J": "J（集体）", "Z": "Z（未确定）"}
WITHOUT_FIXTURE = "W00000000"
#: One unit for all buildings of a parcel (unverified).
ALL_BUILDINGS = "F99990001"
_UNIT = re.compile(r"([0-9]{6})([0-9]{3})([0-9]{3})([A-Z])([A-Z])([0-9]{5})([A-Z])([0-9]{8})")
_PARCEL = re.compile(r"([0-9]{6})([0-9]{3})([0-9]{3})([A-Z])([A-Z])([0-9]{5})")
_GRANTOR, _PLOT = re.compile(r"[0-9]{14}"), re.compile(r"[0-9]{14}([0-9]{5})")
_CONTRACTOR, _CONTRACT = re.compile(r"[0-9]{14}([0-9]{4})"), re.compile(r"[0-9]{14}([0-9]{4})([JQ])")
#: Households, individuals and units by the number of a contractor (unverified).
HOUSEHOLDS, INDIVIDUALS, UNITS = range(1, 8001), range(8001, 9001), range(9001, 10000)


class BadCode(ValueError):
    """A code that is none; the message says what is wrong, in Chinese, for the person who wrote it."""


@dataclass(frozen=True, slots=True)
class ParcelCode:
    """宗地代码: 19 characters."""

    county: str
    area: str
    subarea: str
    ownership: str
    use: str
    number: int

    def __str__(self) -> str:
        return f"{self.series}{self.number:05d}"

    @property
    def series(self) -> str:
        """What the number counts in: cadastral sub-area and feature."""
        return f"{self.county}{self.area}{self.subarea}{self.ownership}{self.use}"


@dataclass(frozen=True, slots=True)
class UnitCode:
    """不动产单元代码: 28 characters."""

    parcel: ParcelCode
    fixture: str

    def __str__(self) -> str:
        return f"{self.parcel}{self.fixture}"

    @property
    def printed(self) -> str:
        """As it is printed, in four groups (unverified)."""
        return printed(str(self))

    @property
    def has_building(self) -> bool:
        return self.fixture[0] == "F"


def printed(code: str) -> str:
    """A unit code in groups: 370322 101201 JC00017 W00000000."""
    return f"{code[:6]} {code[6:12]} {code[12:19]} {code[19:]}" if len(code) == 28 else code


def cleaned(text: str) -> str:
    """A code as people write it: without spaces, in capitals."""
    return "".join(text.split()).upper()


def is_ground_code(text: str) -> bool:
    """Whether that is written as the code of a parcel (宗地代码) or of a contracted plot: 19 characters."""
    return bool(_PARCEL.fullmatch(text) or _PLOT.fullmatch(text))


def read_unit(text: str) -> UnitCode:
    """Read a unit code. Raises: BadCode."""
    code = cleaned(text)
    if len(code) != 28:
        raise BadCode(f"不动产单元代码应为 28 位，现为 {len(code)} 位")
    found = _UNIT.fullmatch(code)
    if found is None:
        raise BadCode(
            "不动产单元代码应为：县区 6 位、地籍区 3 位、地籍子区 3 位、宗地特征码 2 个字母、顺序号 5 位、定着物 1 个字母和 8 位数字"
        )
    parcel = read_parcel(code[:19])
    letter, number = code[19], code[20:]
    if letter not in FIXTURES[parcel.use]:
        raise BadCode(
            f"宗地特征码第二位为 {parcel.use} 时，定着物特征码应为 {'、'.join(FIXTURES[parcel.use])}，现为 {letter}"
        )
    if (letter == "W") != (number == "00000000"):
        raise BadCode("没有定着物（W）时后 8 位全为 0，有定着物时不能全为 0")
    # Four digits of the building and four of its unit (unverified); each counts from 1.
    if letter == "F" and (number[:4] == "0000" or number[4:] == "0000"):
        raise BadCode(f"房屋的定着物单元号为幢号 4 位、户号 4 位，都从 0001 起，现为 {number[:4]} 幢 {number[4:]} 户")
    return UnitCode(parcel, code[19:])


def read_parcel(text: str) -> ParcelCode:
    """Read a parcel code. Raises: BadCode."""
    code = cleaned(text)
    found = _PARCEL.fullmatch(code)
    if found is None:
        raise BadCode(f"宗地代码应为 19 位：12 位数字、2 个字母、5 位顺序号；现为“{code[:30]}”")
    county, area, subarea, ownership, use, number = found.groups()
    if ownership not in OWNERSHIP_LETTERS:
        raise BadCode(f"宗地特征码第一位应为 G（国家）、J（集体）或 Z（未确定），现为 {ownership}")
    if use not in FIXTURES:
        raise BadCode(f"宗地特征码第二位没有 {use} 这个字母")
    if ownership not in OWNERS[use]:
        wanted = "或 ".join(_OWNER_TITLES[one] for one in OWNERS[use])
        raise BadCode(f"宗地特征码第二位为 {use} 时，第一位应为 {wanted}，现为 {ownership}")
    if int(number) == 0:
        raise BadCode("宗地顺序号从 00001 起")
    return ParcelCode(county, area, subarea, ownership, use, int(number))


def unit_code(parcel: ParcelCode, *, has_building: bool = False, buildings: str = ALL_BUILDINGS) -> UnitCode:
    """The code of the unit of a parcel, with all its buildings or without any."""
    return UnitCode(parcel, buildings if has_building else WITHOUT_FIXTURE)


def series_of(village: str, kind: UnitKind) -> str:
    """The series in which new parcels of a village are numbered.

    Where a county has not drawn its cadastral areas, town and village stand for area and sub-area: the digits 7 to 12 of
    the division's code.
    """
    if not re.fullmatch(r"[0-9]{12}", village):
        raise BadCode(f"“{village}”不是 12 位区划代码，不能编制宗地代码")
    return f"{village}{FEATURES[kind]}"


def numbered(series: str, number: int) -> ParcelCode:
    """The parcel of a series with a number. Raises: BadCode when the series is full."""
    if not 1 <= number <= 99_999:
        raise BadCode(f"宗地顺序号已用到 {number}，超出 99999；请另划地籍子区")
    return read_parcel(f"{series}{number:05d}")


def kind_of(parcel: ParcelCode) -> UnitKind | None:
    """What kind of unit stands on a parcel, by its feature; None for features that the platform registers no right of."""
    letters = f"{parcel.ownership}{parcel.use}"
    if letters in ("JB", "JS", "JX"):
        return UnitKind.CONSTRUCTION
    if letters in ("GB", "GS", "GX"):
        return UnitKind.STATE
    return next((kind for kind, feature in FEATURES.items() if feature == letters), None)


# -- 承包要素编码 (GB/T 35958-2018) ---------------------------------------------------------------------------------


def grantor_code(village: str, group: int = 0) -> str:
    """发包方代码: village 12 and group 2; 00 when the village itself is the grantor (unverified)."""
    if not re.fullmatch(r"[0-9]{12}", village) or not 0 <= group <= 99:
        raise BadCode("发包方代码由 12 位区划代码和 2 位组别代码组成")
    return f"{village}{group:02d}"


def contractor_code(grantor: str, number: int) -> str:
    """承包方代码: grantor and four digits; 0001–8000 households, 8001–9000 individuals, 9001–9999 units (unverified)."""
    read_grantor(grantor)
    if number not in range(1, 10_000):
        raise BadCode("承包方顺序号应在 0001 到 9999 之间")
    return f"{grantor}{number:04d}"


def plot_code(grantor: str, number: int) -> str:
    """承包地块代码: grantor and five digits."""
    read_grantor(grantor)
    if number not in range(1, 100_000):
        raise BadCode("地块顺序号应在 00001 到 99999 之间")
    return f"{grantor}{number:05d}"


def contract_code(contractor: str, way: str = "J") -> str:
    """承包合同代码: contractor and J (家庭承包) or Q (其他方式, unverified). Certificate and register bear the same."""
    read_contractor(contractor)
    if way not in ("J", "Q"):
        raise BadCode("承包合同代码末位应为 J（家庭承包）或 Q（其他方式承包）")
    return f"{contractor}{way}"


def read_grantor(text: str) -> str:
    """Raises: BadCode."""
    if not _GRANTOR.fullmatch(text):
        raise BadCode(f"发包方代码应为 14 位数字，现为“{text[:30]}”")
    return text


def read_plot(text: str) -> tuple[str, int]:
    """Grantor and number of a plot. Raises: BadCode."""
    found = _PLOT.fullmatch(text)
    if found is None or int(found[1]) == 0:
        raise BadCode(f"承包地块代码应为 19 位数字（发包方 14 位、顺序号 5 位），现为“{text[:30]}”")
    return text[:14], int(found[1])


def read_contractor(text: str) -> tuple[str, int]:
    """Grantor and number of a contractor. Raises: BadCode."""
    found = _CONTRACTOR.fullmatch(text)
    if found is None or int(found[1]) == 0:
        raise BadCode(f"承包方代码应为 18 位数字（发包方 14 位、顺序号 4 位），现为“{text[:30]}”")
    return text[:14], int(found[1])


def read_contract(text: str) -> tuple[str, str]:
    """Contractor and way of a contract. Raises: BadCode."""
    found = _CONTRACT.fullmatch(cleaned(text))
    if found is None:
        raise BadCode(f"承包合同代码应为承包方代码 18 位加 J 或 Q，现为“{text[:30]}”")
    return cleaned(text)[:18], found[2]
