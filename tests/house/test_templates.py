"""Templates: each is used, and none holds what the Content-Security-Policy would refuse."""

import ast
import re

from . import source

#: Rendered by Django itself under these names when nothing else answers.
BY_DJANGO = {"400.html", "403.html", "404.html", "500.html"}

_NAMED = re.compile(r"""\{%\s*(?:extends|include)\s+["']([^"']+)["']""")
_TAG = re.compile(r"<[a-zA-Z][^<>]*>", re.DOTALL)
_HANDLER = re.compile(r"""\son[a-z]+\s*=""", re.IGNORECASE)
_STYLE = re.compile(r"""\sstyle\s*=""", re.IGNORECASE)


def _strings(module: ast.Module) -> list[str]:
    return [n.value for n in ast.walk(module) if isinstance(n, ast.Constant) and isinstance(n.value, str)]


def _without_comments(text: str) -> str:
    return re.sub(r"\{#.*?#\}|\{%\s*comment.*?endcomment\s*%\}|<!--.*?-->", "", text, flags=re.DOTALL)


def test_every_template_is_rendered_included_or_declared():
    known = source.templates()
    named = {text for path in source.code() for text in _strings(source.tree(path)) if text.endswith(".html")}
    for path in known.values():
        named |= set(_NAMED.findall(_without_comments(path.read_text("utf-8"))))
    unused = sorted(set(known) - named - BY_DJANGO)
    assert not unused, source.listed(
        (source.name(known[n]) for n in unused), "nobody renders, extends or includes these templates; remove them:"
    )


def test_every_template_that_is_named_exists():
    known = source.templates()
    missing = []
    for path in known.values():
        for wanted in _NAMED.findall(_without_comments(path.read_text("utf-8"))):
            if wanted not in known and not wanted.startswith("django/"):
                missing.append(f"{source.name(path)} names {wanted}")
    for path in source.code():
        for text in _strings(source.tree(path)):
            if re.fullmatch(r"[a-z_]+/[a-z_/]+\.html", text) and text not in known:
                missing.append(f"{source.name(path)} names {text}")
    assert not missing, source.listed(missing, "these templates do not exist; write them or correct the name:")


def _faults(text: str) -> list[str]:
    """What a strict Content-Security-Policy refuses, or what would run in the browser if it did not."""
    found = []
    # What template tags do inside of a tag does not hide an attribute; their own quotes and signs are no markup.
    plain = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", " ", _without_comments(text), flags=re.DOTALL)
    for tag in _TAG.findall(plain):
        # Values may hold anything; only the names of attributes matter.
        bare = re.sub(r'"[^"]*"|\'[^\']*\'', '""', tag)
        if _HANDLER.search(bare):
            found.append(f"an event handler in {tag[:80]}")
        if _STYLE.search(bare):
            found.append(f"a style attribute in {tag[:80]}")
        if re.search(r"""=\s*["']?\s*javascript:""", tag, re.IGNORECASE):
            found.append(f"a javascript: address in {tag[:80]}")
        lower = tag.lower()
        if lower.startswith("<style"):
            found.append(f"a style element: {tag[:80]}")
        if re.match(r"<script\b", lower) and " src=" not in lower and 'type="application/json"' not in lower:
            found.append(f"a script without src: {tag[:80]}")
    return found


def test_no_template_holds_script_or_style():
    faults = [
        f"{source.name(path)}: {fault}" for path in source.templates().values() for fault in _faults(path.read_text())
    ]
    assert not faults, source.listed(
        faults, "move scripts and styles into static files (portal/static/portal), data into application/json:"
    )


def test_no_python_string_writes_script_or_style_into_html():
    faults = []
    for path in source.code():
        module = source.tree(path)
        documentation = {id(n) for n in ast.walk(module) if isinstance(n, ast.Expr)}
        above = source.parents(module)
        for node in ast.walk(module):
            text = _text_of(node, above.get(node))
            if "<" in text and id(above.get(node)) not in documentation:
                faults += [f"{source.name(path)}:{getattr(node, 'lineno', 0)}: {fault}" for fault in _faults(text)]
    assert not faults, source.listed(faults, "HTML made in Python must keep to the Content-Security-Policy too:")


def _text_of(node: ast.AST, above: ast.AST | None) -> str:
    """A string of the program; of an f-string the whole, with a word for each value."""
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "value" for part in node.values)
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and not isinstance(above, ast.JoinedStr):
        return node.value
    return ""


def test_the_finder_of_scripts_and_styles_finds_each_kind():
    for bad in (
        "<script>alert(1)</script>",
        "<script nonce='x'>",
        '<p style="color:red">',
        "<a\n  onclick=go()>",
        '<a href="javascript:go()">',
        "<style>p{}</style>",
        '<p {% if a %}class="x"{% endif %} onload="x">',
    ):
        assert _faults(bad), bad
    for good in (
        '<script src="{% static "a.js" %}" defer></script>',
        '<script type="application/json" id="d">',
        '<p class="styled" data-style="x">only = on = style= text</p>',
        '<th scope="col" title="a onclick=b">',
        "{# <script>in a comment</script> #}",
    ):
        assert not _faults(good), good
