"""The lines of a PDF page in reading order; tables as tab-separated rows."""

from collections import defaultdict
from itertools import pairwise
from typing import Final

from ronghe.policy.reader.intake.pdf_glyphs import Glyph, PageLine
from ronghe.policy.reader.intake.pdf_ruling import Grid, Segment, grids
from ronghe.policy.reader.intake.rendered import is_han, join_pieces

# Gaps in heights of a character. Between Latin words a blank is about a quarter; justified Chinese spreads by less than
# one; columns of a table without rules stand at least two apart.
_WORD_GAP: Final = 0.2
_COLUMN_GAP: Final = 2.0
_COLUMN_ROWS: Final = 3


def page_lines(glyphs: list[Glyph], rulings: list[Segment], *, height: float) -> tuple[list[PageLine], bool]:
    """The lines of a page, and whether columns were guessed from gaps (a table without ruled lines)."""
    tables = grids(rulings)
    loose: list[Glyph] = []
    in_cells: list[dict[tuple[int, int], list[Glyph]]] = [defaultdict(list) for _ in tables]
    for glyph in glyphs:
        for table, cells in zip(tables, in_cells, strict=True):
            cell = table.cell_at((glyph.left + glyph.right) / 2, glyph.middle)
            if cell is not None:
                cells[cell].append(glyph)
                break
        else:
            loose.append(glyph)
    height = height or 1.0
    rows = [_segments(line) for line in _visual_lines(loose)]
    guessed = _guess_columns(rows)
    placed: list[tuple[float, list[PageLine]]] = []
    for at, segments in enumerate(rows):
        middle = segments[0][0].middle
        texts = [_line_text(segment) for segment in segments]
        text = "\t".join(texts) if at in guessed else " ".join(t for t in texts if t)
        placed.append((middle, [PageLine(text, middle / height, at in guessed)]))
    for table, cells in zip(tables, in_cells, strict=True):
        placed.append((table.top, [PageLine(row, table.top / height, True) for row in _rows(table, cells)]))
    placed.sort(key=lambda item: -item[0])
    return [line for _, lines in placed for line in lines if line.text.strip()], bool(guessed)


def _rows(table: Grid, cells: dict[tuple[int, int], list[Glyph]]) -> list[str]:
    texts = {cell: join_pieces([_line_text(line) for line in _visual_lines(glyphs)]) for cell, glyphs in cells.items()}
    out = []
    for row in range(len(table.ys) - 1):
        row_texts = [texts.get((row, column), "") for column in range(len(table.xs) - 1)]
        if any(row_texts):
            out.append("\t".join(row_texts))
    return out


def _visual_lines(glyphs: list[Glyph]) -> list[list[Glyph]]:
    """Glyphs that stand on one height, from top to bottom, each line from left to right."""
    lines: list[list[Glyph]] = []
    middle = height = 0.0
    for glyph in sorted(glyphs, key=lambda g: -g.middle):
        # A blank may carry any size; it must not pull two lines together.
        if lines and abs(glyph.middle - middle) < 0.5 * max(height, min(glyph.height, 1.5 * height)):
            lines[-1].append(glyph)
        else:
            lines.append([glyph])
            middle, height = glyph.middle, glyph.height
    for line in lines:
        line.sort(key=lambda g: g.left)
    return [line for line in lines if any(not g.char.isspace() for g in line)]


def _segments(line: list[Glyph]) -> list[list[Glyph]]:
    """Parts of a line with a column's gap between them; blanks at the edges of a gap belong to it."""
    shown = [glyph for glyph in line if not glyph.char.isspace()]
    cuts = {
        id(after)
        for before, after in pairwise(shown)
        if after.left - before.right > _COLUMN_GAP * max(before.height, after.height)
    }
    parts: list[list[Glyph]] = [[]]
    for glyph in line:
        if id(glyph) in cuts:
            parts.append([])
        parts[-1].append(glyph)
    return parts


def _guess_columns(rows: list[list[list[Glyph]]]) -> set[int]:
    """Lines that look like rows: at least three in a run, equally many parts, and the parts begin below one another."""
    guessed: set[int] = set()
    run: list[int] = []
    for at, row in enumerate([*rows, []]):
        if run and _aligned(rows[run[-1]], row):
            run.append(at)
            continue
        if len(run) >= _COLUMN_ROWS:
            guessed.update(run)
        run = [at] if len(row) >= 2 else []
    return guessed


def _aligned(above: list[list[Glyph]], below: list[list[Glyph]]) -> bool:
    if len(above) != len(below):
        return False
    return all(abs(a[0].left - b[0].left) <= 1.5 * a[0].height for a, b in zip(above, below, strict=True))


def _line_text(line: list[Glyph]) -> str:
    """The characters with a blank where Latin words stand apart; Chinese needs none."""
    out: list[str] = []
    before: Glyph | None = None
    for glyph in line:
        # The same glyph drawn twice a hair apart is how some programs print bold.
        if before is not None and glyph.char == before.char and glyph.left - before.left < 0.15 * glyph.height:
            continue
        if (
            before is not None
            and glyph.left - before.right > _WORD_GAP * glyph.height
            and not (is_han(before.char) or is_han(glyph.char))
            and not (before.char.isspace() or glyph.char.isspace())
        ):
            out.append(" ")
        out.append(glyph.char)
        before = glyph
    return " ".join("".join(out).split(" ")).strip()
