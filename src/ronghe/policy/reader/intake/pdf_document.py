"""From an open PDF to text: what each page shows, less page numbers and running heads."""

import ctypes
from collections.abc import Iterator
from typing import Any, Final

import pypdfium2
import pypdfium2.raw as pdfium

from ronghe.policy.reader.errors import (
    FileDamaged,
    FileEncrypted,
    FileGarbledPdf,
    FileScannedPdf,
    FileTooManyPages,
    FileWithoutText,
)
from ronghe.policy.reader.intake.encodings import plausibility
from ronghe.policy.reader.intake.limits import PDF_PAGES
from ronghe.policy.reader.intake.pdf_furniture import without_furniture
from ronghe.policy.reader.intake.pdf_glyphs import Glyph, PageLine, unified
from ronghe.policy.reader.intake.pdf_layout import page_lines
from ronghe.policy.reader.intake.pdf_ruling import Segment
from ronghe.policy.reader.intake.rendered import Rendered, check_length, text_of

WHAT: Final = "PDF 文件"
# A scanned page may bear a line of the scanning program or an invisible stamp.
_SCANNED_BELOW_CHARS: Final = 30
_SCANNED_IMAGE_SHARE: Final = 0.5
_GARBLED_SHARE: Final = 0.3
# Without a table of characters a font's glyph numbers come out as if they were Unicode: hardly one is a common character.
_GARBLED_PLAUSIBILITY: Final = 0.1
_GARBLED_FROM_CHARS: Final = 100
# A page with more ruling lines than this is a drawing.
_RULINGS: Final = 4000


def read_pdf(data: bytes) -> Rendered:
    """The text of a PDF.

    Raises: FileScannedPdf, FileEncrypted, FileGarbledPdf, FileTooManyPages, FileTooLong, FileDamaged,
        FileWithoutText.
    """
    document = _opened(data)
    try:
        count = len(document)
        if count > PDF_PAGES:
            raise FileTooManyPages(pages=count, limit_pages=PDF_PAGES)
        if count == 0:
            raise FileDamaged(what=WHAT, reason="没有一页")
        return _read(document, count)
    finally:
        document.close()


