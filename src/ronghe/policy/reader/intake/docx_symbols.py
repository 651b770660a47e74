"""Characters of Word's symbol fonts as Unicode: bullets and circled digits (w:sym, ECMA-376 Part 1 §17.3.3.30)."""

from typing import Final

_WINGDINGS: Final = {
    0x6C: "●", 0x6E: "■", 0x6F: "□", 0x71: "❑", 0x75: "◆", 0x76: "❖", 0x77: "◆", 0x9F: "•", 0xA1: "○", 0xA7: "▪",
    0xA8: "□", 0xD8: "➢", 0xE0: "→", 0xF0: "⇨", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
    **{0x80 + n: "⓪①②③④⑤⑥⑦⑧⑨⑩"[n] for n in range(11)},
    **{0x8B + n: "⓿❶❷❸❹❺❻❼❽❾❿"[n] for n in range(11)},
}  # fmt: skip
_WINGDINGS_2: Final = {
    0x50: "✓", 0x51: "✗", 0x52: "☑", 0x53: "☒", 0xA3: "□", 0x97: "●", 0x98: "•",
    **{0x69 + n: "⓪①②③④⑤⑥⑦⑧⑨⑩"[n] for n in range(11)},
}  # fmt: skip
_SYMBOL: Final = {
    0xB7: "•", 0xB1: "±", 0xB4: "×", 0xB8: "÷", 0xB9: "≠", 0xBB: "≈", 0xA3: "≤", 0xB3: "≥", 0xB0: "°", 0xA5: "∞",
    0xAE: "→", 0xAC: "←", 0x61: "α", 0x62: "β", 0x67: "γ", 0x64: "δ", 0x6D: "μ", 0x70: "π", 0x53: "Σ", 0x44: "Δ",
}  # fmt: skip
_FONTS: Final = {"wingdings": _WINGDINGS, "wingdings 2": _WINGDINGS_2, "symbol": _SYMBOL}


def symbol(font: str, code: str) -> str:
    """The character for a hexadecimal code in a font; U+FFFD where we do not know it."""
    try:
        point = int(code[:8], 16)
    except ValueError:
        return "\ufffd"
    # Symbol fonts lie at F000–F0FF; the low byte is the place in the font.
    low = point - 0xF000 if 0xF000 <= point <= 0xF0FF else point
    known = _FONTS.get(font.strip().lower(), {}).get(low)
    if known is not None:
        return known
    ordinary = 0x20 < point < 0xD800 or 0xF900 <= point <= 0xFFEF
    return chr(point) if ordinary and font.strip().lower() not in _FONTS else "\ufffd"
