"""Packages for tests: made of a register that is then taken back, so that they come to one that knows nothing of them."""

import hashlib
import json
from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from django.db import transaction

from ronghe.kernel.actors import SYSTEM
from ronghe.kernel.files import services as files
from ronghe.kernel.parties.models import Party
from ronghe.kernel.parties.services import register_body

from .. import services
from ..exchange.packages import rows_of
from ..models import Exchange
from ..rules import package_tables as pt
from ..rules.kinds import RestrictionKind, RightKind, UnitKind
from ..services import Term
from . import exchanges as ex
from . import factories as make

Rows = dict[str, list[dict[str, Any]]]


def made(by: Any) -> bytes:
    """The package of the register as it stands."""
    out = ex.exported(by, kind=Exchange.Kind.PACKAGE_OUT, is_official=True, purpose="汇交市登记中心")
    assert out.state == "done", out.failure
    return files.content(out.made_id)


def register() -> None:
    """A homestead with its house, mortgaged to a bank and certified; a plot that is let and lets the homestead pass; land
    by shares, seized."""
    collective = make.collective()
    bank = register_body(
        kind=Party.Kind.BANK, name="高青农商行", division=make.people.COUNTY, uscc=make.people.uscc("91"), actor=SYSTEM,
        at=make.NOON,
    )  # fmt: skip
    unit, used = make.homestead(make.household("演示乙"), collective, house=True)
    lent = services.restrict(
        baunit_id=unit.pk, kind=RestrictionKind.MORTGAGE, term=Term(date(2024, 1, 1)), source_id=make.source(),
        parent_id=used.pk, party_id=bank.pk, amount_fen=1_000_000_00, actor=SYSTEM, at=make.NOON,
    )  # fmt: skip
    for rrr in (used, lent):
        services.certify(rrr_id=rrr.pk, on=date(2024, 1, 2), actor=SYSTEM, at=make.NOON)
    plot, contract = make.contracted(make.household("演示赵"), geometry=make.square(3))
    make.right(
        plot,
        RightKind.OPERATION,
        make.household("演示钱"),
        parent=contract,
        term=Term(date(2020, 1, 1), date(2030, 1, 1)),
    )
    services.register_easement(
        rrr_id=contract.pk, dominant_id=unit.pk, until=date(2035, 1, 1), text="从地块北侧通行，宽三米",
        source_id=make.source(), on=date(2024, 2, 1), actor=SYSTEM, at=make.NOON,
    )  # fmt: skip
    land = make.unit(UnitKind.CONSTRUCTION, make.square(6))
    make.right(land, RightKind.COLLECTIVE_OWNERSHIP, collective)
    services.restrict(
        baunit_id=land.pk, kind=RestrictionKind.SEIZURE, term=Term(date(2025, 1, 1), date(2028, 1, 1)),
        source_id=make.source(), holder="高青县人民法院", actor=SYSTEM, at=make.NOON,
    )  # fmt: skip


def of_another_register(by: Any) -> bytes:
    """A package of a register that is not here."""
    with transaction.atomic():
        register()
        content = made(by)
        transaction.set_rollback(True)
    return content


def told(content: bytes) -> Rows:
    """What a package says; numbers of rights and restrictions as they come up, for each register has its own."""
    archive = ZipFile(BytesIO(content))
    rows = {table.key: list(rows_of(archive, table, "x")) for table in pt.TABLES}
    numbers = dict.fromkeys(row["rrr"] for found in rows.values() for row in found if row.get("rrr"))
    order = {number: place for place, number in enumerate(numbers)}
    for found in rows.values():
        for row in found:
            row |= {name: order.get(row[name]) for name in ("rrr", "parent", "on_right") if name in row}
    return rows


def altered(
    content: bytes, table: str, change: Callable[[dict[str, Any]], dict[str, Any] | None], **manifest: Any
) -> bytes:
    """The package with the rows of a table changed, or left out, and its manifest in keeping."""
    parts = {info.filename: ZipFile(BytesIO(content)).read(info) for info in ZipFile(BytesIO(content)).infolist()}
    file = f"tables/{table}.jsonl"
    rows = [one for line in parts[file].splitlines() if (one := change(json.loads(line))) is not None]
    parts[file] = b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)
    listed = json.loads(parts["manifest.json"]) | manifest
    for one in listed["tables"]:
        if one["file"] == file:
            one |= {"sha256": hashlib.sha256(parts[file]).hexdigest(), "rows": len(rows)}
    parts["manifest.json"] = json.dumps(listed).encode()
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()
