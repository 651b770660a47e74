"""What makes a password acceptable, and how tokens are written: pure functions."""

import hashlib
import hmac
import re
import secrets
import string

SHORTEST = 10

PASSWORD_HELP = (
    f"至少 {SHORTEST} 个字符；",
    "大写字母、小写字母、数字、符号四类中至少含三类；",
    "不含用户名，同一字符不连续出现四次，不是常见密码；",
    "不与现在的密码相同。",
)


def password_faults(password: str, *, username: str) -> list[str]:
    """Why ``password`` is not acceptable, as sentences; empty when it is.

    Source: GB/T 22239-2019 身份鉴别 (身份鉴别信息具有复杂度要求): three of the four kinds of characters.
    """
    kinds = [string.ascii_uppercase, string.ascii_lowercase, string.digits]
    found = sum(any(c in kind for c in password) for kind in kinds)
    found += any(not (c.isascii() and c.isalnum()) for c in password)
    faults = []
    if len(password) < SHORTEST:
        faults.append(f"只有 {len(password)} 个字符，至少需要 {SHORTEST} 个。")
    if found < 3:
        faults.append(f"只含 {found} 类字符，大写字母、小写字母、数字、符号四类中至少需要三类。")
    if username and username.lower() in password.lower():
        faults.append("含有用户名，请去掉。")
    if re.search(r"(.)\1{3}", password):
        faults.append("同一字符连续出现了四次以上，请打散。")
    return faults


def temporary_password() -> str:
    """A password that is handed over once: four groups of four characters that do not look alike, about 90 bits."""
    letters = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789"
    while True:
        text = "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))
        if not password_faults(text, username=""):
            return text


TOKEN = re.compile(r"rh_([0-9a-f]{8})_([A-Za-z0-9_-]{43})")


def new_token() -> tuple[str, str, bytes]:
    """Prefix, whole token and digest: ``rh_<8 hex>_<43 characters, 256 bits>``."""
    prefix, secret = secrets.token_hex(4), secrets.token_urlsafe(32)
    return prefix, f"rh_{prefix}_{secret}", token_digest(secret)


def token_digest(secret: str) -> bytes:
    """SHA-256 of the secret part: 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).digest()


def same_digest(left: bytes, right: bytes) -> bool:
    """Comparison in constant time."""
    return hmac.compare_digest(left, right)
