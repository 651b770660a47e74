"""权利人: whom the names and numbers of a survey mean, by the register of parties; who is not there, dead, or unfit."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import NamedTuple

from ronghe.kernel import crypto
from ronghe.kernel.parties import rules as numbers
from ronghe.kernel.parties import sealing
from ronghe.kernel.parties.models import HouseholdMember, Party, PartyIdentifier

from ..models import Right
from ..queries.qualifying import Asked, Qualifying, homesteads_of
from ..rules.holding import unfit_for
from ..rules.kinds import FIRST_RIGHT, CoOwnership, SourceKind, UnitKind
from .fields import HOUSEHOLD_KINDS, LABELS
from .findings import FAULT, NOTE, Findings
from .rows import Named, Parcel


@dataclass(frozen=True, slots=True)
class Held:
    """Who holds: a party that was found, or the sealed number of one that is registered on entry."""

    name: str
    masked: str
    blind: bytes | None
    sealed: bytes | None
    party_id: int | None
    share: Fraction | None
    #: Whether a household holds, or will when it is registered on entry.
    is_household: bool = False


class _Known(NamedTuple):
    """Of a party, what a survey asks: rows of a query as they come, for a batch asks for hundreds of thousands."""

    pk: int
    name: str
    kind: str
    state: str
    erased_at: datetime | None
    ended_on: date | None


_ASKED = ("pk", "name", "kind", "state", "erased_at", "ended_on")


@dataclass(frozen=True, slots=True)
class _Number:
    kind: str
    value: str
    blind: bytes
    fault: str


class HolderLookup:
    """What is known of the holders of a batch; parties are asked for chunk by chunk."""

    def __init__(
        self, *, batch_id: int, kind: UnitKind, admits_new: bool, today: date, qualifying: Qualifying | None, findings: Findings
    ) -> None:  # fmt: skip
        self.batch_id, self.kind, self.admits_new = batch_id, kind, admits_new
        self.today, self.qualifying, self.findings = today, qualifying, findings

    def found(self, parcels: Sequence[Parcel]) -> dict[int, list[Held]]:
        """Holders by the number of their parcel; what is wrong with them is said."""
        told = {n.number: self._number(n.number) for p in parcels for n in p.holders if n.number}
        known = _parties({one.blind for one in told.values() if not one.fault})
        houses = self._households(party.pk for party in known.values())
        contracts = _by_contractor(
            {p.contractor for p in parcels if p.contractor and not any(n.number for n in p.holders)}
        )
        held = {p.number: self._of(p, told, known, houses, contracts) for p in parcels}
        if self.kind is UnitKind.HOMESTEAD:
            self._legacy(held)
            self._qualify(parcels, held)
        return held

    def _number(self, written: str) -> _Number:
        """An identity number, or the credit code of a body: both have 18 characters."""
        checked, kind = numbers.check_identity(written, on=self.today), PartyIdentifier.Kind.IDENTITY
        if not checked.is_sound:
            as_body = numbers.check_uscc(written)
            if as_body.is_sound or not checked.value[:17].isdigit():
                checked, kind = as_body, PartyIdentifier.Kind.USCC
        return _Number(kind, checked.value, sealing.blind_index(kind, checked.value), checked.told)

    def _households(self, persons: Iterable[int]) -> dict[int, _Known]:
        """In which household each person lives, where the right is the household's."""
        if self.kind not in HOUSEHOLD_KINDS:
            return {}
        rows = HouseholdMember.objects.current().as_of(self.today).filter(person__in=list(persons))
        return {person: _Known(*of) for person, *of in rows.values_list("person", *_asked("household"))}

    def _of(
        self, parcel: Parcel, told: Mapping[str, _Number], known: Mapping[bytes, _Known], houses: Mapping[int, _Known],
        contracts: Mapping[str, _Known],
    ) -> list[Held]:  # fmt: skip
        made: list[Held] = []
        for named in parcel.holders:
            one = self._one(parcel, named, told, known, houses, contracts)
            if one is None:
                return []
            if any(_same(one, other) for other in made):
                if self.kind not in HOUSEHOLD_KINDS or one.share is not None:
                    self._say(parcel, FAULT, "share", "holder", f"权利人“{one.name}”写了两次", "合并成一个")
                    return []
                continue  # of one household, which holds alone
            made.append(one)
        if len(made) == 1 and made[0].share is None:
            parcel.way = CoOwnership.SOLE
        if self.kind is UnitKind.OWNERSHIP and len(made) > 1:
            self._say(parcel, FAULT, "share", "holder", "集体土地所有权只能由一个农民集体单独享有", "只写一个权利人")
        return made

    def _one(
        self, parcel: Parcel, named: Named, told: Mapping[str, _Number], known: Mapping[bytes, _Known],
        houses: Mapping[int, _Known], contracts: Mapping[str, _Known],
    ) -> Held | None:  # fmt: skip
        if not named.number:
            return self._by_contract(parcel, named, contracts)
        number = told[named.number]
        if number.fault:
            self._say(parcel, FAULT, "holder_number", "identity", f"“{named.name}”的{number.fault}", "核对证件后改正")
            return None
        masked = numbers.masked(number.value, kind=number.kind)
        party = known.get(number.blind)
        if party is None:
            return self._new(parcel, named, number, masked)
        if numbers.clean_name(named.name) != party.name:
            told_name = f"证件号 {masked} 登记的不是“{named.name}”"
            self._say(parcel, FAULT, "holder_name", "holder", told_name, "核对姓名和证件号；改名的先变更名称")
            return None
        if not self._lives(parcel, party) or not self._fits(parcel, party):
            return None
        house = houses.get(party.pk)
        if house is None and self.kind is UnitKind.HOMESTEAD:
            self._say(parcel, NOTE, "household", "holder", f"“{party.name}”没有登记农户，只登记使用权，不登记资格权")
        elif house is not None and not self._lives(parcel, house):
            return None
        holder = house or party
        return Held(named.name, masked, number.blind, None, holder.pk, named.share, holder.kind == Party.Kind.HOUSEHOLD)

    def _new(self, parcel: Parcel, named: Named, number: _Number, masked: str) -> Held | None:
        if number.kind != PartyIdentifier.Kind.IDENTITY or not self.admits_new:
            how = (
                "先登记权利人"
                if number.kind != PartyIdentifier.Kind.IDENTITY
                else "先登记，或在批次里选择登记新的权利人"
            )
            self._say(parcel, FAULT, "holder_unknown", "identity", f"“{named.name}”（{masked}）没有登记为权利人", how)
            return None
        if fault := numbers.name_fault(numbers.clean_name(named.name)):
            self._say(parcel, FAULT, "holder_number", "holder", fault, "改正姓名")
            return None
        if self.kind is UnitKind.OWNERSHIP:
            self._say(
                parcel, FAULT, "holder_unfit", "holder", "集体土地所有权属于农民集体，不能登记给个人", "核对权利人"
            )
            return None
        sealed = crypto.seal(number.value.encode(), key=sealing_key(), about=about(self.batch_id, number.blind))
        return Held(named.name, masked, number.blind, sealed, None, named.share, self.kind in HOUSEHOLD_KINDS)

    def _by_contract(self, parcel: Parcel, named: Named, contracts: Mapping[str, _Known]) -> Held | None:
        """Without a number the contract of an earlier entry may tell who the contractor is."""
        party = contracts.get(parcel.contractor)
        if party is None:
            self._say(
                parcel, FAULT, "holder_unknown", "identity", f"“{named.name}”没有证件号，不知道是谁", "填写证件号"
            )
            return None
        of = party.kind == Party.Kind.HOUSEHOLD
        return Held(named.name, "", None, None, party.pk, named.share, of) if self._lives(parcel, party) else None

    def _lives(self, parcel: Parcel, party: _Known) -> bool:
        if party.state == Party.State.ACTIVE and party.erased_at is None:
            return True
        if party.state == Party.State.MERGED:
            why = "已并入另一权利人"
        elif party.erased_at is not None:
            why = "的个人信息已删除"
        else:
            why = f"已于 {party.ended_on} {'死亡' if party.kind == Party.Kind.PERSON else '终止'}"
        self._say(parcel, FAULT, "holder_gone", "holder", f"“{party.name}”{why}", "改为继承人或现在的权利人")
        return False

    def _fits(self, parcel: Parcel, party: _Known) -> bool:
        why = unfit_for(FIRST_RIGHT[self.kind][0], party.kind)
        if not why:
            return True
        self._say(parcel, FAULT, "holder_unfit", "holder", f"“{party.name}”不能作为权利人：{why}", "核对权利人")
        return False

    def _legacy(self, held: Mapping[int, Sequence[Held]]) -> None:
        """一户多宅 beside what stands in the register: said, and no fault here; a case of its own treats it (历史遗留)."""
        standing = homesteads_of(
            {one.party_id for holders in held.values() for one in holders if one.party_id}, on=self.today
        )
        for number, holders in held.items():
            for one in holders:
                if one.party_id in standing:
                    told = f"“{one.name}”一户已有宅基地 {min(standing[one.party_id])}"
                    several_homesteads(self.findings, number, told)

    def _qualify(self, parcels: Sequence[Parcel], held: Mapping[int, Sequence[Held]]) -> None:
        """Whose qualification is not entered with the use of the homestead: said, and no fault of the survey."""
        if self.qualifying is None:
            return
        alone = {p.number: (p, held[p.number][0]) for p in parcels if len(held[p.number]) == 1}
        asked = [
            Asked(number, one.party_id, parcel.village) for number, (parcel, one) in alone.items() if one.is_household
        ]
        for number, ruling in self.qualifying.rulings(asked).items():
            if ruling.value is not True:
                parcel, one = alone[number]
                why = "；".join(step.finding for step in ruling.steps if step.ok is not True)
                self._say(
                    parcel, NOTE, "qualification", "holder", f"“{one.name}”一户只登记使用权，不登记资格权：{why}",
                    "具备条件后另行申请资格权首次登记",
                )  # fmt: skip

    def _say(self, parcel: Parcel, level: str, kind: str, name: str, text: str, mend: str = "") -> None:
        self.findings.add(parcel.number, level, kind, LABELS[name], text, mend)


