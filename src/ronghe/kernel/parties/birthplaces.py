"""County codes in identity numbers and credit codes: known at all, and known in a given year (GB/T 2260 with history)."""

import re

from stdnum import numdb

_PERIOD = re.compile(r"\[(\d{4})?-(\d{4})?\](.*)")


def oddness(code: str, year: int) -> str:
    """What is odd about a county code in an identity number of somebody born in ``year``; empty when nothing is."""
    names = _names(code)
    if not names:
        return f"前六位“{code}”不在区划代码表中，请核对证件"
    for name in names:
        held = _PERIOD.fullmatch(name)
        if held is None or (int(held[1] or 0) <= year <= int(held[2] or 9999)):
            return ""
    held = _PERIOD.fullmatch(names[0])
    assert held is not None
    since = f"{held[1]} 年启用" if held[1] and int(held[1]) > year else f"{held[2]} 年停用"
    return f"前六位“{code}”（{held[3]}）{since}，与出生年份 {year} 不合；可能是迁移或改制后编号，请核对证件"


def unknown_region(code: str) -> str:
    """What is odd about a region in a credit code, where years say nothing; provinces, cities and 100000 are known."""
    if code == "100000" or code.endswith("0000") or _names(code):
        return ""
    return f"第 3 至 8 位“{code}”不在区划代码表中，请核对证照"


def _names(code: str) -> list[str]:
    """Names of a county code, each with the years in which it was used where they are limited."""
    found: dict[str, str] = {}
    for _, facts in numdb.get("cn/loc").info(code):
        found.update(facts)
    return [name.strip() for name in found.get("county", "").split(",") if name.strip()]
