"""核对发现: what is said of a parcel, how many of a kind are kept, and what kinds are called."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

FAULT, PERSON, NOTE = "fault", "person", "note"
#: Of one kind of fault or note as many are told one by one; the rest are counted. What needs a person is told whole.
MOST_OF_A_KIND: Final = 5_000
_RANK = {NOTE: 1, PERSON: 2, FAULT: 3}

KINDS: Final = {
    "outline": "图形有错",
    "crossing": "界线自相交",
    "outside": "坐标不在范围内",
    "mended": "图形已整理",
    "overlap_file": "文件内重叠",
    "overlap_register": "与登记簿重叠",
    "area": "图形与实测面积不符",
    "area_missing": "没有实测面积",
    "code_wrong": "代码写错",
    "code_twice": "代码重复",
    "code_used": "代码已经用过",
    "village": "不知道属于哪个村",
    "holder_missing": "没有权利人",
    "holder_number": "证件号有错",
    "holder_unknown": "权利人没有登记",
    "holder_gone": "权利人已死亡或终止",
    "holder_name": "姓名与证件不符",
    "holder_unfit": "不能作为权利人",
    "share": "份额有错",
    "term": "期限有错",
    "contract": "承包合同代码有错",
    "value": "填写有错",
    "table": "图形与属性表不对应",
    "occupied": "违法占用未处理完毕",
    "lines": "控制线和规划用途",
    "lines_layer": "没有控制线或规划图层",
    "legacy": "历史遗留情形",
    "household": "没有登记农户",
    "qualification": "不登记资格权",
    "collective": "没有登记农民集体",
    "evidence_missing": "缺少佐证",
    "evidence_lost": "佐证没有对应的宗地",
    "evidence_far": "照片拍摄位置在宗地外",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """一处发现: of the parcel with this number (0: of the file), in this field; what, and how to mend it."""

    number: int
    level: str
    kind: str
    field: str
    text: str
    mend: str = ""


@dataclass(slots=True)
class Findings:
    """发现: bounded, so that a file in which everything is wrong does not fill the memory."""

    kept: list[Finding] = field(default_factory=list)
    counted: Counter[tuple[str, str]] = field(default_factory=Counter)
    #: The gravest of each parcel by its number, a byte each.
    _levels: bytearray = field(default_factory=bytearray)

    def add(self, number: int, level: str, kind: str, of: str, text: str, mend: str = "") -> None:
        """Say something of a parcel."""
        self.counted[(level, kind)] += 1
        if number >= len(self._levels):
            self._levels.extend(bytes(number + 1 - len(self._levels)))
        if number:
            self._levels[number] = max(self._levels[number], _RANK[level])
        if level == PERSON or self.counted[(level, kind)] <= MOST_OF_A_KIND:
            self.kept.append(Finding(number, level, kind, of, text[:300], mend[:200]))

    def close(self) -> None:
        """Say how many of a kind were not told one by one."""
        for (level, kind), number in list(self.counted.items()):
            if level != PERSON and number > MOST_OF_A_KIND:
                more = f"“{KINDS[kind]}”另有 {number - MOST_OF_A_KIND:,} 处没有逐个列出"
                self.kept.append(Finding(0, level, kind, "", more, "改正已列出的以后重新上传，平台再列出其余的"))

    def has(self, level: str) -> bool:
        """Whether anything of that level was found."""
        return any(one == level for one, _ in self.counted)

    def number_of(self, level: str) -> int:
        """How many parcels have that as their gravest level."""
        return self._levels.count(_RANK[level])

    def numbers_of(self, level: str) -> list[int]:
        """Which these are."""
        return [number for number, rank in enumerate(self._levels) if rank == _RANK[level]]

    @property
    def groups(self) -> list[list[object]]:
        """``[level, kind, places]``, the gravest first."""
        ranked = sorted(self.counted.items(), key=lambda item: (-_RANK[item[0][0]], -item[1]))
        return [[level, KINDS[kind], number] for (level, kind), number in ranked]
