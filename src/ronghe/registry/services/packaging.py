"""汇交包: checked whole with its answer, and entered whole; ``services.exchanging`` leads the exchange from state to state."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import IO

from ronghe.kernel.actors import Actor
from ronghe.kernel.files import services as files
from ronghe.kernel.files.kinds import FileKind
from ronghe.kernel.files.models import Blob
from ronghe.kernel.jobs import Work
from ronghe.kernel.regions.models import Division

from ..exchange import package_answer, package_entry, packages_in
from ..exchange.packages import verify
from ..models import Exchange
from ..rules.tables import Fault
from .survey_entry import lock_counties

label_of = package_answer.label_of


@contextmanager
def given_file(of: Exchange) -> Iterator[IO[bytes]]:
    """The package that was given, on the disk."""
    assert of.given_id is not None  # a file was taken
    with tempfile.TemporaryFile() as content:
        for piece in files.pieces(of.given_id):
            content.write(piece)
        content.seek(0)
        yield content


def read_package(
    work: Work, of: Exchange, *, actor: Actor, at: datetime
) -> tuple[dict[str, int], list[Fault], list[Fault], Blob | None]:
    """The counts of a package, what is wrong with it, what a person must judge, and the marked answer where one is due.

    A package that is only verified is not held against the register. Raises: PackageUnreadable.
    """

    def tell(done: int, total: int) -> None:
        work.progress(done, total, "正在核验")

    with given_file(of) as content:
        if of.kind == Exchange.Kind.PACKAGE_CHECK:
            verified = verify(content, name=of.file_name, tell=tell)
            counts, faults, doubts = verified.counts, verified.faults, list[Fault]()
        else:
            found = packages_in.checked(content, name=of.file_name, actor=actor, at=at, tell=tell)
            faults, doubts = found.faults, found.doubts
            counts = {**found.counts, "known": len(found.known), "doubts": len(doubts)}
        if not faults:
            return counts, faults, doubts, None
        answer = package_answer.annotated(content, faults, name=of.file_name)
    return counts, faults, doubts, files.store(answer, name="标注.xlsx", kinds={FileKind.XLSX}, at=at)


def read_to_enter(work: Work, of: Exchange, *, actor: Actor, at: datetime) -> packages_in.PackageRead:
    """The package as it is entered, checked again; nobody else enters ground of its counties until then."""
    counties = Division.objects.below(of.division_id).filter(level="county").values_list("code", flat=True)
    lock_counties([of.division_id, *counties])
    with given_file(of) as content:
        return packages_in.checked(
            content,
            name=of.file_name,
            actor=actor,
            at=at,
            tell=lambda done, total: work.progress(done, total, "正在复核"),
        )


def enter_package(
    work: Work, of: Exchange, found: packages_in.PackageRead, *, actor: Actor, at: datetime
) -> dict[str, int]:
    """Enter a sound package; the caller holds the transaction."""
    assert of.given_id is not None
    return package_entry.apply(
        found, title=f"汇交包 {of.file_name}", blob_id=of.given_id, actor=actor, at=at, tell=work.progress
    )
