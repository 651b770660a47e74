"""Lock files: hashes on each line, no addresses, in step with what is asked for."""

import json
import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from . import source

LOCKS = {"requirements.lock": (), "requirements-dev.lock": ("dev",)}
HOW = "run make lock and commit what it writes:"


def asked(*extras: str) -> list[Requirement]:
    """The direct dependencies of ``pyproject.toml``, and of the extras."""
    project = tomllib.loads((source.ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lines = [*project["dependencies"], *(d for e in extras for d in project["optional-dependencies"][e])]
    return [Requirement(line) for line in lines]


def pinned(lock: str) -> dict[str, tuple[Requirement, int]]:
    """Each package of a lock file with the number of its hashes."""
    text = (source.ROOT / lock).read_text("utf-8").replace("\\\n", " ")
    found = {}
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            requirement = Requirement(line.partition("--hash")[0].strip())
            found[canonicalize_name(requirement.name)] = (requirement, line.count("--hash=sha256:"))
    return found


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_pinned_with_hashes(lock):
    faults = [
        str(requirement)
        for requirement, hashes in pinned(lock).values()
        if not hashes or [s.operator for s in requirement.specifier] != ["=="] or requirement.url
    ]
    assert not faults, source.listed(faults, f"{lock}: not pinned by version and hash; {HOW}")


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_address(lock):
    text = (source.ROOT / lock).read_text("utf-8")
    faults = [line for line in text.splitlines() if re.search(r"://|--(extra-)?index-url|--find-links", line)]
    assert not faults, source.listed(faults, f"{lock}: addresses belong to the machine, not to the lock; {HOW}")


@pytest.mark.parametrize(("lock", "extras"), LOCKS.items())
def test_a_lock_is_in_step_with_pyproject(lock, extras):
    held = pinned(lock)
    faults = []
    for requirement in asked(*extras):
        found = held.get(canonicalize_name(requirement.name))
        if found is None:
            faults.append(f"{requirement} is missing")
            continue
        version = next(iter(found[0].specifier)).version
        if not requirement.specifier.contains(version, prereleases=True):
            faults.append(f"{requirement} is pinned at {version}")
    assert not faults, source.listed(faults, f"{lock}: {HOW}")


def test_both_locks_pin_the_same_versions():
    plain, dev = pinned("requirements.lock"), pinned("requirements-dev.lock")
    faults = [
        f"{requirement} in requirements.lock, {dev[name][0] if name in dev else 'nothing'} in requirements-dev.lock"
        for name, (requirement, _) in plain.items()
        if name not in dev or dev[name][0].specifier != requirement.specifier
    ]
    assert not faults, source.listed(faults, HOW)


def test_the_lock_of_the_pages_holds_checksums_and_no_addresses():
    lock = json.loads((source.ROOT / "package-lock.json").read_text("utf-8"))
    faults = []
    for place, package in lock["packages"].items():
        if "resolved" in package:
            faults.append(f"{place} names its address")
        if place and "integrity" not in package:
            faults.append(f"{place} has no checksum")
    assert not faults, source.listed(
        faults, f"package-lock.json ({(source.ROOT / '.npmrc').read_text().strip()}): {HOW}"
    )
    wanted = json.loads((source.ROOT / "package.json").read_text("utf-8"))["dependencies"]
    assert lock["packages"][""]["dependencies"] == wanted, f"package-lock.json is not in step with package.json: {HOW}"


def test_the_pages_packages_are_pinned_exactly():
    wanted = json.loads((source.ROOT / "package.json").read_text("utf-8"))["dependencies"]
    loose = [f"{name} {version}" for name, version in wanted.items() if not re.fullmatch(r"\d+\.\d+\.\d+", version)]
    assert not loose, source.listed(loose, "name one exact version in package.json:")
