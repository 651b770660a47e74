"""The sources: nothing of one machine in them, and the habits of the house."""

import ast
import re

from . import source

#: Put together from parts, so that this file does not hold what it forbids.
HOSTS = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("files", "python" + "hosted", "org"),
        ("registry", "npmjs", "org"),
        ("registry", "yarnpkg", "com"),
        ("registry", "npmmirror", "com"),
        ("pypi", "tuna", "tsinghua", "edu", "cn"),
        ("mirrors", "aliyun", "com"),
    )
)
#: Folders of one machine: a home, a mount of the workshop, a drive letter.
PLACES = re.compile(r"(?<![\w.])/(?:work|root|home|Users|mnt|workspace)/[\w.-]+" + r"|(?<![\w])[A-Z]:\\\\?Users")

#: What tests and sources may name although it looks like a machine's own: path → why.
MAY_NAME_PLACES: dict[str, str] = {}

#: Longer than a reader likes, with the reason.
MAY_BE_LONG: dict[str, str] = {}
LONGEST = 600

TEXT = {".py", ".md", ".html", ".css", ".js", ".mjs", ".toml", ".lock", ".json", ".yaml", ".yml", ".csv", ".txt", ".sql", ".svg", ".sh", ""}  # fmt: skip


def _texts():
    for path in source.tracked():
        if path.suffix in TEXT:
            try:
                yield path, path.read_text("utf-8")
            except UnicodeDecodeError:
                continue  # a plan in another encoding, for the intake


def test_no_file_names_a_package_registry():
    faults = [f"{source.name(path)} names {host}" for path, text in _texts() for host in HOSTS if host in text.lower()]
    assert not faults, source.listed(faults, "leave the registry to the configuration of pip and npm on the machine:")


def test_no_file_names_a_folder_of_one_machine():
    faults = []
    for path, text in _texts():
        if source.name(path) in MAY_NAME_PLACES:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            if found := PLACES.search(line):
                faults.append(f"{source.name(path)}:{number}: {found[0]}")
    assert not faults, source.listed(faults, "use paths relative to the repository, the data folder or tmp_path:")


def test_no_source_file_is_longer_than_a_reader_bears():
    faults = []
    for path in source.tracked():
        if path.is_relative_to(source.SRC) and path.suffix in {".py", ".html", ".js", ".sql"}:
            lines = path.read_text("utf-8").count("\n")
            if lines > LONGEST and source.name(path) not in MAY_BE_LONG:
                faults.append(f"{source.name(path)}: {lines} lines")
    assert not faults, source.listed(faults, f"split by subject what is longer than {LONGEST} lines (style §12):")


def _is_edge(path) -> bool:
    """Where a program speaks with a person through standard output, or begins."""
    return path.name.endswith("cli.py") or "management" in path.parts or path.is_relative_to(source.SRC / "site")


def test_rooms_do_not_print():
    faults = []
    for path in source.code():
        if _is_edge(path):
            continue
        main = {id(n) for block in _main_blocks(source.tree(path)) for n in ast.walk(block)}
        for node in ast.walk(source.tree(path)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "print" and id(node) not in main:
                faults.append(f"{source.name(path)}:{node.lineno}")
    assert not faults, source.listed(faults, "only cli.py and management commands print; elsewhere return or log:")


def _main_blocks(module: ast.Module):
    for node in module.body:
        if isinstance(node, ast.If) and "__main__" in ast.unparse(node.test):
            yield node


#: Reading a clock by any of these names.
_CLOCKS = re.compile(r"(?:\b|\.)(?:datetime\.(?:now|utcnow|today)|date\.today|timezone\.now|time\.time)$")
#: Where instants are read although it is not the one clock: path → why.
MAY_READ_CLOCKS = {
    "src/ronghe/kernel/clock.py": "the one clock",
}


def test_only_the_one_clock_reads_the_time():
    faults = []
    for path in source.code():
        name = source.name(path)
        if name in MAY_READ_CLOCKS or path.is_relative_to(source.SRC / "site"):
            continue  # site: processes, their time-outs and file names, no acts
        for node in ast.walk(source.tree(path)):
            if isinstance(node, ast.Call) and _CLOCKS.search(ast.unparse(node.func)):
                faults.append(f"{name}:{node.lineno}: {ast.unparse(node.func)}()")
    assert not faults, source.listed(faults, "take ``at`` from the caller; only the edge asks kernel.clock.now():")


#: Below the edge nobody asks the clock either; these are the edge or stand for it, with the reason.
EDGE = re.compile(
    r"(views(/\w+)?|api(/\w+)?|cli|\w+_cli|middleware|tasks|long_work|access|demo|context|apps)\.py$|/management/|^src/ronghe/site/"
)


def test_only_the_edge_asks_the_clock():
    faults = []
    for path in source.code():
        name = source.name(path)
        if EDGE.search(name) or name in MAY_READ_CLOCKS:
            continue
        for node in ast.walk(source.tree(path)):
            asks = isinstance(node, ast.Call) and ast.unparse(node.func) in ("clock.now", "now")
            if asks and _imports_clock(source.tree(path)):
                faults.append(f"{name}:{getattr(node, 'lineno', 0)}")
    assert not faults, source.listed(faults, "services, queries and rules take ``at``; views, API, commands pass it:")


def _imports_clock(module: ast.Module) -> bool:
    return any(
        isinstance(n, ast.ImportFrom) and "clock" in f"{n.module} {[a.name for a in n.names]}" for n in ast.walk(module)
    )


def test_no_error_is_swallowed_without_a_word():
    faults = []
    for path in source.code():
        text = path.read_text("utf-8").splitlines()
        for node in ast.walk(source.tree(path)):
            if not isinstance(node, ast.ExceptHandler):
                continue
            broad = node.type is None or ast.unparse(node.type) in ("Exception", "BaseException")
            silent = all(isinstance(n, ast.Pass | ast.Continue) or ast.unparse(n) == "..." for n in node.body)
            if broad and silent:
                faults.append(f"{source.name(path)}:{node.lineno}: {text[node.lineno - 1].strip()}")
    assert not faults, source.listed(faults, "catch narrowly and say what happened (style §7):")


def test_rules_import_no_django():
    faults = []
    for path in source.code():
        pure = path.name == "rules.py" or "rules" in path.parts or path.is_relative_to(source.SRC / "policy" / "reader")
        if not pure:
            continue
        for node in ast.walk(source.tree(path)):
            modules = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            modules += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for module in modules:
                if re.match(r"(django|ninja|psycopg|procrastinate)\b|ronghe\.kernel\.(db|clock)\b", module):
                    faults.append(f"{source.name(path)}:{getattr(node, 'lineno', 0)} imports {module}")
    assert not faults, source.listed(faults, "rules are pure: no Django, no database, no clock (style §1):")


def test_floors_point_down():
    """The short form of import-linter's contract, so that ``make test`` alone finds a wrong arrow."""
    floors = ["kernel", "policy", "portal", "site"]
    faults = []
    for path in source.code():
        room = path.relative_to(source.SRC).parts[0]
        if room not in floors:
            continue
        above = "|".join(floors[floors.index(room) + 1 :])
        for node in ast.walk(source.tree(path)):
            if isinstance(node, ast.ImportFrom) and above and re.match(rf"ronghe\.({above})\b", node.module or ""):
                faults.append(f"{source.name(path)}:{node.lineno} imports {node.module}")
    assert not faults, source.listed(faults, "a room imports only from floors below it (design §2):")
