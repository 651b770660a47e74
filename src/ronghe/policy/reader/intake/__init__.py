"""Intake of the plan reader: a file of any supported kind → the decoded text, one paragraph or table row a line.

Nothing is corrected here: what the file says is what the grammar gets. What is left out (footnotes, furniture of web
pages, page numbers) is fixed by kind and said in the notes where a person might miss it.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from ronghe.policy.reader.errors import FileEmpty
from ronghe.policy.reader.intake.docx import docx_text
from ronghe.policy.reader.intake.encodings import decode
from ronghe.policy.reader.intake.html import html_text
from ronghe.policy.reader.intake.pdf import pdf_text
from ronghe.policy.reader.intake.rendered import Rendered, check_size
from ronghe.policy.reader.intake.sniff import Kind, kind_of, suffix_kind
from ronghe.policy.reader.intake.source import bytes_of

__all__ = ["Intake", "Kind", "read_text"]

_KNOWN_SUFFIXES = frozenset({"txt", "docx", "pdf", "html", "doc", "wps", "rtf", "ofd", "xlsx", "xls", "zip"})


@dataclass(frozen=True)
class Intake:
    """The decoded text of a document and where it comes from.

    ``text`` has no byte order mark; line ends of a txt are as in the file. ``encoding`` is a Python codec name, None
    for docx and pdf. ``pages`` is known for pdf only. ``notes`` are sentences in Chinese for the person who confirms.
    """

    text: str
    kind: Kind
    encoding: str | None
    pages: int | None
    sha256: str
    notes: tuple[str, ...]


def read_text(source: Path | bytes, *, name: str = "") -> Intake:
    """Read a document into text. The kind is found from the content; a name that says otherwise gives a note.

    Raises: UnreadableDocument (always one of its subclasses), never anything else for any bytes.
    """
    if isinstance(source, Path) and not name:
        name = source.name or str(source)
    data = bytes_of(source, name)
    kind = kind_of(data, name)
    rendered = _RENDER[kind](data)
    if not rendered.text.strip():
        raise FileEmpty(name=name)
    check_size(rendered.text)
    return Intake(
        text=rendered.text,
        kind=kind,
        encoding=rendered.encoding,
        pages=rendered.pages,
        sha256=hashlib.sha256(data).hexdigest(),
        notes=(*_name_notes(name, kind), *rendered.notes),
    )


def _name_notes(name: str, kind: Kind) -> tuple[str, ...]:
    promised = suffix_kind(name)
    if promised == kind or promised not in _KNOWN_SUFFIXES:
        return ()
    return (f"文件名以 .{name.rpartition('.')[2]} 结尾，但内容是 {kind}，已按内容读取。",)


def _txt_text(data: bytes) -> Rendered:
    decoded = decode(data)
    return Rendered(decoded.text, decoded.encoding, None, decoded.notes)


_RENDER = {"txt": _txt_text, "docx": docx_text, "pdf": pdf_text, "html": html_text}
