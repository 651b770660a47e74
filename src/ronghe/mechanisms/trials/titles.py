"""What verdicts, changes and figures of trials are called on pages, in exports and on the command line."""

from fractions import Fraction
from typing import Any

from ronghe.kernel.pages.record import Tone
from ronghe.policy.values import figure

from .evaluation import Change
from .models import Trial

VERDICTS: dict[str, str] = {"passed": "通过", "failed": "未通过", "undecidable": "无法判定", "value": "有结果"}
VERDICT_TONES: dict[str, Tone] = {"passed": "good", "failed": "bad", "undecidable": "warn", "value": "plain"}
STATE_TONES: dict[str, Tone] = {
    "draft": "plain",
    "queued": "plain",
    "running": "place",
    "done": "good",
    "cancelled": "warn",
    "failed": "bad",
}
_TRUTHS = {"true": "是", "false": "否"}
_OF_VERDICTS = {
    Change.GAINED: "转为通过",
    Change.LOST: "不再通过",
    Change.OTHER: "其他变化",
    Change.SAME: "不变",
}
_OF_FIGURES = {Change.GAINED: "增加", Change.LOST: "减少", Change.OTHER: "其他变化", Change.SAME: "不变"}


def verdict_title(verdict: str) -> str:
    return VERDICTS.get(verdict, verdict)


def change_titles(of: Trial) -> dict[str, str]:
    """Gain and loss are verdicts that turn, or figures that grow and shrink."""
    titles = _OF_FIGURES if (of.summary or {}).get("figures") else _OF_VERDICTS
    return {one.value: title for one, title in titles.items()}


def shown_value(value: str, *, is_number: bool) -> str:
    """A result or fact in its written form as people read it: a figure with its groups, yes and no, a text as it is.

    Only who knows the kind can tell: the code ``007`` is no figure.
    """
    if not is_number:
        return _TRUTHS.get(value, value)
    number = Fraction(value)
    return figure(number) if number.denominator <= 10_000 else f"约 {float(number):,.4f}"


def spelled(value: str, *, is_number: bool) -> str:
    """The same for a program: without groups, a decimal where that is exact, else a fraction."""
    if not is_number:
        return _TRUTHS.get(value, value)
    number = Fraction(value)
    places = next((n for n in range(13) if (number * 10**n).denominator == 1), None)
    if places is None:
        return value
    digits = f"{abs(int(number * 10**places)):0{places + 1}}"
    whole, part = (digits[:-places], digits[-places:]) if places else (digits, "")
    return ("-" if number < 0 else "") + (f"{whole}.{part}" if part else whole)


def shown_number(number: Any) -> str:
    """A figure of a chart, to at most four places."""
    return f"{number:,.4f}".rstrip("0").rstrip(".") if isinstance(number, int | float) else ""
