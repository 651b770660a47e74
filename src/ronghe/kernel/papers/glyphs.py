"""The font of the papers, and whether it has every character of a text: a missing one is an error, never a box.

Noto Sans CJK SC (SIL Open Font License) from a wheel: the same on every machine. It stands in for 仿宋, 小标宋 and 楷体 of
GB/T 9704-2012, which are not free.
"""

import unicodedata
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from fontTools.ttLib import TTCollection

from .blocks import Sheet, texts
from .errors import GlyphMissing

FAMILY = "Noto Sans CJK SC"
#: Characters that are set without a glyph.
_INVISIBLE = {"\n", "\t", "\u200b"}


@cache
def folder() -> Path:
    """Where the font lies."""
    spec = find_spec("noto_cjk_sans_otc")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent


@cache
def known() -> frozenset[int]:
    """The code points that the font has a glyph for."""
    file = next(folder().glob("*.ttc"))
    with TTCollection(str(file), lazy=True) as fonts:
        for font in fonts:
            if font["name"].getDebugName(1) == FAMILY:
                return frozenset(font.getBestCmap())
    raise ValueError(f"{file.name} does not hold {FAMILY}")


def missing(text: str) -> list[str]:
    """The characters of a text that the font does not have, each once."""
    return [c for c in dict.fromkeys(text) if c not in _INVISIBLE and ord(c) not in known()]


def require(sheet: Sheet) -> None:
    """Refuse a sheet with a character that cannot be set. Raises: GlyphMissing with the character and its place."""
    for where, text in texts(sheet):
        found = missing(text)
        if found:
            c = found[0]
            raise GlyphMissing(
                where=where, character=c, point=f"U+{ord(c):04X}", name=unicodedata.name(c, "未定义字符")
            )
