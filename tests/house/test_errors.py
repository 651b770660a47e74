"""Errors: each has a code of its own, a message in Chinese that can be filled in, and its line in docs/errors.md."""

import ast
import re
import string
from collections import Counter

import pytest

from ronghe.kernel.errors import DomainError
from ronghe.site import error_list

from . import source

#: Messages that are given whole where the error is raised: code → why.
WHOLE_SENTENCES = {"site.backup_refused": "each reason is a sentence of its own, at the raise sites"}


@pytest.fixture(scope="module")
def kinds() -> list[type[DomainError]]:
    error_list.load_all()
    return sorted(set(error_list.error_classes()), key=lambda kind: kind.code)


def _where(kind: type[DomainError]) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


def _placeholders(kind: type[DomainError]) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(kind.message) if name is not None}


def test_every_error_has_a_code_of_its_own(kinds):
    faults = [f"{_where(kind)} inherits its code" for kind in kinds if "code" not in vars(kind)]
    many = {code for code, count in Counter(kind.code for kind in kinds).items() if count > 1}
    faults += [f"{kind.code} is the code of {_where(kind)} and others" for kind in kinds if kind.code in many]
    assert not faults, source.listed(faults, "a code is public and never shared (style §7):")


def test_every_code_names_room_and_matter(kinds):
    rooms = {"ronghe", "site", *(p.name for p in source.SRC.rglob("*") if (p / "apps.py").is_file())}
    faults = [
        f"{kind.code} of {_where(kind)}"
        for kind in kinds
        if not re.fullmatch(r"[a-z_]+\.[a-z][a-z0-9_]*", kind.code) or kind.code.split(".")[0] not in rooms
    ]
    assert not faults, source.listed(faults, "a code is room.what_happened in lower case:")


def test_every_error_has_a_message_of_its_own_in_chinese(kinds):
    faults = []
    for kind in kinds:
        if kind.code in WHOLE_SENTENCES:
            continue
        if "message" not in vars(kind):
            faults.append(f"{_where(kind)} inherits its message")
        elif not re.search(r"[\u4e00-\u9fff]{4}", kind.message):
            faults.append(f"{_where(kind)}: {kind.message!r}")
    assert not faults, source.listed(faults, "say what happened, why, and what to do next (style §7):")


def test_every_placeholder_of_a_message_is_a_plain_name(kinds):
    faults = [
        f"{_where(kind)}: {{{name}}}" for kind in kinds for name in _placeholders(kind) if not name.isidentifier()
    ]
    assert not faults, source.listed(faults, "messages are filled in by name, from the facts:")


def test_every_error_is_raised_with_the_facts_that_its_message_needs(kinds):
    by_name: dict[str, type[DomainError] | None] = {}
    for kind in kinds:
        by_name[kind.__name__] = None if kind.__name__ in by_name else kind
    faults = []
    for path in source.code():
        for node in ast.walk(source.tree(path)):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name | ast.Attribute):
                continue
            called = by_name.get(ast.unparse(node.func).rpartition(".")[2])
            if called is None or "__init__" in vars(called) or any(k.arg is None for k in node.keywords):
                continue
            missing = _placeholders(called) - {k.arg for k in node.keywords}
            if missing or node.args:
                what = f"lacks {', '.join(sorted(missing))}" if missing else "takes keyword arguments only"
                faults.append(f"{source.name(path)}:{node.lineno}: {called.__name__} {what}")
    assert not faults, source.listed(faults, "give every fact that the message names:")


def test_every_error_is_raised_somewhere(kinds):
    used = {
        node.id if isinstance(node, ast.Name) else node.attr
        for path in source.code()
        for node in ast.walk(source.tree(path))
        if isinstance(node, ast.Name | ast.Attribute)
    }
    unused = [_where(k) for k in kinds if k.__name__ not in used and not k.__subclasses__()]
    assert not unused, source.listed(unused, "nobody raises these errors; remove them:")


def test_every_error_stands_in_the_list_of_errors(kinds):
    held = error_list.FILE.read_text("utf-8") if error_list.FILE.is_file() else ""
    missing = [kind.code for kind in kinds if f"| `{kind.code}` | {kind.status} |" not in held]
    assert not missing, source.listed(missing, "run python -m ronghe.site.error_list; docs/errors.md lacks:")
    assert held == error_list.text(), "docs/errors.md is not in step: run python -m ronghe.site.error_list"


def test_every_line_of_the_list_says_what_to_do(kinds):
    silent = [kind.code for kind in kinds if not error_list.meaning_and_advice(kind)[1]]
    assert not silent, source.listed(silent, "the message says what is wrong but not what to do:")


def test_every_code_that_the_edge_writes_out_is_the_code_of_an_error(kinds):
    known = {kind.code for kind in kinds}
    faults = []
    for path in source.code():
        for node in ast.walk(source.tree(path)):
            if not isinstance(node, ast.Call) or ast.unparse(node.func) not in ("problem", "answer"):
                continue
            for given in node.keywords:
                if given.arg == "code" and isinstance(given.value, ast.Constant) and given.value.value not in known:
                    faults.append(f"{source.name(path)}:{node.lineno}: {given.value.value}")
    assert not faults, source.listed(faults, "declare a DomainError with this code, so that docs/errors.md lists it:")
