"""What each format's reader hands back, and how lines of Chinese are put together."""

import re
from dataclasses import dataclass

from ronghe.policy.reader.errors import FileTooLong, FileTooManyLines
from ronghe.policy.reader.intake.limits import TEXT_CHARS, TEXT_LINES


@dataclass(frozen=True)
class Rendered:
    """The text of a document and what a person should know about how it was read."""

    text: str
    encoding: str | None = None
    pages: int | None = None
    notes: tuple[str, ...] = ()


# Han characters, kana-free: CJK punctuation, enclosed numbers, full-width forms, the unified ideographs and extensions.
_HAN = (
    "\u2014\u2018-\u201d\u2026\u2460-\u24ff\u3000-\u303f\u3200-\u4dbf"
    "\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
)
_HAN_CHAR = re.compile(f"[{_HAN}]")


def join_pieces(pieces: list[str]) -> str:
    """One line out of several: Chinese joins without a space, Latin words and numbers with one."""
    parts: list[str] = []
    last = ""
    for piece in pieces:
        piece = piece.strip()
        if not piece:
            continue
        if last and not _HAN_CHAR.match(last) and not _HAN_CHAR.match(piece[0]):
            parts.append(" ")
        parts.append(piece)
        last = piece[-1]
    return "".join(parts)


def is_han(char: str) -> bool:
    """Whether the character is Chinese writing or its punctuation."""
    return bool(_HAN_CHAR.match(char))


def check_length(count: int) -> None:
    """Refuse more text than any plan has. Raises: FileTooLong."""
    if count > TEXT_CHARS:
        raise FileTooLong(limit_chars=TEXT_CHARS)


#: What the grammar takes for the end of a line.
_LINE_ENDS = "\n\r\f\v\x1c\x1d\x1e\x85\u2028\u2029"


def check_size(text: str) -> None:
    """Refuse a text that is no plan by its size, before the grammar sees it. Raises: FileTooLong, FileTooManyLines."""
    check_length(len(text))
    lines = 1 + sum(map(text.count, _LINE_ENDS)) - text.count("\r\n")
    if lines > TEXT_LINES:
        raise FileTooManyLines(lines=lines, limit_lines=TEXT_LINES)


def text_of(lines: list[str]) -> str:
    """The lines as one text: no blank lines at either end, never two in a row, a newline after the last."""
    kept: list[str] = []
    for line in lines:
        if line.strip() or (kept and kept[-1]):
            kept.append(line if line.strip() else "")
    while kept and not kept[-1]:
        kept.pop()
    check_length(sum(len(line) + 1 for line in kept))
    return "\n".join(kept) + "\n" if kept else ""


_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


def clean(text: str) -> str:
    """Text as a paragraph carries it: no control characters or lone surrogates, which no database would store."""
    return _CONTROL.sub("", text)
