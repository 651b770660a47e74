"""Parties of the demonstration (演示数据): a village of a dozen households with some history.

Their identity numbers begin with 990101, a county that does not exist, and pass every other check, so that nobody takes
them for somebody's. The command that makes them is composed above, where zones are known.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from ronghe.kernel.actors import SYSTEM

from . import rules, services
from .models import Party
from .services import NewPerson

#: No county of China: 99 is no province.
NOWHERE = "990101"
SINCE = date(2016, 1, 1)

#: Households: members as name, birthday, sex, relation; the head first.
_HOUSEHOLDS: tuple[tuple[tuple[str, str, str, str], ...], ...] = (
    (("孙德顺", "1958-03-12", "m", "02"), ("刘桂兰", "1960-07-05", "f", "12"), ("孙立强", "1984-11-20", "m", "22")),
    (("王树林", "1963-09-02", "m", "02"), ("张秀芳", "1965-01-17", "f", "12"), ("王海燕", "1990-05-08", "f", "31")),
    (("李长河", "1971-06-23", "m", "02"), ("赵玉梅", "1972-12-01", "f", "12"), ("李晓东", "1998-02-14", "m", "21")),
    (("张建国", "1955-10-01", "m", "02"), ("周凤英", "1956-04-19", "f", "12"), ("张志远", "1981-08-30", "m", "22")),
    (("陈玉兰", "1949-02-28", "f", "02"), ("陈思雨", "2009-09-10", "f", "42")),
    (("刘洪波", "1976-05-15", "m", "02"), ("孙丽娜", "1979-03-03", "f", "12"), ("刘子涵", "2006-06-06", "m", "21")),
    (("杨发田", "1960-08-08", "m", "02"), ("吴翠花", "1962-11-11", "f", "12")),
    (("赵庆丰", "1968-04-04", "m", "02"), ("郑月娥", "1969-10-25", "f", "12"), ("赵文静", "1996-07-21", "f", "32")),
    (("周永生", "1952-12-12", "m", "02"),),
    (("黄清泉", "1974-01-30", "m", "02"), ("林小琴", "1976-09-18", "f", "12"), ("黄一鸣", "2012-03-27", "m", "21")),
    (("马东升", "1966-02-02", "m", "02"), ("丁秀莲", "1967-05-29", "f", "12"), ("马千里", "1993-12-24", "m", "21")),
    (("徐春华", "1983-07-07", "f", "02"), ("徐乐乐", "2014-10-10", "f", "31")),
)


@dataclass
class _Village:
    """What is being built, and how numbers in it are counted."""

    division: str
    at: datetime
    people: dict[str, Party] = field(default_factory=dict)
    households: dict[str, Party] = field(default_factory=dict)
    counted: int = 0

    def identity(self, born: date, *, male: bool) -> str:
        self.counted += 1
        first = f"{NOWHERE}{born:%Y%m%d}{2 * self.counted + male:03}"
        return first + rules.identity_check_digit(first)

    def new(self, name: str, born: str, sex: str) -> NewPerson:
        day = date.fromisoformat(born)
        return NewPerson(name=name, identity=self.identity(day, male=sex == "m"))

    def uscc(self, prefix: str, division: str, number: int) -> str:
        inner = f"MF99{number:04}"
        first = f"{prefix}{division}{inner}{rules.organisation_check_digit(inner)}"
        return first + rules.uscc_check_digit(first)


@transaction.atomic
def make_village(*, division: str, village: str, at: datetime) -> list[Party]:
    """Households, a collective and four other bodies in one village; a repeat changes nothing and returns nothing."""
    if Party.objects.filter(division_id=division, is_demo=True).exists():
        return []
    here = _Village(division, at)
    for members in _HOUSEHOLDS:
        _household(here, members)
    _history(here)
    _twice(here)
    return [*here.households.values(), *_bodies(here, village)]


def farmer_of(division: str) -> Party | None:
    """The person of the demonstration who has a login: the head of the first household."""
    rows = Party.objects.filter(division_id=division, is_demo=True, kind=Party.Kind.PERSON, state="active")
    return rows.filter(name=_HOUSEHOLDS[0][0][0]).first()


def _household(here: _Village, members: Sequence[tuple[str, str, str, str]]) -> None:
    people = []
    for name, born, sex, relation in members:
        party = services.register_person(
            new=here.new(name, born, sex), division=here.division, actor=SYSTEM, at=here.at, is_demo=True
        )
        here.people[name] = party
        people.append((party.pk, relation))
    head, *others = people
    # Nobody is a member before birth.
    since = max(SINCE, *(date.fromisoformat(born) for _, born, _, _ in members))
    here.households[members[0][0]] = services.register_household(
        head=head[0],
        members=others,
        division=here.division,
        since=since,
        telephone=f"1990000{len(here.households):04}",
        actor=SYSTEM,
        at=here.at,
        is_demo=True,
    )


def _history(here: _Village) -> None:
    """A son marries and has a child, a son founds his own household, a head dies."""
    home = here.households["孙德顺"].pk
    bride, son = here.people["王海燕"], here.people["孙立强"]
    services.marry_in(household_id=home, person=bride.pk, relation="38", on=date(2018, 5, 1), actor=SYSTEM, at=here.at)
    services.record_birth(
        household_id=home, child=here.new("孙梓轩", "2019-08-16", "m"), relation="41", actor=SYSTEM, at=here.at
    )
    child = Party.objects.get(name="孙梓轩", division=here.division, is_demo=True)
    services.split_household(
        household_id=home,
        head_id=son.pk,
        movers={bride.pk: "12", child.pk: "21"},
        on=date(2023, 3, 1),
        actor=SYSTEM,
        at=here.at,
    )
    services.record_death(
        person_id=here.people["张建国"].pk,
        on=date(2024, 11, 3),
        new_head_id=here.people["周凤英"].pk,
        actor=SYSTEM,
        at=here.at,
    )


def _twice(here: _Village) -> None:
    """One person who was registered twice, the second time without a document."""
    first = here.people["徐春华"]
    again = NewPerson(name=first.name, birth_date=first.birth_date, sex=first.sex)
    services.register_person(new=again, division=here.division, actor=SYSTEM, at=here.at, is_demo=True)


def _bodies(here: _Village, village: str) -> list[Party]:
    county = here.division[:6]
    told = (
        (Party.Kind.COLLECTIVE, f"{village}股份经济合作社（演示）", "N2", "刘洪波"),
        (Party.Kind.COOPERATIVE, "丰禾粮食种植专业合作社（演示）", "93", "赵庆丰"),
        (Party.Kind.ENTERPRISE, "清泉农产品加工有限公司（演示）", "91", "黄清泉"),
        (Party.Kind.AGENCY, f"{village}村民委员会（演示）", "54", "李长河"),
        (Party.Kind.BANK, "惠农村镇银行营业部（演示）", "91", ""),
    )
    return [
        services.register_body(
            kind=kind,
            name=name,
            division=here.division,
            uscc=here.uscc(prefix, county, number),
            representative=here.people[person].pk if person else None,
            actor=SYSTEM,
            at=here.at,
            is_demo=True,
        )
        for number, (kind, name, prefix, person) in enumerate(told, start=1)
    ]
