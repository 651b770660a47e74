"""``docs/errors.md``: every public error code with its status, what it means and what to do.

``python -m ronghe.site.error_list`` writes it; with ``--check`` it only compares, and fails where they differ.
"""

import importlib
import os
import pkgutil
import re
import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from ronghe.kernel.errors import DomainError

FILE = Path(__file__).resolve().parents[3] / "docs" / "errors.md"

HEAD = """# Errors

Every refusal has a public code that is never reused. Pages show it in small print; the API answers with problem details
(RFC 9457) that carry it as `code`, the facts as `facts`; the command line writes the message to standard error. Words in
braces are filled in. Written by `python -m ronghe.site.error_list`.
"""

#: Where a message begins to say what to do.
_ADVICE = re.compile(
    r"(?<=[。；，：])(?=请|如确有|为保持|可在|可以用|目前只能|须为|须由|止日须|也可|应当|级别应在|详情见|无需)"
)

#: What helps where the message itself only says what is wrong.
GENERAL = {
    400: "返回上一页，刷新后再试一次。",
    401: "请登录，或换用有效的访问令牌。",
    403: "请由有这项权限的岗位办理。",
    404: "请核对编号或地址；需要时从列表或搜索进入。",
    409: "请刷新页面，查看最新情况。",
    422: "请按提示改正后重新提交。",
    502: "请稍后再试；如一直不成功，请联系系统管理员。",
}


def load_all() -> None:
    """Import every module of the program, so that each error class is known."""
    import ronghe

    for module in pkgutil.walk_packages(ronghe.__path__, "ronghe."):
        if not re.search(r"\.(tests|migrations|__main__)(\.|$)", module.name):
            importlib.import_module(module.name)


def error_classes(base: type[DomainError] = DomainError) -> Iterator[type[DomainError]]:
    """All classes of errors of the program, the base classes included."""
    for kind in base.__subclasses__():
        if kind.__module__.startswith("ronghe.") and ".tests." not in kind.__module__:
            yield kind
        yield from error_classes(kind)


def meaning_and_advice(kind: type[DomainError]) -> tuple[str, str]:
    """The message, cut where it begins to say what to do; advice by status where it does not."""
    parts = _ADVICE.split(kind.message.replace("\n", " "), maxsplit=1)
    if len(parts) == 1:
        return parts[0], GENERAL.get(kind.status, "")
    return re.sub(r"[，；：]$", "。", parts[0]), parts[1]


def text() -> str:
    """The whole file."""
    load_all()
    kinds = sorted(set(error_classes()), key=lambda kind: (kind.code.split(".")[0] != "ronghe", kind.code))
    lines = [HEAD]
    for room, of_room in groupby(kinds, key=lambda kind: kind.code.split(".")[0]):
        lines += [f"## {room}", "", "| code | status | 含义 | 怎么办 |", "|---|---|---|---|"]
        for kind in of_room:
            cells = [
                f"`{kind.code}`",
                str(kind.status),
                *(cell.replace("|", "\\|") for cell in meaning_and_advice(kind)),
            ]
            lines.append("| " + " | ".join(cells) + " |")
        lines.append("")
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    """0 when the file is in step."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ronghe.site.settings")
    import django

    django.setup()
    wanted = text()
    if "--check" not in arguments:
        FILE.write_text(wanted, "utf-8")
        return 0
    if FILE.is_file() and FILE.read_text("utf-8") == wanted:
        return 0
    print("docs/errors.md is not in step with the code: run python -m ronghe.site.error_list", file=sys.stderr)
    return 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
