"""Who lives in a village of the demonstration: households of one to seven over three generations. Pure.

Identity numbers begin with 990101, a county that does not exist (as in ``kernel.parties.demo``).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from ronghe.kernel.parties.demo import NOWHERE
from ronghe.kernel.parties.rules import identity_check_digit

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏"
)
MALE = [
    "建国",
    "志强",
    "永生",
    "长河",
    "德顺",
    "发田",
    "庆丰",
    "洪波",
    "清泉",
    "东升",
    "树林",
    "立强",
    "晓东",
    "志远",
    "一鸣",
    "子涵",
    "文斌",
    "海涛",
    "春生",
    "金山",
    "玉柱",
    "宝华",
    "学军",
    "卫东",
    "新民",
    "广田",
    "传福",
    "兆祥",
    "元亮",
    "思成",
]
FEMALE = [
    "秀芳",
    "桂兰",
    "玉梅",
    "凤英",
    "翠花",
    "月娥",
    "小琴",
    "秀莲",
    "丽娜",
    "海燕",
    "思雨",
    "文静",
    "春华",
    "淑珍",
    "美玲",
    "红霞",
    "雪梅",
    "爱华",
    "桂香",
    "玉兰",
    "丽华",
    "晓燕",
    "静怡",
    "佳慧",
    "雨桐",
    "素云",
    "金凤",
    "巧云",
    "慧敏",
    "若曦",
]


@dataclass(frozen=True, slots=True)
class Member:
    """One person: name, birthday, sex, relation to the head (GB/T 4761), and an identity number for heads."""

    name: str
    born: date
    male: bool
    relation: str
    identity: str = ""


def household(number: int, rng: Random) -> list[Member]:
    """The members of a household, the head first. ``number`` counts through the whole demonstration."""
    surname = rng.choice(SURNAMES)
    born = date(1945, 1, 1) + timedelta(days=rng.randrange(365 * 42))
    members = [Member(surname + rng.choice(MALE), born, True, "02", identity_of(born, number))]
    if rng.random() < 0.88:
        members.append(Member(rng.choice(SURNAMES) + rng.choice(FEMALE), _near(born, 0, rng), False, "12"))
    if rng.random() < 0.72:
        son = rng.random() < 0.55
        child = _near(born, 25, rng)
        members.append(Member(surname + rng.choice(MALE if son else FEMALE), child, son, "20" if son else "30"))
        if son and born.year < 1962 and rng.random() < 0.6:
            members.append(Member(rng.choice(SURNAMES) + rng.choice(FEMALE), _near(child, 0, rng), False, "38"))
            if rng.random() < 0.8:
                boy = rng.random() < 0.5
                given = rng.choice(MALE if boy else FEMALE)
                members.append(Member(surname + given, _near(child, 26, rng), boy, "41" if boy else "42"))
    if born.year > 1962 and rng.random() < 0.3:
        members.append(Member(rng.choice(SURNAMES) + rng.choice(FEMALE), _near(born, -25, rng), False, "52"))
    return members


#: Beyond so many households heads have no number: no two may be the same.
NUMBERED = 98 * 499


def identity_of(born: date, number: int, *, male: bool = True) -> str:
    """An identity number of no county, another for each ``number``; empty beyond ``NUMBERED``."""
    if number >= NUMBERED:
        return ""
    area, serial = divmod(number, 499)
    first = f"{int(NOWHERE) + 1 + area:06}{born:%Y%m%d}{2 * serial + (1 if male else 2):03}"
    return first + identity_check_digit(first)


def _near(born: date, years: int, rng: Random) -> date:
    return date(min(born.year + years, 2022), rng.randint(1, 12), rng.randint(1, 28))
