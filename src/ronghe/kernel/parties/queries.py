"""Reads of parties: through the actor's eyes, on a legal day, as the register knew it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet

from ronghe.kernel.actors import Actor
from ronghe.kernel.audit import queries as audit
from ronghe.kernel.audit.models import Event
from ronghe.kernel.grams import holds

from . import rules, sealing
from .errors import MergeNotFound, PartyNotFound
from .models import (
    HouseholdMember,
    Party,
    PartyIdentifier,
    PartyMerge,
    PartyName,
    PartyUnmasking,
    Representative,
)

#: Of suspected duplicates as many are shown at once.
MOST_DUPLICATES = 50


def parties(actor: Actor, *, text: str = "", kind: str = "", state: str = "", division: str = "") -> QuerySet[Party]:
    """The parties that ``actor`` may see; ``text`` is part of a name, or pinyin or its first letters.

    Args: ``division`` is a code, with everything below; ``state`` is active where it is empty, all where it is ``all``.
    """
    rows = Party.objects.visible_to(actor).select_related("division")
    if text:
        rows = rows.filter(named(text))
    if kind:
        rows = rows.filter(kind=kind)
    if state != "all":
        rows = rows.filter(state=state or Party.State.ACTIVE)
    if division:
        below = Party._meta.apps.get_model("regions", "DivisionClosure").objects.filter(ancestor_id=division)
        rows = rows.filter(division_id__in=below.values("descendant_id"))
    return rows


def named(text: str) -> Q:
    """Parties whose name, or its pinyin or first letters, holds a text."""
    word = rules.clean_name(text)
    if len(word) < 2:
        # One character has no pair: it is taken for the beginning, which an index finds.
        return Q(name__startswith=word) if word and not word.isascii() else Q(pinyin__startswith=word.lower())
    return holds(word.replace(" ", "") if word.isascii() else word, column="pairs", of=("name", "letters"))


def party(party_id: int, *, actor: Actor) -> Party:
    """One party. Raises: PartyNotFound."""
    rows = Party.objects.visible_to(actor).select_related("division", "merged_into")
    found = rows.filter(pk=party_id).first()
    if found is None:
        raise PartyNotFound(party_id=party_id)
    return found


def in_whose_names(party_id: int, *, on: date | None = None) -> list[int]:
    """In whose names the rights of a party stand: its own, its household's, and those of the records that are merged
    with them, for what was registered keeps the name it was registered under.

    Args: ``on`` asks for the household of that day; without it, for every household that it was ever in.
    """
    own = same_parties([party_id])
    members = HouseholdMember.objects.current() if on is None else HouseholdMember.objects.current().as_of(on)
    households = members.filter(person__in=own).order_by("household").values_list("household", flat=True).distinct()
    return [*own, *same_parties(list(households))]


def same_parties(party_ids: Collection[int]) -> list[int]:
    """The records of the same parties: what remains of a merge, and what went into it, by number."""
    if not party_ids:
        return []
    remaining = {into or pk for pk, into in Party.objects.filter(pk__in=party_ids).values_list("pk", "merged_into")}
    merged = Party.objects.filter(merged_into__in=remaining).order_by("pk").values_list("pk", flat=True)
    return [*sorted(remaining), *merged]


def parties_with_number(text: str, *, actor: Actor) -> list[Party]:
    """The visible parties that have the number now, whatever kind it is: found by its blind index, never read."""
    number = rules.normal(text)
    if not number:
        return []
    spelled = {number, rules.check_telephone(text).value}
    if len(number) == 15 and number.isdigit():
        spelled.add(rules.upgraded(number))
    indexes = [sealing.blind_index(kind, one) for kind in PartyIdentifier.Kind.values for one in spelled]
    having = PartyIdentifier.objects.current().filter(blind__in=indexes)
    return list(Party.objects.visible_to(actor).filter(pk__in=having.values("party_id")).select_related("division"))


def identifiers(of: Party) -> list[PartyIdentifier]:
    """The numbers that a party has now; the caller has asked for the party."""
    return list(PartyIdentifier.objects.current().filter(party=of))


def telling_numbers(party_ids: Collection[int], *, on: date) -> dict[int, PartyIdentifier]:
    """The number that tells each party apart: of a body its credit code, of a person its document, of a household that
    of its head on a day. For services that hold the parties; parties without a number are left out."""
    heads = HouseholdMember.objects.current().as_of(on).filter(household__in=party_ids, is_head=True)
    head_of = dict(heads.values_list("household_id", "person_id"))
    wanted = {*party_ids, *head_of.values()}
    rows = PartyIdentifier.objects.current().filter(party__in=wanted, kind__in=("identity", "uscc", "document"))
    found: dict[int, PartyIdentifier] = {}
    for row in rows.order_by("kind", "-pk"):
        found[row.party_id] = row  # an identity number or credit code before another document
    own = {pk: found[pk] for pk in party_ids if pk in found}
    return own | {pk: found[head] for pk, head in head_of.items() if head in found}


def tails(rows: Sequence[PartyIdentifier], *, length: int = 6) -> list[str]:
    """The last characters of some numbers, to compare with what somebody says; nothing more of them is told."""
    return [plain[-length:] for plain in sealing.plain_of([row for row in rows if row.blind is not None]).values()]


def find_by_number(kind: str, numbers: Collection[str]) -> dict[str, int]:
    """Which party has each of these numbers now (number → party). For services: nothing of the party is told."""
    blinds = {sealing.blind_index(kind, one): one for one in numbers}
    having = PartyIdentifier.objects.current().filter(kind=kind, blind__in=list(blinds))
    return {blinds[bytes(blind)]: pk for blind, pk in having.values_list("blind", "party_id") if blind is not None}


def past_identifiers(of: Party) -> list[PartyIdentifier]:
    """Numbers that a party had, newest first."""
    rows = PartyIdentifier.objects.filter(party=of, recorded__isempty=False, recorded__upper_inf=False)
    return list(rows.order_by("-recorded"))


def unmaskings(of: Party) -> list[PartyUnmasking]:
    """Who read a number of the party in plain."""
    rows = PartyUnmasking.objects.filter(identifier__party=of).select_related("identifier")
    return list(rows.order_by("-at", "-pk")[:50])


def names(of: Party) -> list[PartyName]:
    """What a party was and is called, newest first."""
    return list(PartyName.objects.current().filter(party=of).order_by("-valid"))


def members(of: Party, *, on: date, known_at: datetime | None = None) -> list[HouseholdMember]:
    """The members of a household on the legal day ``on``, as the register knew it at ``known_at`` (now by default)."""
    rows = HouseholdMember.objects.known_at(known_at).as_of(on).filter(household=of)
    return list(rows.select_related("person"))


def changes(of: Party) -> list[HouseholdMember]:
    """Every membership of the household, or of the person, as today's register tells it; newest first."""
    rows = HouseholdMember.objects.current().filter(Q(household=of) | Q(person=of))
    return list(rows.select_related("person", "household").order_by("-valid", "-is_head", "pk"))


