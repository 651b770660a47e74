"""核验码: fifteen random characters that nobody guesses (75 bits) and one that finds a slip of the pen."""

import secrets
import unicodedata

#: Crockford's alphabet: no I, L, O, U, which are taken for others.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_TAKEN_FOR = str.maketrans("ILO", "110")
LENGTH = 16


def new_code() -> str:
    """A code that was never given."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
    return body + check_character(body)


def check_character(body: str) -> str:
    """A sum with odd weights modulo 32: any single wrong character changes it, and any swap of neighbours that differ by less than 16."""
    total = sum((2 * n + 1) * ALPHABET.index(c) for n, c in enumerate(body))
    return ALPHABET[total % 32]


def plain(text: str) -> str:
    """A code as stored, from how people type it; empty when it cannot be one."""
    code = unicodedata.normalize("NFKC", text).upper().replace("-", "").replace(" ", "").translate(_TAKEN_FOR)
    if len(code) != LENGTH or any(c not in ALPHABET for c in code) or check_character(code[:-1]) != code[-1]:
        return ""
    return code


def spaced(code: str) -> str:
    """A code as people read it, in fours."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))
