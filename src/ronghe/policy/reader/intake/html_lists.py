"""Numbers of HTML lists, written out as a browser shows them (HTML Standard §4.4.5, §4.4.8; CSS Lists Level 3 §7)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ronghe.policy.reader.intake.numerals import numeral

_BY_TYPE: Final = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_BY_STYLE: Final = {
    "decimal": "decimal", "decimal-leading-zero": "decimalZero", "lower-alpha": "lowerLetter",
    "upper-alpha": "upperLetter", "lower-latin": "lowerLetter", "upper-latin": "upperLetter",
    "lower-roman": "lowerRoman", "upper-roman": "upperRoman", "cjk-decimal": "ideographDigital",
    "cjk-ideographic": "chineseCountingThousand", "simp-chinese-informal": "chineseCountingThousand",
    "trad-chinese-informal": "chineseCountingThousand", "simp-chinese-formal": "chineseLegalSimplified",
    "trad-chinese-formal": "ideographLegalTraditional", "cjk-heavenly-stem": "ideographTraditional",
    "cjk-earthly-branch": "ideographZodiac",
}  # fmt: skip
_STYLE: Final = re.compile(r"list-style(?:-type)?\s*:\s*([^;]+)", re.IGNORECASE)
_UNNUMBERED: Final = frozenset({"none", "disc", "circle", "square"})
_HAN_FORMATS: Final = frozenset(
    {"chineseCountingThousand", "ideographDigital", "ideographTraditional", "ideographZodiac"}
)


@dataclass
class HtmlList:
    """An open ol or ul; ``number_format`` None means that nothing is counted."""

    number_format: str | None
    next_number: int = 1
    step: int = 1

    def label(self, attributes: Mapping[str, str]) -> str:
        """The number of the next item with its punctuation, or nothing."""
        if self.number_format is None:
            return ""
        own = attributes.get("value", "").strip()
        if re.fullmatch(r"-?\d{1,6}", own):
            self.next_number = int(own)
        sign = numeral(self.next_number, self.number_format)
        self.next_number += self.step
        return f"{sign}、" if self.number_format in _HAN_FORMATS else f"{sign}. "


def open_list(tag: str, attributes: Mapping[str, str]) -> HtmlList:
    """The list that an ol or ul begins."""
    if tag != "ol":
        return HtmlList(None)
    number_format: str | None = _BY_TYPE.get(attributes.get("type", "1").strip(), "decimal")
    if found := _STYLE.search(attributes.get("style", "")):
        words = found[1].lower().split()
        number_format = next((_BY_STYLE[w] for w in words if w in _BY_STYLE), number_format)
        if not _UNNUMBERED.isdisjoint(words):
            number_format = None
    start = attributes.get("start", "").strip()
    first = int(start) if re.fullmatch(r"-?\d{1,6}", start) else 1
    return HtmlList(number_format, first, -1 if "reversed" in attributes and start else 1)


def with_label(label: str, text: str) -> str:
    """The item's text after its number, unless the author has written the number as well."""
    sign = label.rstrip("、. ")
    written = text.lstrip("（( ")
    if sign and written.startswith(sign) and written[len(sign) : len(sign) + 1] in ("、", ".", "．", "）", ")", "，"):
        return text
    return label + text
