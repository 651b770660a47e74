"""Finding, reading and fingerprinting packs."""

import re
from pathlib import Path

from .checks import PACKS, checked
from .facts import NATIONAL, Pack, PackFaults
from .files import Notes

ZONES = PACKS


def read_pack(folder: Path, *, draft: bool = False) -> Pack:
    """Read one pack and check it against the schema and against itself.

    Args: ``draft`` accepts what a person still has to fill in (a task's room, the divisions of an area, the seat)
        and lists it in ``Pack.todo``; without it each is a fault.
    Raises: PackFaults with every fault found.
    """
    notes = Notes(draft=draft)
    pack = checked(folder, notes)
    if notes.faults or pack is None:
        raise PackFaults.of(folder.name, sorted(notes.faults, key=lambda f: (f.file, f.line)))
    return pack


def known_packs(folder: Path = ZONES) -> tuple[Path, ...]:
    """The folders below ``folder`` that hold a pack: the national one first, parents before their children."""
    found = {path.parent.name: path.parent for path in sorted(folder.glob("*/zone.yaml"))}
    order: dict[str, Path] = {}

    def place(name: str, seen: tuple[str, ...]) -> None:
        if name in order or name not in found or name in seen:
            return
        text = (found[name] / "zone.yaml").read_text("utf-8", errors="replace")
        parent = re.search(r"^parent:\s*['\"]?([a-z0-9-]+)", text, re.M)
        if parent:
            place(parent[1], (*seen, name))
        order[name] = found[name]

    for name in (NATIONAL, *found):
        place(name, ())
    return tuple(order.values())
