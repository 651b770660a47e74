"""Who is meant: a party by its name and number, as people write them in an application."""

from fractions import Fraction

from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.actors import SYSTEM, Actor
from ronghe.kernel.parties import queries as parties
from ronghe.kernel.parties.models import Party
from ronghe.kernel.parties.rules import clean_name

from .errors import HolderUnclear, SharesWrong
from .services.rights import Holder

#: A number of the platform's own is no longer than this; numbers of identity are.
LONGEST_ID = 12


def party_named(name: str, number: str, *, actor: Actor, on: object) -> Party:
    """The party of a name and a number: of identity, of the body, or the platform's own.

    Whoever knows both may name a party out of sight: a buyer lives elsewhere. A household is also found by the number of
    one of its members. Without a number, staff name a party of their own place, when no other is called so.
    Raises: HolderUnclear.
    """
    name, number = clean_name(name), "".join(number.split())
    if not number:
        return _by_name(name, actor)
    if number.isascii() and number.isdigit() and len(number) <= LONGEST_ID:
        found = list(parties.parties(SYSTEM, state="all").filter(pk=int(number)))
    else:
        found = parties.parties_with_number(number, actor=SYSTEM)
        homes = [parties.household_of(one, on=on) for one in found if one.kind == Party.Kind.PERSON]  # type: ignore[arg-type]
        found += [row.household for row in homes if row is not None]
    same = [one for one in found if one.name == name]
    if len(same) != 1:
        raise HolderUnclear(name=name, why="没有登记过这个姓名（名称）和号码的权利人")
    return same[0]


def _by_name(name: str, actor: Actor) -> Party:
    if actor.role == Role.SELF:
        raise HolderUnclear(name=name, why="没有写证件号码")
    found = list(Party.objects.visible_to(actor).filter(name=name, state=Party.State.ACTIVE)[:2])
    if not found:
        raise HolderUnclear(name=name, why="辖区内没有登记过这个姓名（名称）")
    if len(found) > 1:
        raise HolderUnclear(name=name, why="有几个同名的权利人，须写证件号码或权利人编号")
    return found[0]


def holders_written(text: str, *, actor: Actor, on: object) -> tuple[Holder, ...]:
    """Holders as they are written, one a line: name, number, share. Raises: HolderUnclear, SharesWrong."""
    lines = [line.split() for line in text.replace("，", " ").replace(",", " ").splitlines() if line.strip()]
    made = []
    for words in lines:
        share = words.pop() if len(words) > 1 and "/" in words[-1] else ""
        name, number = words[0], words[1] if len(words) > 1 else ""
        if len(words) > 2:
            raise HolderUnclear(name=name, why="一行只写一位：姓名（名称）、号码、份额")
        made.append((party_named(name, number, actor=actor, on=on).pk, _share(share) if share else None))
    if len(made) == 1 and made[0][1] is None:
        return (Holder(made[0][0]),)
    return tuple(Holder(party, share) for party, share in made)


def _share(text: str) -> Fraction:
    top, _, bottom = text.partition("/")
    if not (top.isascii() and top.isdigit() and bottom.isascii() and bottom.isdigit() and 0 < int(bottom) < 2**31):
        raise SharesWrong(why=f"“{text[:20]}”不是份额，应写成 1/2 的样子")
    return Fraction(int(top), int(bottom))
