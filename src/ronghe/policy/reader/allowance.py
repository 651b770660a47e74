"""How much a reading may say (解读结果的上限).

What a heading orders is repeated for all tasks below it, and a merged cell for all its rows: a text of a million
characters could so be made to say a thousand million. A plan repeats a few names some hundred times; whatever says
more than this is refused before it takes the memory.
"""

from __future__ import annotations

from typing import Final

from ronghe.policy.reader.errors import FileTooRepetitive

#: Five times the longest text (``intake.limits.TEXT_CHARS``); written out it is about 30 MB.
ANSWER_CHARS: Final = 5_000_000
#: What an item of a list takes in memory and in JSON beside its own characters.
_ITEM: Final = 8


class Allowance:
    """What one step of a reading may still say."""

    def __init__(self) -> None:
        self._left = ANSWER_CHARS

    def take(self, *texts: str) -> None:
        """Take so many characters off what is left. Raises: FileTooRepetitive."""
        self._left -= sum(map(len, texts)) + _ITEM * len(texts)
        if self._left < 0:
            raise FileTooRepetitive(limit_chars=ANSWER_CHARS)
