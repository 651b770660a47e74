"""Ordinal numbers as outlines write them: 一, 十二, ①, 甲, iv.

Source: ECMA-376 Part 1 §17.18.59 (ST_NumberFormat); CSS Counter Styles Level 3 §6 and §7 for web lists.
"""

from collections.abc import Callable
from typing import Final

_DIGITS: Final = "〇一二三四五六七八九"
_LEGAL_DIGITS: Final = "零壹贰叁肆伍陆柒捌玖"
_LEGAL_DIGITS_TRADITIONAL: Final = "零壹貳參肆伍陸柒捌玖"
_STEMS: Final = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES: Final = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN: Final = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
    (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


def chinese(n: int, digits: str = _DIGITS, units: str = "十百千", *, one_before_ten: bool = False) -> str:
    """Counting with units below ten thousand: 十二, 二十, 一百零三. Above that, digit by digit."""
    if not 0 < n < 10_000:
        return chinese_digits(n, digits)
    out = ""
    gap = False
    for place in (3, 2, 1, 0):
        digit = n // 10**place % 10
        if digit == 0:
            gap = bool(out)
            continue
        out += "零" if gap else ""
        gap = False
        out += digits[digit] + (units[place - 1] if place else "")
    # 十二, not 一十二, unless the style is the one of cheques (壹拾贰).
    return out[1:] if 10 <= n < 20 and not one_before_ten else out


def chinese_digits(n: int, digits: str = _DIGITS) -> str:
    """Digit by digit: 一〇三."""
    return "".join(digits[int(d)] if d.isdigit() else d for d in str(n))


def _chinese_counting(n: int) -> str:
    return chinese(n) if n < 100 else chinese_digits(n)


def circled(n: int) -> str:
    """①–㊿; above fifty there is no such character, so the number stands in brackets."""
    if n == 0:
        return "⓪"
    if 1 <= n <= 20:
        return chr(0x2460 + n - 1)
    if 21 <= n <= 35:
        return chr(0x3251 + n - 21)
    if 36 <= n <= 50:
        return chr(0x32B1 + n - 36)
    return f"({n})"


def _letters(n: int) -> str:
    # Word repeats the letter (aa, bb); beyond that the value is kept within reason.
    return chr(ord("a") + (n - 1) % 26) * min((n - 1) // 26 + 1, 30) if n > 0 else str(n)


def _roman(n: int) -> str:
    if not 0 < n < 4000:
        return str(n)
    out = ""
    for value, sign in _ROMAN:
        out += sign * (n // value)
        n %= value
    return out


def _within(first: int, size: int) -> Callable[[int], str]:
    return lambda n: chr(first + n - 1) if 1 <= n <= size else str(n)


def _cycle(signs: str) -> Callable[[int], str]:
    return lambda n: signs[n - 1] if 1 <= n <= len(signs) else str(n)


def _full_width(n: int) -> str:
    return "".join(chr(ord(c) + 0xFEE0) for c in str(n))


def _legal(n: int) -> str:
    return chinese(n, _LEGAL_DIGITS, "拾佰仟", one_before_ten=True)


def _legal_traditional(n: int) -> str:
    return chinese(n, _LEGAL_DIGITS_TRADITIONAL, "拾佰仟", one_before_ten=True)


_FORMATS: Final[dict[str, Callable[[int], str]]] = {
    "decimal": str,
    "none": lambda n: "",
    "decimalZero": lambda n: f"{n:02d}",
    "decimalFullWidth": _full_width,
    "decimalFullWidth2": _full_width,
    "decimalEnclosedCircle": circled,
    "decimalEnclosedCircleChinese": circled,
    "decimalEnclosedParen": _within(0x2474, 20),
    "decimalEnclosedFullstop": _within(0x2488, 20),
    "ideographEnclosedCircle": _within(0x3280, 10),
    "chineseCounting": _chinese_counting,
    "taiwaneseCounting": _chinese_counting,
    # Word on Chinese Windows writes 一、二、 as japaneseCounting more often than under its proper name.
    "japaneseCounting": chinese,
    "chineseCountingThousand": chinese,
    "taiwaneseCountingThousand": chinese,
    "chineseLegalSimplified": _legal,
    "ideographLegalTraditional": _legal_traditional,
    "japaneseLegal": _legal_traditional,
    "ideographDigital": chinese_digits,
    "japaneseDigitalTenThousand": chinese_digits,
    "taiwaneseDigital": chinese_digits,
    "ideographTraditional": _cycle(_STEMS),
    "ideographZodiac": _cycle(_BRANCHES),
    "ideographZodiacTraditional": lambda n: _STEMS[(n - 1) % 10] + _BRANCHES[(n - 1) % 12],
    "lowerLetter": _letters,
    "upperLetter": lambda n: _letters(n).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda n: _roman(n).upper(),
    "numberInDash": lambda n: f"- {n} -",
}


def numeral(n: int, number_format: str) -> str:
    """``n`` in a format of ST_NumberFormat; a format we do not know is written in Arabic digits."""
    # Beyond six digits nobody numbers; a forged start value must not cost time.
    if abs(n) > 999_999:
        return str(n)[:12]
    return _FORMATS.get(number_format, str)(n)
