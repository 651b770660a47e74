"""Colours of charts on paper: they stay apart in grey print, and words upon them are readable (WCAG 2.1 AA).

Colour never alone: the legend, the labels and the order of the series say the same.
"""

from collections.abc import Iterator, Sequence

from ronghe.kernel.pages.record import Tone

_TONES: dict[Tone, str] = {
    "plain": "#6f7b89",
    "place": "#1d4f8c",
    "good": "#3f8f63",
    "warn": "#f0b93a",
    "bad": "#a3231f",
}
#: How far each further series of the same tone is led to white.
_LIGHTER = (0.0, 0.55, 0.3, 0.75, 0.15, 0.88)
#: Series without a tone, in their order: dark and light by turns.
_WITHOUT_TONE = ("#1d4f8c", "#f0b93a", "#2f8a80", "#d9c7e8", "#6b3a7d", "#c9d3dd")
#: As many series as a reader tells apart.
MOST_SERIES = len(_WITHOUT_TONE)


def fills(tones: Sequence[Tone | None]) -> Iterator[str]:
    """One colour for each series, no two the same within one tone. Args: at most ``MOST_SERIES`` tones."""
    for place, tone in enumerate(tones):
        if tone is None:
            yield _WITHOUT_TONE[tones[:place].count(None)]
        else:
            yield _led_to_white(_TONES[tone], _LIGHTER[tones[:place].count(tone)])


def ink(fill: str) -> str:
    """Black or white, whichever stands out more from ``fill``; the better one is always above 4.5 : 1."""
    return max(("#000000", "#ffffff"), key=lambda one: contrast(one, fill))


def contrast(one: str, other: str) -> float:
    """Contrast of two colours, from 1 to 21. Source: WCAG 2.1, contrast ratio."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _parts(colour: str) -> list[float]:
    return [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]


def _led_to_white(colour: str, share: float) -> str:
    return "#" + "".join(f"{round(255 * (c + (1 - c) * share)):02x}" for c in _parts(colour))
