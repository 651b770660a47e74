"""The typesetter: typst with the one font, from data only. One typesetter of a process sets one page after the other."""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import typst

from . import glyphs

_TYPESETTER = Lock()
_HERE = Path(__file__).parent
#: Fine enough for print.
_DOTS_PER_INCH = 220


@cache
def _compiler(page: str) -> typst.Compiler:
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(glyphs.folder())])
    return typst.Compiler(str(_HERE / page), root=str(_HERE), font_paths=fonts)


def paper(data: Mapping[str, Any], *, qr: str = "", at: datetime) -> bytes:
    """A sheet's data as PDF/A-2u, dated ``at``: the same data give the same bytes."""
    given = {"data": json.dumps(data, ensure_ascii=False)} | ({"qr": qr} if qr else {})
    return _made("paper.typ", format="pdf", sys_inputs=given, pdf_standards=["a-2u"], timestamp=int(at.timestamp()))


def picture(data: Mapping[str, Any]) -> bytes:
    """A chart's data as PNG, 156 mm wide: the drawing that stands in the PDF."""
    given = {"data": json.dumps(data, ensure_ascii=False)}
    return _made("drawing.typ", format="png", sys_inputs=given, ppi=_DOTS_PER_INCH)


def _made(page: str, **given: Any) -> bytes:
    with _TYPESETTER:
        made = _compiler(page).compile(**given)
    assert isinstance(made, bytes)
    return made
