"""Small documents for the tests, made by hand so that each test shows what stands in the file."""

import io
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def docx_of(body: str, *, more: dict[str, bytes] | None = None, w: str = W, **parts: str) -> bytes:
    """A docx whose body is ``body``; ``numbering``, ``styles``, ``footnotes`` are the insides of those parts."""
    names = {"document": f"<w:body>{body}</w:body>", **parts}
    rels = "".join(
        f'<Relationship Id="r{n}" Type="{_REL}/{name}" Target="{name}.xml"/>' for n, name in enumerate(names) if n
    )
    files: dict[str, str | bytes] = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": _relationships(
            f'<Relationship Id="d" Type="{_REL}/officeDocument" Target="word/document.xml"/>'
        ),
        "word/_rels/document.xml.rels": _relationships(rels),
        **{
            f"word/{name}.xml": f'<w:{name} xmlns:w="{w}" xmlns:mc="{MC}">{xml}</w:{name}>'
            for name, xml in names.items()
        },
        **(more or {}),
    }
    return zip_of(files)


def zip_of(files: dict[str, str | bytes]) -> bytes:
    """A zip archive with these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files.items():
            package.writestr(name, content)
    return out.getvalue()


def blank_docx(size: int) -> bytes:
    """A docx whose main part is so many blanks, made in steps: the tests shall not need the memory they forbid."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        with package.open("word/document.xml", "w") as part:
            for _ in range(size >> 20):
                part.write(b" " * (1 << 20))
    return out.getvalue()


def _relationships(inside: str) -> str:
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{inside}</Relationships>'
    )


def p(text: str, props: str = "") -> str:
    """A paragraph of one run."""
    return f"<w:p><w:pPr>{props}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def numbered(text: str, level: int, num: int = 1) -> str:
    """A paragraph with Word's automatic numbering."""
    return p(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{num}"/></w:numPr>')


def level(at: int, number_format: str, text: str, more: str = "", start: int | None = 1) -> str:
    """One level of a list."""
    first = "" if start is None else f'<w:start w:val="{start}"/>'
    return f'<w:lvl w:ilvl="{at}">{first}<w:numFmt w:val="{number_format}"/>{more}<w:lvlText w:val="{text}"/></w:lvl>'


def numbering(*levels: str, nums: str = '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>') -> str:
    """A numbering part with one abstract list."""
    return f'<w:abstractNum w:abstractNumId="0">{"".join(levels)}</w:abstractNum>{nums}'


@dataclass
class Page:
    """A page of a test PDF: texts at (x, y, size) and lines between points; optionally a picture over it all."""

    texts: list[tuple[float, float, float, str]] = field(default_factory=list)
    rules: list[tuple[float, float, float, float]] = field(default_factory=list)
    picture: bool = False
    rotate: int = 0
    sideways: bool = False  # the text is drawn upwards, as converters do on a page that is turned by 90°


def plain_page(
    lines: Iterable[str], *, size: float = 16, foot: str = "", head: str = "", picture: bool = False
) -> Page:
    """A page with lines from top to bottom."""
    texts = [(90.0, 740 - 28.0 * n, size, line) for n, line in enumerate(lines)]
    texts += [(280, 40, 12, foot)] if foot else []
    texts += [(90, 805, 10, head)] if head else []
    return Page(texts, picture=picture)


def ruled_table(xs: list[float], ys: list[float]) -> list[tuple[float, float, float, float]]:
    """All borders of a table, drawn cell by cell as Word's converter does."""
    across = [(a, y, b, y) for y in ys for a, b in pairwise(xs)]
    upright = [(x, a, x, b) for x in xs for a, b in pairwise(ys)]
    return across + upright


def pdf_of(*pages: Page, trailer: str = "") -> bytes:
    """A PDF in the predefined Chinese font STSong-Light, which every reader maps to Unicode (ISO 32000-1 §9.7.5.2)."""
    objects: list[bytes] = [b"", b""]  # catalog and pages come last, but have the first numbers
    objects.append(b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[4 0 R]>>")
    objects.append(
        b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/DW 1000"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>/FontDescriptor 5 0 R>>"
    )
    objects.append(
        b"<</Type/FontDescriptor/FontName/STSong-Light/Flags 4/FontBBox[-25 -254 1000 880]/ItalicAngle 0"
        b"/Ascent 880/Descent -120/CapHeight 880/StemV 93>>"
    )
    pixel = zlib.compress(b"\x80")
    objects.append(
        b"<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/FlateDecode"
        b"/Length %d>>stream\n%s\nendstream" % (len(pixel), pixel)
    )
    kids = []
    for page in pages:
        content = _content(page)
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(content), content))
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Rotate %d/Contents %d 0 R"
            b"/Resources<</Font<</F 3 0 R>>/XObject<</I 6 0 R>>>>>>" % (page.rotate, len(objects))
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[0] = b"<</Type/Catalog/Pages 2 0 R>>"
    objects[1] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(kids), b" ".join(kids))
    return _file(objects, trailer)


def _content(page: Page) -> bytes:
    out = [f"{a} {b} m {c} {d} l S" for a, b, c, d in page.rules]
    out += ["q 595 0 0 842 0 0 cm /I Do Q"] if page.picture else []
    out += [
        f"BT /F {size} Tf {f'0 1 -1 0 {x} {y} Tm' if page.sideways else f'{x} {y} Td'} "
        f"<{text.encode('utf-16-be').hex()}> Tj ET"
        for x, y, size, text in page.texts
        if text
    ]
    return "\n".join(out).encode("ascii")


def _file(objects: list[bytes], trailer: str) -> bytes:
    out = io.BytesIO()
    out.write(b"%PDF-1.7\n")
    offsets = []
    for number, content in enumerate(objects, 1):
        offsets.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.writelines(b"%010d 00000 n \n" % offset for offset in offsets)
    out.write(b"trailer\n<</Size %d/Root 1 0 R%s>>\n" % (len(objects) + 1, trailer.encode("ascii")))
    out.write(b"startxref\n%d\n%%%%EOF\n" % start)
    return out.getvalue()