def household_of(of: Party, *, on: date) -> HouseholdMember | None:
    """In which household a person is on a day."""
    rows = HouseholdMember.objects.current().as_of(on).filter(person=of)
    return rows.select_related("household").first()


def representatives(of: Party) -> list[Representative]:
    """Who represents and represented a body, newest first."""
    return list(Representative.objects.current().filter(body=of).select_related("person").order_by("-valid"))


def events(of: Party) -> QuerySet[Event]:
    """What was done with the party; the caller has asked for the party."""
    return audit.events_of(of)


def seen_among(ids: Sequence[int], *, actor: Actor) -> frozenset[int]:
    """Which of the parties the actor may open."""
    return frozenset(Party.objects.visible_to(actor).filter(pk__in=ids).values_list("pk", flat=True))


def merges(actor: Actor) -> QuerySet[PartyMerge]:
    """The merges that the actor may see, newest first."""
    return PartyMerge.objects.visible_to(actor).select_related("source", "target").order_by("-at", "-pk")


def merge(merge_id: int, *, actor: Actor) -> PartyMerge:
    """One merge. Raises: MergeNotFound."""
    found = PartyMerge.objects.visible_to(actor).filter(pk=merge_id).select_related("source", "target").first()
    if found is None:
        raise MergeNotFound(merge_id=merge_id)
    return found


