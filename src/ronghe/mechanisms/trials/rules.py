"""How figures are laid out in a chart: pure."""

from math import ceil, floor, log10


def edges(least: float, most: float, bars: int) -> list[float]:
    """The bounds of about ``bars`` equal steps that hold everything from ``least`` to ``most``, at round figures.

    A step is 1, 2 or 5 times a power of ten, so that bounds read well; the last bound is never below ``most``.
    """
    rough = (most - least) / bars
    if rough <= max(abs(least), abs(most)) * 1e-12 or rough < 1e-300:
        return [least, most]  # beyond what a figure of a chart can tell apart
    power = 10.0 ** floor(log10(rough))
    step = next(power * nice for nice in (1, 2, 5, 10) if power * nice >= rough * (1 - 1e-9))
    first, last = floor(least / step), ceil(most / step)
    places = max(0, -floor(log10(step)))
    return [round(at * step, places) for at in range(first, max(last, first + 1) + 1)]
