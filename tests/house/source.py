"""What the house tests look at: the tracked files, the code as trees, the templates, the rooms."""

import ast
import subprocess
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src" / "ronghe"


@cache
def tracked() -> tuple[Path, ...]:
    """Every file that git keeps or would keep; without git (an unpacked archive) every file outside the built ones."""
    try:
        told = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT, capture_output=True, check=True,
        ).stdout.decode()  # fmt: skip
        found = [ROOT / name for name in told.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        built = {"build", "var", "node_modules", "__pycache__"}
        found = [p for p in ROOT.rglob("*") if not set(p.relative_to(ROOT).parts[:-1]) & built]
        found = [p for p in found if not any(part.startswith(".") for part in p.relative_to(ROOT).parts[:-1])]
    return tuple(sorted(p for p in found if p.is_file()))


def name(path: Path) -> str:
    """As a person finds it: from the root of the repository."""
    return str(path.relative_to(ROOT))


def code() -> Iterator[Path]:
    """The program's own modules, without tests and migrations."""
    for path in tracked():
        if path.suffix == ".py" and path.is_relative_to(SRC) and not {"tests", "migrations"} & set(path.parts):
            yield path


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), filename=str(path))


def templates() -> dict[str, Path]:
    """Templates of all rooms by the name under which they are rendered."""
    return {
        str(path).rpartition("/templates/")[2]: path
        for path in tracked()
        if path.is_relative_to(SRC) and "templates" in path.parts
    }


def listed(faults: Iterable[str], how: str) -> str:
    """A message that names each fault and says how to mend it."""
    found = list(faults)
    return f"{how}\n" + "\n".join(f"  - {fault}" for fault in found)


def parents(module: ast.Module) -> dict[ast.AST, ast.AST]:
    """Each node's parent."""
    return {child: node for node in ast.walk(module) for child in ast.iter_child_nodes(node)}
