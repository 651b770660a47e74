"""A table as tab-separated lines, one row a line; what merged cells cover stays empty.

The text stands in the first cell of a merged area, the others are empty, so that every row of a table has the same
number of columns and the grammar can fill down. Source: HTML Standard §4.9.12 (forming a table), which Word's
``gridSpan`` and ``vMerge`` (ECMA-376 Part 1 §17.4.17, §17.4.84) map on to.
"""

from dataclasses import dataclass, field

from ronghe.policy.reader.errors import FileBomb
from ronghe.policy.reader.intake.limits import TABLE_CELLS
from ronghe.policy.reader.intake.rendered import join_pieces

# HTML Standard §4.9.11: larger spans are clamped to these.
MAX_COLSPAN = 1000
MAX_ROWSPAN = 65534

# A cell with as many paragraphs is a page's frame and not a datum: its lines must not be run together.
_FRAME_PARAGRAPHS = 25
_PARAGRAPH_CHARS = 20


@dataclass
class Cell:
    """One cell: its lines, and how many columns and rows it covers (``rowspan`` 0: to the end of the table)."""

    lines: list[str] = field(default_factory=list)
    colspan: int = 1
    rowspan: int = 1
    nested_chars: int = 0  # how much of the text is in tables within the cell

    def text(self) -> str:
        """The lines with a space between them: whether a line's end broke a name or parts two, the grammar judges."""
        return " ".join(text for line in self.lines if (text := line.replace("\t", " ").strip()))

    def run_together(self) -> str:
        """The lines as one word (索引 / 号), for cells that are known to hold one datum."""
        return join_pieces([line.replace("\t", " ") for line in self.lines])


@dataclass
class Table:
    """Rows of cells as they stand in the file, before merged cells are laid out."""

    what: str = "表格"
    rows: list[list[Cell]] = field(default_factory=list)

    def is_frame(self) -> bool:
        """Whether the table only arranges a page.

        That is: one column; or most of its text in tables within it; or a cell that holds a whole document.
        """
        cells = [cell for row in self.rows for cell in row]
        nested = sum(cell.nested_chars for cell in cells)
        return (
            all(len(row) <= 1 for row in self.rows)
            or (nested > 0 and 2 * nested > sum(len(line) for cell in cells for line in cell.lines))
            or any(sum(len(line) >= _PARAGRAPH_CHARS for line in cell.lines) >= _FRAME_PARAGRAPHS for cell in cells)
        )

    def flow(self) -> list[str]:
        """The cells' lines one after the other, as if there were no table."""
        return [line for row in self.rows for cell in row for line in cell.lines]

    def lines(self) -> list[str]:
        """What the table contributes to the text: its rows, or its flow when it is only a frame."""
        return self.flow() if self.is_frame() else self.row_lines()

    def row_lines(self) -> list[str]:
        """One tab-separated line a row.

        Raises: FileBomb when the laid-out table has more than ``TABLE_CELLS`` cells.
        """
        placed, starts = self._place()
        columns = sorted(starts)
        if len(columns) * len(placed) > TABLE_CELLS:
            raise FileBomb(what=self.what, reason=f"合并单元格展开后超过 {TABLE_CELLS} 格")
        out = []
        for row in placed:
            # A row that only continues merged cells says nothing.
            if any(row.values()):
                out.append("\t".join(row.get(column, "") for column in columns))
        return out

    def _place(self) -> tuple[list[dict[int, str]], set[int]]:
        """Each row's texts by column, and the columns at which any cell begins."""
        placed: list[dict[int, str]] = []
        starts: set[int] = set()
        covered: dict[int, int] = {}  # column → rows still covered from above
        work = 0
        for row in self.rows:
            texts: dict[int, str] = {}
            below: dict[int, int] = {}
            column = 0
            for cell in row:
                while covered.get(column, 0) > 0:
                    column += 1
                starts.add(column)
                texts[column] = cell.text()
                rowspan = min(cell.rowspan, MAX_ROWSPAN) or MAX_ROWSPAN
                width = max(1, min(cell.colspan, MAX_COLSPAN))
                if rowspan > 1:
                    below.update(dict.fromkeys(range(column, column + width), rowspan - 1))
                column += width
                work += width
            work += len(covered)
            if work > 10 * TABLE_CELLS:
                raise FileBomb(what=self.what, reason="合并单元格过多")
            covered = {c: n - 1 for c, n in covered.items() if n > 1} | below
            placed.append(texts)
        return placed, starts
