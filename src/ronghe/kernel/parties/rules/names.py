"""Names of parties: one spelling, and the key by which they are sorted."""

import re
import unicodedata

from pypinyin import lazy_pinyin

#: The longest name that a party has.
LONGEST = 120
#: Blanks at the ends and doubled ones; invisible signs that pages would show as nothing.
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060\ufeff]")


def clean_name(text: str) -> str:
    """A name in one spelling: letters and digits half-width, brackets full-width, one blank at most, no hidden signs."""
    half = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))
    chinese = re.search(r"[\u3400-\u9fff]", half) is not None
    half = half.replace("•", "·").replace("‧", "·").replace("・", "·")
    half = re.sub(r"\s+", "" if chinese else " ", half).strip()
    return half.replace("(", "（").replace(")", "）") if chinese else half


def name_fault(name: str) -> str:
    """What is wrong with a cleaned name; empty when nothing is."""
    if not name:
        return "请填写名称"
    if len(name) > LONGEST:
        return f"名称不能超过 {LONGEST} 个字，现为 {len(name)} 个"
    odd = [letter for letter in name if not (letter.isalnum() or letter in "·（） -.&、，《》“”—'／/")]
    if odd:
        return f"名称里有不能用的符号“{odd[0]}”"
    if not any(letter.isalpha() for letter in name):
        return "名称里至少要有一个字"
    return ""


def sort_key(name: str) -> str:
    """Pinyin without tones, a blank between characters, in lower case: how lists are sorted."""
    return " ".join(_syllables(name))[:400]


def search_letters(name: str) -> str:
    """What is typed to find a name without Chinese letters: the whole pinyin, and its first letters."""
    syllables = _syllables(name)
    return " ".join(("".join(syllables), "".join(one[:1] for one in syllables)))[:400]


def _syllables(name: str) -> list[str]:
    parts = ("".join(letter for letter in part.lower() if letter.isalnum()) for part in lazy_pinyin(name))
    return [part for part in parts if part]