def several_homesteads(findings: Findings, number: int, text: str) -> None:
    """A parcel of a household that has another."""
    findings.add(number, NOTE, "legacy", LABELS["holder"], text, "登记后按一户多宅情形另行认定处理")


def _same(one: Held, other: Held) -> bool:
    return one.party_id == other.party_id if one.party_id else one.blind is not None and one.blind == other.blind


def about(batch_id: int, blind: bytes) -> str:
    """Where a sealed number belongs."""
    return f"registry.survey:{batch_id}:{blind.hex()}"


def sealing_key() -> bytes:
    """What numbers of new holders are sealed with between check and entry."""
    return crypto.purpose_key("registry.survey")


def _parties(blinds: set[bytes]) -> dict[bytes, _Known]:
    rows = PartyIdentifier.objects.current().filter(
        kind__in=(PartyIdentifier.Kind.IDENTITY, PartyIdentifier.Kind.USCC), blind__in=blinds
    )
    return {bytes(blind or b""): _Known(*of) for blind, *of in rows.values_list("blind", *_asked("party"))}


def _by_contractor(contractors: set[str]) -> dict[str, _Known]:
    """Who holds by a contract that the register knows already."""
    if not contractors:
        return {}
    codes = {f"{one}{way}": one for one in contractors for way in "JQ"}
    rows = Right.objects.current().filter(source__kind=SourceKind.CONTRACT, source__number__in=codes)
    return {codes[number]: _Known(*of) for number, *of in rows.values_list("source__number", *_asked("party"))}


def _asked(of: str) -> list[str]:
    return [f"{of}__{name}" for name in _ASKED]
