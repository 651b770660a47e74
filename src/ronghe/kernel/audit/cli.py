"""``ronghe audit``: seal, export a seal, verify. Django is set up by the composition above before a command runs."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from .checking import Seal

app = typer.Typer(no_args_is_help=True, help="Seal and verify the record of acts.")

Json = Annotated[bool, typer.Option("--json", help="Print JSON")]


@app.command()
def seal(as_json: Json = False) -> None:
    """Give positions to all settled events and link them in blocks; events that were left out are taken back first."""
    from ronghe.kernel import clock
    from ronghe.kernel.actors import SYSTEM

    from . import services

    taken = services.take_back(actor=SYSTEM, at=clock.now())
    blocks = services.seal_all(at=clock.now())
    if as_json:
        print(json.dumps({"blocks": blocks, "taken_back": taken}))
        return
    if taken:
        print(f"有 {taken} 个事件既未封存、也不在待封存之列，已放回并记入审计。")
    print(f"本次封存 {blocks} 块。")


@app.command("export-seal")
def export_seal(
    file: Annotated[Path, typer.Argument(help="Where to write; keep it where this platform cannot reach")],
) -> None:
    """Write number, position and hash of the last block, to verify against it later."""
    from ronghe.kernel import clock
    from ronghe.kernel.actors import SYSTEM

    from . import services

    exported = services.exported_seal(actor=SYSTEM, at=clock.now())
    file.write_text(json.dumps(exported.as_json(), indent=2) + "\n", encoding="utf-8")
    print(f"第 {exported.block} 块（至位置 {exported.position}）的封存已写入 {file}。", file=sys.stderr)


@app.command()
def verify(
    against: Annotated[list[Path] | None, typer.Option(help="A seal exported earlier; may be given again")] = None,
    as_json: Json = False,
) -> None:
    """Recompute the whole record; exit status 1 when anything was changed, lost, added or reordered."""
    from ronghe.kernel import clock
    from ronghe.kernel.actors import SYSTEM

    from . import checking, services

    seals = [_read(file) for file in against or ()]
    findings = checking.verify(against=seals, progress=_progress)
    if sys.stderr.isatty():
        print(file=sys.stderr)
    services.keep_verification(findings=findings, against=seals, actor=SYSTEM, at=clock.now())
    if as_json:
        answer = {
            "whole": findings.is_whole,
            "blocks": findings.blocks,
            "positions": findings.positions,
            "waiting": findings.waiting,
            "fault_count": findings.fault_count,
            "faults": [fault.as_json() for fault in findings.faults],
        }
        print(json.dumps(answer, ensure_ascii=False, indent=2))
    else:
        for fault in findings.faults:
            print(f"{checking.KINDS[fault.kind]}：{fault.what}")
        verdict = "未发现问题" if findings.is_whole else f"发现 {findings.fault_count} 处问题"
        print(f"{verdict}：{findings.blocks} 块、{findings.positions} 个位置，另有 {findings.waiting} 个事件等待封存。")
    if not findings.is_whole:
        raise typer.Exit(1)


def _read(file: Path) -> "Seal":
    from . import checking
    from .errors import BadSealFile

    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadSealFile(file=str(file)) from error
    return checking.Seal.read(data, file=str(file))


def _progress(position: int) -> None:
    if sys.stderr.isatty():
        print(f"\r已核验到位置 {position:,}", end="", file=sys.stderr, flush=True)