def _opened(data: bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
            raise FileEncrypted(what=WHAT) from error
        raise FileDamaged(what=WHAT, reason="无法打开") from error


def _read(document: pypdfium2.PdfDocument, count: int) -> Rendered:
    pages: list[list[PageLine]] = []
    numbers: list[int] = []  # of the pages that were read
    scanned: list[int] = []
    failed: list[int] = []
    guessed: list[int] = []
    total = bad = radicals = 0
    for number in range(1, count + 1):
        try:
            page = document[number - 1]
        except pypdfium2.PdfiumError:
            failed.append(number)
            continue
        glyphs = _glyphs(page)
        total += len(glyphs)
        check_length(total)
        bad += sum(glyph.is_bad for glyph in glyphs)
        if len(glyphs) < _SCANNED_BELOW_CHARS and _image_share(page) > _SCANNED_IMAGE_SHARE:
            scanned.append(number)
            page.close()
            continue
        rulings = _rulings(page)
        lines, guessed_columns = page_lines(glyphs, rulings, height=page.get_height())
        guessed += [number] if guessed_columns else []
        radicals += sum(glyph.was_radical for glyph in glyphs)
        pages.append(lines)
        numbers.append(number)
        page.close()
    if scanned and not any(pages):
        raise FileScannedPdf(pages=count)
    if failed and not any(pages):
        raise FileDamaged(what=WHAT, reason="各页都无法打开")
    if bad > _GARBLED_SHARE * total:
        raise FileGarbledPdf(total=total, bad=bad)
    text = text_of(without_furniture(pages))
    if not text:
        raise FileScannedPdf(pages=count) if scanned else FileWithoutText(what=WHAT, images=0)
    broken = [number for number, *both in zip(numbers, pages, pages[1:], strict=False) if _table_runs_on(*both)]
    beyond_ascii = sum(c > "\x7f" for c in text)
    if beyond_ascii >= _GARBLED_FROM_CHARS and plausibility(text) < _GARBLED_PLAUSIBILITY:
        raise FileGarbledPdf(total=total, bad=beyond_ascii)
    notes = [
        (scanned, f"第 {_numbers(scanned)} 页是扫描图片，没有文字层，没有读入；请补充这些页的文字。"),
        (failed, f"第 {_numbers(failed)} 页已损坏，没有读入。"),
        (bad, f"有 {bad} 个字符没有对应的编码，已以 U+FFFD（�）代替。"),
        (radicals, f"有 {radicals} 个汉字在文件中写作部首编码，已换成对应的汉字。"),
        (guessed, f"第 {_numbers(guessed)} 页的表格没有框线，列是按字符位置推断的，请核对。"),
        (broken, f"第 {_numbers(broken)} 页末的表格延续到下一页，跨页的一行可能成了两行，请核对。"),
    ]
    return Rendered(text, None, count, tuple(note for holds, note in notes if holds))


def _table_runs_on(above: list[PageLine], below: list[PageLine]) -> bool:
    """Whether a table stands at the foot of one page and at the head of the next; a page number may be between."""
    return any(line.is_row for line in above[-2:]) and any(line.is_row for line in below[:2])


def _numbers(pages: list[int]) -> str:
    shown = "、".join(map(str, pages[:20]))
    return f"{shown} 等 {len(pages)}" if len(pages) > 20 else shown


def _glyphs(page: pypdfium2.PdfPage) -> list[Glyph]:
    """The characters of a page with their places, upright whatever the page's rotation."""
    turn = _Turn(page)
    textpage = page.get_textpage()
    box = pdfium.FS_RECTF()
    glyphs: list[Glyph] = []
    for at in range(textpage.count_chars()):
        # Generated ones are PDFium's guesses at line ends and blanks; the places say it better.
        if pdfium.FPDFText_IsGenerated(textpage, at) == 1:
            continue
        char = unified(pdfium.FPDFText_GetUnicode(textpage, at))
        if char is None or not pdfium.FPDFText_GetLooseCharBox(textpage, at, ctypes.byref(box)):
            continue
        left, top = turn(box.left, box.top)
        right, bottom = turn(box.right, box.bottom)
        glyphs.append(
            Glyph(
                char.text,
                min(left, right),
                min(top, bottom),
                max(left, right),
                max(top, bottom),
                char.bad,
                char.radical,
            )
        )
    textpage.close()
    return glyphs


class _Turn:
    """Page space to what the reader sees (/Rotate, ISO 32000-1 Table 30)."""

    def __init__(self, page: pypdfium2.PdfPage) -> None:
        self._rotation = page.get_rotation()
        self._width, self._height = page.get_width(), page.get_height()

    def __call__(self, x: float, y: float) -> tuple[float, float]:
        match self._rotation:
            case 90:
                return y, self._height - x
            case 180:
                return self._width - x, self._height - y
            case 270:
                return self._width - y, x
        return x, y


def _image_share(page: pypdfium2.PdfPage) -> float:
    area = page.get_width() * page.get_height()
    covered = 0.0
    for image in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        left, bottom, right, top = image.get_bounds()
        covered += max(0.0, right - left) * max(0.0, top - bottom)
    return covered / area if area else 0.0


def _rulings(page: pypdfium2.PdfPage) -> list[Segment]:
    """The straight horizontal and vertical lines of a page: the frames of tables."""
    turn = _Turn(page)
    found: list[Segment] = []
    for path in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH], max_depth=1):
        for (x1, y1), (x2, y2) in _edges(path):
            segment = Segment.between(*turn(x1, y1), *turn(x2, y2))
            if segment is not None:
                found.append(segment)
        if len(found) > _RULINGS:
            return []
    return found


def _edges(path: Any) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    """The straight edges of a path in page space, closing edges included."""
    a, b, c, d, e, f = path.get_matrix().get()
    x, y = ctypes.c_float(), ctypes.c_float()
    first = last = (0.0, 0.0)
    for at in range(min(pdfium.FPDFPath_CountSegments(path), _RULINGS)):
        segment = pdfium.FPDFPath_GetPathSegment(path, at)
        if not pdfium.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y)):
            return
        point = (a * x.value + c * y.value + e, b * x.value + d * y.value + f)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            first = point
        elif kind == pdfium.FPDF_SEGMENT_LINETO:
            yield last, point
        if pdfium.FPDFPathSegment_GetClose(segment):
            yield point, first
        last = point
