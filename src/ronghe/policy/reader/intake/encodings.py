"""Bytes → text, for files that do not say (or wrongly say) in what encoding they are written.

Order: byte order mark; strict UTF-8; then every encoding of Chinese that can be right is tried on a sample and the
one whose characters are common ones wins. Statistics of bytes (charset-normalizer) are asked only when none of this
decides: on short Chinese texts they are often wrong.
"""

import codecs
import re
from dataclasses import dataclass
from typing import Final

from charset_normalizer import from_bytes

from ronghe.policy.reader.errors import FileNotText
from ronghe.policy.reader.intake.common_hanzi import COMMON_HANZI

# UTF-32 before UTF-16: the mark of UTF-32 LE begins with that of UTF-16 LE.
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDE: Final = ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be")
# The first of two equally plausible ones wins. Big5 with the Hong Kong supplement is a superset of what is met.
_NARROW: Final = ("gb18030", "big5hkscs", "cp950")

# A sample is divisible by four (UTF-32) and long enough that chance plays no part.
_SAMPLE_BYTES: Final = 64 * 1024

# A right decoding scores about 0.6, a wrong one about 0.03 (``common_hanzi``).
_PLAUSIBLE: Final = 0.2

# Damage that a reader can live with: one character in fifty of those beyond ASCII, one in five hundred of all.
_DAMAGED_BEYOND_ASCII: Final = 0.02
_DAMAGED_OF_ALL: Final = 0.002

_BLANK: Final = frozenset("\t\n\r\f\v\x1a\x85")
_REPLACEMENT: Final = "\ufffd"


@dataclass(frozen=True)
class Decoded:
    """Text, the Python name of its encoding, and notes on what had to be replaced."""

    text: str
    encoding: str
    notes: tuple[str, ...] = ()


def decode(data: bytes, *, declared: str | None = None) -> Decoded:
    """The text of ``data``, without a byte order mark; line ends are kept as they are.

    Args: declared is what the file itself claims (an HTML ``meta``): believed if the bytes agree.
    Raises: FileNotText.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            decoded = _lenient(data[len(mark) :], encoding)
            if decoded is None:
                raise FileNotText(tried=encoding)
            return decoded
    decoded = _unmarked(data, declared)
    if decoded is None:
        raise FileNotText(tried="utf-8 utf-16 utf-32 gb18030 big5")
    return decoded


def plausibility(text: str) -> float:
    """Share of common characters among those beyond ASCII; control and unassigned characters count against it."""
    beyond = [c for c in text if c > "\x7f" or (c < " " and c not in _BLANK)]
    if not beyond:
        return 0.5  # plain ASCII: possible, but any Chinese reading of the same bytes is better
    good = 0.0
    for c in beyond:
        if c in COMMON_HANZI:
            good += 1
        elif "\u3000" <= c <= "\u303f" or "\uff01" <= c <= "\uff5e" or c in "“”‘’—…·":
            good += 0.6
        elif c < " " or "\ue000" <= c <= "\uf8ff" or c >= "\uffff" or c == _REPLACEMENT:
            good -= 1
    return good / len(beyond)


def _unmarked(data: bytes, declared: str | None) -> Decoded | None:
    has_nul = b"\0" in data
    if not has_nul:
        strict = _strict(data, "utf-8")
        if strict is not None:
            return strict
    if has_nul and (wide := _best(data, _WIDE)):
        return wide
    if declared and (told := _as_declared(data, declared)):
        return told
    damaged = _lenient(data, "utf-8")
    if damaged is not None:
        return damaged
    # UTF-16 of pure Chinese without an ASCII character holds no NUL.
    return _best(data, _NARROW + _WIDE[2:]) or _guessed(data)


def _as_declared(data: bytes, declared: str) -> Decoded | None:
    # GB2312 and GBK are what pages say when they mean GB18030, of which both are parts.
    name = declared.strip().lower().replace("_", "-")
    encoding = {"gb2312": "gb18030", "gbk": "gb18030", "gb-2312": "gb18030", "big5": "big5hkscs"}.get(name, name)
    if encoding not in (*_NARROW, *_WIDE, "gb18030"):
        return None
    decoded = _lenient(data, encoding)
    return decoded if decoded and plausibility(decoded.text[:_SAMPLE_BYTES]) >= _PLAUSIBLE else None


def _best(data: bytes, encodings: tuple[str, ...]) -> Decoded | None:
    """The most plausible of the encodings in which the bytes are (nearly) all valid."""
    sample = data[:_SAMPLE_BYTES]
    scored = sorted(
        ((plausibility(sample.decode(e, "replace")), -i, e) for i, e in enumerate(encodings)),
        reverse=True,
    )
    for score, _, encoding in scored:
        if score < _PLAUSIBLE:
            break
        decoded = _lenient(data, encoding)
        if decoded is not None:
            return decoded
    return None


def _strict(data: bytes, encoding: str) -> Decoded | None:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    return _checked(text, encoding, replaced=0)


def _lenient(data: bytes, encoding: str) -> Decoded | None:
    """Decode; a few bad bytes become U+FFFD and a note, many mean that this is not the encoding."""
    strict = _strict(data, encoding)
    if strict is not None:
        return strict
    text = data.decode(encoding, "replace")
    replaced = text.count(_REPLACEMENT)
    beyond_ascii = len(text) - len(text.encode("ascii", "ignore"))
    if replaced > max(_DAMAGED_BEYOND_ASCII * (beyond_ascii - replaced), _DAMAGED_OF_ALL * len(text)):
        return None
    return _checked(text, encoding, replaced)


_CONTROL = re.compile("[\x00-\x08\x0e-\x19\x1b-\x1f\x7f]")


def _checked(text: str, encoding: str, replaced: int) -> Decoded | None:
    """Refuse what decodes but is no text; what no database stores (U+0000 and its like) becomes U+FFFD with a note."""
    notes = [f"有 {replaced} 处字节无法按 {encoding} 解码，已以 U+FFFD（�）代替，请对照原件核对。"] if replaced else []
    text, controls = _CONTROL.subn(_REPLACEMENT, text)
    if controls > max(2, _DAMAGED_OF_ALL * len(text)) or controls * 4 > len(text):
        return None
    if controls:
        notes.append(f"有 {controls} 个控制字符，已以 U+FFFD（�）代替。")
    return Decoded(text, encoding, tuple(notes))


def _guessed(data: bytes) -> Decoded | None:
    """Last resort: statistics, and only if what comes out is Chinese after all."""
    guess = from_bytes(data[:_SAMPLE_BYTES]).best()
    if guess is None or guess.encoding in ("ascii", "utf_8"):
        return None
    decoded = _lenient(data, guess.encoding)
    if decoded is None or plausibility(decoded.text[:_SAMPLE_BYTES]) < _PLAUSIBLE:
        return None
    note = f"编码是按统计推断的（{guess.encoding}），请核对文字是否正确。"
    return Decoded(decoded.text, decoded.encoding, (*decoded.notes, note))
