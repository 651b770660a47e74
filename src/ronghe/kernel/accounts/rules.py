"""What makes a password acceptable, how tokens are written, who is held off at the door: pure functions."""

import hashlib
import hmac
import ipaddress
import re
import secrets
import string
from datetime import timedelta
from urllib.parse import parse_qsl, urlencode

SHORTEST = 10

#: So many wrong passwords from one network, whatever the names, and it waits till the hour is over. Generous, for all
#: of an office stand behind one address; a guesser who tries many names gets no further than this.
FAILURES_PER_NETWORK = 100
FAILURES_COUNT_FOR = timedelta(hours=1)

#: When a network was held off stays known as long as the record of acts must be kept.
#: Source: 网络安全法 第二十一条第三项 (日志留存不少于六个月).
HELD_OFF_STAYS_KNOWN = timedelta(days=183)

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


def network_of(address: str) -> str:
    """What failures are counted by: an IPv4 address, or the /64 network of an IPv6 one, of which one customer has all.

    What is no address (a socket file in front) counts as one network: a limit for all is better than none.
    """
    try:
        known = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(known, ipaddress.IPv4Address):
        return str(known)
    if known.ipv4_mapped is not None:
        return str(known.ipv4_mapped)
    return str(ipaddress.ip_network((known, 64), strict=False))


#: The address of a page of this site, without what follows "?": read alike by Python and by the database.
#: Browsers take // and \ for the name of another host.
OWN_PATH = r"^/($|[^/\\?#\s][^\\?#\s]*$)"
#: The longest address, name and query of a saved view.
LONGEST_PATH, LONGEST_NAME, LONGEST_QUERY = 200, 40, 1000


def is_own_path(path: str) -> bool:
    """Whether ``path`` is the address of a page of this site, and no longer than is kept."""
    return len(path) <= LONGEST_PATH and re.fullmatch(OWN_PATH, path) is not None


def view_query(query: str) -> str:
    """The filters and the order of rows in the query of a list's address, without the place in it."""
    return urlencode([(key, value) for key, value in parse_qsl(query) if key not in ("cursor", "export")])
