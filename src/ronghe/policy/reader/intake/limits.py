"""How much the intake reads at most, and why.

A real plan is 7 000 to 60 000 characters, less than 3 MB as docx. Every limit is at least ten times that, and low
enough that reading stays below 600 MB of memory (``tests/policy/intake/test_memory.py`` measures it); the process that
opens a PDF has a limit of its own, ``PDF_ADDRESS_SPACE``.
"""

from typing import Final

MB: Final = 1024 * 1024

# A docx or pdf with photographs seldom passes 20 MB. Larger files are refused by their size, before they are read.
FILE_BYTES: Final = 30 * MB

# Sixteen times the longest plan, five times the longest that is likely. The grammar keeps every clause, annotation and
# place until its last check is done. Measured at this limit: a plan takes 84 MB and two seconds of one core, the program
# included; texts made to be dear, each line or bracket a clause or task of its own, up to 430 MB and 17 s. All stay
# below 1 GB and in proportion to the text (``tests/policy/test_bounds.py``). How often one annotation may be repeated
# for others is bounded in ``allowance``.
TEXT_CHARS: Final = 1_000_000
# A line is at least a clause: the dearest text is one of very short lines. A plan has some 40 characters a line.
TEXT_LINES: Final = 200_000

# Only pages with a text layer are costly, but a plan of more than 2000 pages is some other book.
PDF_PAGES: Final = 2000

# What the process that opens the PDF may use. Address space, not only resident memory, is what Linux can limit;
# the interpreter and PDFium map about 200 MB before the first page.
PDF_ADDRESS_SPACE: Final = 1024 * MB
PDF_CPU_SECONDS: Final = 120

# A docx is a zip. Pictures hardly shrink, so the declared sum stays near the file size; XML shrinks 10 to 60 times.
# Deflate can reach 1032 times: that is only reached by a bomb.
ZIP_ENTRIES: Final = 5000
ZIP_SUM_BYTES: Final = 256 * MB
ZIP_RATIO: Final = 200
ZIP_RATIO_FROM_BYTES: Final = 8 * MB

# One XML part of a docx. A plan of 60 000 characters with all of Word's revision marks is about 6 MB.
XML_PART_BYTES: Final = 32 * MB
# A node of libxml2 takes some 120 bytes, an attribute some 200: with these counts a tree stays below 350 MB.
XML_TAGS: Final = 1_000_000
XML_ATTRIBUTES: Final = 1_000_000

# One web page without the pictures written into it. A plan saved by Word as a page is about 3 MB. No tree is built, but
# a single tag of 10 million characters holds a million attributes, and these stand in memory at once.
HTML_CHARS: Final = 12_000_000
HTML_ELEMENTS: Final = 1_000_000
# libxml2 looks through all open elements for each end tag: this bounds open elements × end tags (about five seconds).
HTML_END_TAG_WORK: Final = 3_000_000_000
# Old sites nest ten tables to arrange a page; each level copies its lines once.
HTML_TABLE_DEPTH: Final = 40

# Cells of one table after merged cells are laid out (a span of 1000 × 1000 costs the writer thirty bytes).
TABLE_CELLS: Final = 1_000_000

# A note is read by a person.
NOTE_CHARS: Final = 200
FOOTNOTES_NOTED: Final = 30