@dataclass(frozen=True, slots=True)
class Suspected:
    """疑似重复: rows that may be one party, and why; ``strength`` 3 is nearly certain, 1 a hint."""

    why: str
    strength: int
    parties: tuple[Party, ...]


def duplicates(actor: Actor, *, division: str = "") -> list[Suspected]:
    """Active parties that may have been registered twice, the surest first."""
    rows = parties(actor, division=division).filter(erased_at=None)
    return [*_same_number(rows), *_same_person(rows), *_same_name(rows)][:MOST_DUPLICATES]


def duplicates_of(of: Party, *, actor: Actor) -> list[Party]:
    """Active parties that may be the same as this one. Each hint is asked by itself, so that an index answers it."""
    rows = Party.objects.visible_to(actor).filter(state="active", erased_at=None, kind=of.kind).exclude(pk=of.pk)
    hints = [Q(name=of.name, division_id=of.division_id)]
    if of.birth_date:
        hints.append(Q(birth_date=of.birth_date, pinyin=of.pinyin))
    own = PartyIdentifier.objects.current().filter(party=of, kind__in=("bank_account", "document"))
    if blinds := list(own.values_list("blind", flat=True)):
        having = PartyIdentifier.objects.current().filter(blind__in=blinds)
        hints.append(Q(pk__in=list(having.values_list("party_id", flat=True)[:50])))
    found = {pk for hint in hints for pk in rows.filter(hint).values_list("pk", flat=True)[:10]}
    return list(rows.filter(pk__in=found).select_related("division").order_by("pk")[:10]) if found else []


def _same_number(rows: QuerySet[Party]) -> list[Suspected]:
    """One bank account in the name of two."""
    having = PartyIdentifier.objects.current().filter(kind="bank_account", party__in=rows)
    blinds = having.values("blind").annotate(many=Count("party", distinct=True)).filter(many__gt=1)
    found = []
    for blind in blinds.values_list("blind", flat=True)[:MOST_DUPLICATES]:
        these = rows.filter(pk__in=having.filter(blind=blind).values("party_id")).order_by("pk")
        for kind in sorted({one.kind for one in these}):
            same = tuple(one for one in these if one.kind == kind)
            if len(same) > 1:
                found.append(Suspected("银行账号相同", 2, same))
    return found


def _same_person(rows: QuerySet[Party]) -> list[Suspected]:
    """Same sound of the name and same birthday: written with another character, or registered in another village."""
    persons = rows.filter(kind="person", birth_date__isnull=False)
    groups = persons.order_by().values("pinyin", "birth_date").annotate(many=Count("pk")).filter(many__gt=1)
    found = []
    for one in groups.order_by("pinyin")[:MOST_DUPLICATES]:
        same = tuple(persons.filter(pinyin=one["pinyin"], birth_date=one["birth_date"]).order_by("pk"))
        exact = len({party.name for party in same}) < len(same)
        found.append(Suspected("姓名和出生日期相同" if exact else "姓名同音、出生日期相同", 3 if exact else 2, same))
    return sorted(found, key=lambda one: -one.strength)


def _same_name(rows: QuerySet[Party]) -> list[Suspected]:
    """Bodies and households of one name in one place."""
    others = rows.exclude(kind="person")
    groups = others.order_by().values("kind", "name", "division_id").annotate(many=Count("pk")).filter(many__gt=1)
    found = []
    for one in groups.order_by("name")[:MOST_DUPLICATES]:
        same = others.filter(kind=one["kind"], name=one["name"], division_id=one["division_id"]).order_by("pk")
        found.append(Suspected("类别、名称和区划相同", 2 if one["kind"] != "household" else 1, tuple(same)))
    return sorted(found, key=lambda one: -one.strength)
