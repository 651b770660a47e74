"""汇交包里的权利人: who each of them is in this register, who is registered now, and who cannot be told.

A number tells a party apart: of a person its document, of a household that of its head, of a body its credit code.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from ronghe.kernel.actors import Actor
from ronghe.kernel.parties import queries as parties
from ronghe.kernel.parties.models import HouseholdMember, Party
from ronghe.kernel.parties.rules import check_identity, check_uscc, clean_name, name_fault, normal
from ronghe.kernel.parties.services import NewPerson, register_body, register_household, register_person
from ronghe.kernel.regions.models import Division, DivisionClosure

from ..rules import package_tables as tables
from ..rules.holding import unfit_for, would_outlast
from ..rules.kinds import RightKind
from ..rules.package_rights import RESTRICTIONS, Line
from ..rules.tables import Fault, Row

_HOUSEHOLD = "户"
_KIND = Party.Kind
NO_IDENTITY = (
    "平台上没有这个号码的人，号码又不是居民身份证号，看不出出生日期；请先在“权利人”里登记此人和证件号码，再导入"
)


@dataclass(frozen=True, slots=True)
class Who:
    """包里写的一个权利人; a body without a number is told by its name in a place."""

    kind: str
    name: str
    number: str
    place: str = ""


def who_of(row: Row, places: Mapping[str, str]) -> Who | None:
    """Whom a row of a right or restriction names as a party; None where a restriction names somebody in words alone.

    Args: ``places`` are the divisions of the units.
    """
    if not row.get("party_kind"):
        return None
    number = normal(row["number"] or "")
    return Who(row["party_kind"], clean_name(row["holder"] or ""), number, "" if number else places[row["unit"]])


@dataclass
class Holders:
    """认出的权利人: the party of each, and what is wrong with those that cannot be told: (field, what)."""

    known: dict[Who, Party] = field(default_factory=dict)
    new: dict[Who, str] = field(default_factory=dict)
    wrong: dict[Who, tuple[str, str]] = field(default_factory=dict)


def found_holders(
    lines: Mapping[str, Sequence[Line]], places: Mapping[str, str], known: Collection[str], *, on: date
) -> tuple[Holders, list[Fault]]:
    """Who the holders of a package are, and what is wrong with them where they stand.

    Args: ``places`` are the divisions of the units, ``known`` those units that the register has; ``on`` is today.
    """
    rights = lines[tables.RIGHT.key]
    rows = [(tables.RIGHT.key, line, row) for line, row in rights]
    rows += [(table.key, line, row) for table in RESTRICTIONS for line, row in lines[table.key]]
    named = [(key, line, row, who) for key, line, row in rows if (who := who_of(row, places)) is not None]
    home = {who: places[row["unit"]] for _, _, row, who in reversed(named)}
    found = _told_apart(home, on=on)
    faults = [
        Fault(key, line, *found.wrong[who]) for key, line, _, who in named if who in found.wrong
    ]  # fmt: skip
    for key, line, row, who in named:
        party = found.known.get(who)
        if key == tables.RIGHT.key:
            if why := unfit_for(RightKind(int(row["kind"])), who.kind):
                faults.append(Fault(key, line, "holder", why))
            if row["unit"] in known:
                continue  # nobody gets anything: it is compared
            if party is not None and would_outlast(party.ended_on, first=row["first"], until=row["until"], today=on):
                faults.append(
                    Fault(key, line, "holder", f"已于 {party.ended_on} 死亡或终止，请改为继承人或现在的权利人")
                )
    faults += _twice(rights, found, places)
    return found, faults


def _twice(rights: Sequence[Line], found: Holders, places: Mapping[str, str]) -> Iterable[Fault]:
    seen: set[tuple[str, str, object]] = set()
    for line, row in rights:
        who = who_of(row, places)
        party = found.known.get(who) if who is not None else None
        key = (row["unit"], row["kind"], who if party is None else party.pk)
        if key in seen:
            yield Fault(tables.RIGHT.key, line, "holder", "这个权利人在单元上已有同一类型的权利，同一权利不登记两次")
        seen.add(key)


def _told_apart(home: Mapping[Who, str], *, on: date) -> Holders:
    found = Holders()
    people = {who for who in home if who.kind in (_KIND.PERSON, _KIND.HOUSEHOLD)}
    bodies = {who for who in home if who.kind in _KIND.values} - people
    for who in home:
        if who.kind not in _KIND.values:
            found.wrong[who] = ("party_kind", f"没有“{who.kind[:12]}”这一类权利人，应为：{'、'.join(_KIND.values)}")
        elif fault := name_fault(who.name):
            found.wrong[who] = ("holder", fault)
        elif "*" in who.number:
            found.wrong[who] = ("number", "号码是掩码，认不出是谁；请对方按正式汇交重新导出")
    _people(found, sorted((one for one in people if one not in found.wrong), key=str), home, on)
    _bodies(found, sorted((one for one in bodies if one not in found.wrong), key=str), home)
    for who, party in list(found.known.items()):
        if party.erased_at is not None or party.state == Party.State.MERGED:
            found.wrong[who] = ("holder", f"平台上的“{party.name}”个人信息已删除或已并入另一权利人，请先核对权利人")
            del found.known[who]
    return found


def _people(found: Holders, people: Sequence[Who], home: Mapping[Who, str], on: date) -> None:
    numbers = {who.number for who in people if who.number}
    having = parties.find_by_number("document", numbers) | parties.find_by_number("identity", numbers)
    rows = Party.objects.in_bulk(list(set(having.values())))
    memberships = HouseholdMember.objects.current().as_of(on).filter(person__in=rows).select_related("household")
    homes = {row.person_id: row for row in memberships}
    villages = _villages({home[who] for who in people})
    for who in people:
        if not who.number:
            found.wrong[who] = ("number", "没有证件号码，认不出是谁；农户写户主的号码")
            continue
        person = rows.get(having.get(who.number, 0))
        if person is None and not check_identity(who.number, on=on).is_sound:
            told = check_identity(who.number, on=on).told if len(who.number) == 18 else NO_IDENTITY
            found.wrong[who] = ("number", told)
        elif who.kind == _KIND.PERSON:
            if person is None:
                found.new[who] = home[who]
            elif person.name != who.name:
                found.wrong[who] = ("holder", "平台上这个证件号码的人姓名不同，请核对")
            else:
                found.known[who] = person
        else:
            _household(found, who, person, homes.get(person.pk) if person else None, is_village=home[who] in villages)
            if who not in found.known and who not in found.wrong:
                found.new[who] = home[who]


def _household(found: Holders, who: Who, head: Party | None, row: HouseholdMember | None, *, is_village: bool) -> None:
    """The household whose head has the number: it stands, or its head is in none yet and it is registered now."""
    if row is not None and head is not None:
        if not row.is_head:
            found.wrong[who] = ("number", f"平台上这个号码的人是“{row.household.name}”的成员，不是户主；请先核对农户")
        elif who.name not in (row.household.name, head.name, f"{head.name}{_HOUSEHOLD}"):
            found.wrong[who] = ("holder", "平台上这个号码的户主姓名不同，请核对")
        else:
            found.known[who] = row.household
    elif head is not None and head.ended_on is not None:
        found.wrong[who] = ("number", f"户主已于 {head.ended_on} 死亡或注销；请先在“权利人”里登记农户和现在的户主")
    elif head is not None and head.name != _head_of(who):
        found.wrong[who] = ("holder", "平台上这个证件号码的人姓名不同，请核对")
    elif not is_village:
        found.wrong[who] = (
            "holder",
            "平台上没有这个农户，单元又不在村（社区）一级，登记不了农户；请先在“权利人”里登记",
        )


def _villages(divisions: Collection[str]) -> set[str]:
    return set(Division.objects.filter(code__in=divisions, level="village").values_list("code", flat=True))


def _head_of(who: Who) -> str:
    return who.name.removesuffix(_HOUSEHOLD) or who.name


def _bodies(found: Holders, bodies: Sequence[Who], home: Mapping[Who, str]) -> None:
    numbers = {who.number for who in bodies if who.number}
    having = parties.find_by_number("uscc", numbers)
    rows = Party.objects.in_bulk(list(set(having.values())))
    nameless = [who for who in bodies if not who.number]
    known: dict[tuple[str, str], list[Party]] = defaultdict(list)
    for one in Party.objects.filter(name__in={who.name for who in nameless}, kind__in=_KIND.values, state="active"):
        known[one.kind, one.name].append(one)
    above = defaultdict[str, set[str]](set)
    for up, down in DivisionClosure.objects.filter(descendant__in={who.place for who in nameless}).values_list(
        "ancestor_id", "descendant_id"
    ):
        above[down].add(up)
    for who in bodies:
        party = rows.get(having.get(who.number, 0)) if who.number else None
        if party is not None:
            if (party.kind, party.name) != (who.kind, who.name):
                found.wrong[who] = ("holder", f"平台上这个代码是“{party.name}”（{party.get_kind_display()}），请核对")
            else:
                found.known[who] = party
        elif who.number:
            told = check_uscc(who.number, party_kind=who.kind)
            if told.faults:
                found.wrong[who] = ("number", told.told)
            else:
                found.new[who] = home[who]
        else:
            near = [one for one in known[who.kind, who.name] if one.division_id in above[who.place]]
            if len(near) == 1:
                found.known[who] = near[0]
            elif near or who.kind != _KIND.COLLECTIVE:
                why = "平台上有几个同名的，分不清是哪一个" if near else "平台上没有这个单位"
                found.wrong[who] = ("number", f"没有统一社会信用代码，{why}；请写明代码，或先在“权利人”里登记")
            else:
                found.new[who] = home[who]


def registered(holders: Holders, since: Mapping[Who, date], *, actor: Actor, at: datetime) -> dict[Who, Party]:
    """Everybody of the package as a party: whoever is not known is registered now, persons before their households.

    Args: ``since`` is the first day of whatever each holds. The caller holds the transaction.
    """
    made = dict(holders.known)
    for who in sorted(holders.new, key=lambda one: (one.kind == _KIND.HOUSEHOLD, one.number, one.name)):
        place = holders.new[who]
        if who.kind == _KIND.PERSON:
            made[who] = register_person(
                new=NewPerson(who.name, identity=who.number), division=place, actor=actor, at=at
            )  # fmt: skip
        elif who.kind == _KIND.HOUSEHOLD:
            made[who] = _new_household(who, place, since[who], actor=actor, at=at)
        else:
            made[who] = register_body(
                kind=_KIND(who.kind), name=who.name, division=place, uscc=who.number, actor=actor, at=at
            )
    return made


def _new_household(who: Who, place: str, since: date, *, actor: Actor, at: datetime) -> Party:
    numbers = [who.number]
    having = parties.find_by_number("document", numbers) | parties.find_by_number("identity", numbers)
    head: int | NewPerson = having.get(who.number) or NewPerson(_head_of(who), identity=who.number)
    name = who.name if who.name.endswith(_HOUSEHOLD) else ""
    return register_household(head=head, division=place, since=since, name=name, actor=actor, at=at)


__all__ = ["Holders", "Who", "found_holders", "registered", "who_of"]
