"""Running heads, running feet and page numbers: they stand between two halves of a sentence and must go."""

import re
from collections import Counter
from typing import Final

from ronghe.policy.reader.intake.pdf_glyphs import PageLine

# GB/T 9704-2012 §7.5: the number stands between dashes below the text. Others write 第 3 页 共 20 页, or 3/20.
_DASHED: Final = re.compile(r"[-－—–―─一·•.]{1,3}\s*\d{1,4}\s*[-－—–―─一·•.]{1,3}")
_SPELLED: Final = re.compile(r"第\s*\d{1,4}\s*页(?:\s*[/／,，]?\s*共\s*\d{1,4}\s*页)?|\d{1,4}\s*[/／]\s*\d{1,4}")
_LONE: Final = re.compile(r"\d{1,4}")
_DIGITS: Final = re.compile(r"\d+")
_BLANKS: Final = re.compile(r"\s+")

_EDGE: Final = 0.15  # of the page's height
_EDGE_LINES: Final = 2
_REPEATED_PAGES: Final = 3
# Even and odd pages may have heads of their own.
_REPEATED_SHARE: Final = 0.4


def without_furniture(pages: list[list[PageLine]]) -> list[str]:
    """The lines of all pages without what only belongs to the paper."""
    repeated = _repeated(pages)
    offset = _number_offset(pages)
    out: list[str] = []
    for index, page in enumerate(pages):
        edges = {at for at, _ in _edge_lines(page)}
        out += [
            line.text
            for at, line in enumerate(page)
            if at not in edges or not _is_furniture(line, index, repeated, offset)
        ]
    return out


def _is_furniture(line: PageLine, index: int, repeated: set[str], offset: int | None) -> bool:
    text = line.text.strip()
    if _LONE.fullmatch(text):
        # A lone number may be a figure of the text: it goes only if it counts along with the pages.
        return offset is not None and int(text) == index + offset
    return bool(_DASHED.fullmatch(text) or _SPELLED.fullmatch(text)) or _key(line) in repeated


def _edge_lines(page: list[PageLine]) -> list[tuple[int, PageLine]]:
    """The first and last lines of a page that stand near its edge and are no rows of a table."""
    numbered = list(enumerate(page))
    head = [(at, line) for at, line in numbered[:_EDGE_LINES] if line.place > 1 - _EDGE]
    foot = [(at, line) for at, line in numbered[-_EDGE_LINES:] if line.place < _EDGE]
    return [(at, line) for at, line in head + foot if not line.is_row]


def _key(line: PageLine) -> str:
    return _DIGITS.sub("#", _BLANKS.sub("", line.text))


def _repeated(pages: list[list[PageLine]]) -> set[str]:
    counts = Counter(key for page in pages for key in {_key(line) for _, line in _edge_lines(page)})
    needed = max(_REPEATED_PAGES, _REPEATED_SHARE * len(pages))
    return {key for key, count in counts.items() if count >= needed and key != "#"}


def _number_offset(pages: list[list[PageLine]]) -> int | None:
    """Page number minus page index, when lone numbers at the edges count along with the pages."""
    counts = Counter(
        offset
        for index, page in enumerate(pages)
        for offset in {int(ln.text) - index for _, ln in _edge_lines(page) if _LONE.fullmatch(ln.text.strip())}
    )
    if not counts:
        return None
    offset, count = counts.most_common(1)[0]
    return offset if count >= max(2, len(pages) / 2) or (len(pages) == 1 and offset == 1) else None
