"""How much the reading of one file may take."""

from typing import Final

from ronghe.kernel.files.limits import MB

#: The process that opens the file: seconds of its CPU, bytes of its memory and of what it writes.
CPU_SECONDS: Final = 240
ADDRESS_SPACE: Final = 6 * 1024 * MB
WRITTEN_BYTES: Final = 2 * 1024 * MB
#: What a Shapefile archive may unpack to.
UNPACKED_BYTES: Final = 600 * MB

MOST_FEATURES: Final = 200_000
MOST_POINTS: Final = 20_000_000
MOST_FIELDS: Final = 100
#: Of a text attribute, as many characters are read.
MOST_CHARACTERS: Final = 500
