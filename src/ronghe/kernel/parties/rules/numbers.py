"""Telephones, bank accounts and other documents: shape is checked, a check digit only where all of them have one."""

import re

from stdnum import luhn

from .checked import Checked, Fault, normal, placed
from .identity import DIGITS

_MOBILE = re.compile(r"1[3-9]\d{9}")
_FIXED = re.compile(r"0\d{2,3}[2-9]\d{6,7}")
_SERVICE = re.compile(r"(400|800)\d{7}")
#: Lengths of payment cards (ISO/IEC 7812); accounts of bodies are of other lengths and have no common check digit.
_CARDS = range(16, 20)


def check_telephone(text: str) -> Checked:
    """A mobile number, or a fixed one with its area code; +86 is left out."""
    value = normal(text).replace("(", "").replace(")", "")
    value = re.sub(r"^(\+86|0086)", "", value)
    if faults := placed(value, DIGITS, what="数字"):
        return Checked(value, tuple(faults))
    if any(shape.fullmatch(value) for shape in (_MOBILE, _FIXED, _SERVICE)):
        return Checked(value)
    if value.startswith("1"):
        return Checked(value, (Fault(0, f"手机号应为 11 位，以 13 至 19 开头，现为 {len(value)} 位"),))
    return Checked(value, (Fault(0, "固定电话应带区号，如 0533-2280000"),))


def check_bank_account(text: str) -> Checked:
    """A bank account or card: digits; a card whose check digit (Luhn) fails is odd, because accounts have none."""
    value = normal(text)
    if faults := placed(value, DIGITS, what="数字"):
        return Checked(value, tuple(faults))
    if not 8 <= len(value) <= 32:
        return Checked(value, (Fault(0, f"银行账号应为 8 至 32 位，现为 {len(value)} 位"),))
    if len(value) in _CARDS and not luhn.is_valid(value):
        expected = luhn.calc_check_digit(value[:-1])
        return Checked(value, warnings=(f"按银行卡校验末位应为 {expected}；若是对公账号可不理会，否则请核对",))
    return Checked(value)


def check_document(text: str) -> Checked:
    """A passport or a permit of residents of Hong Kong, Macao and Taiwan: letters and digits."""
    value = normal(text)
    faults = placed(value, DIGITS + "ABCDEFGHIJKLMNOPQRSTUVWXYZ", what="字母或数字")
    if not 5 <= len(value) <= 20:
        faults.append(Fault(0, f"证件号码应为 5 至 20 位，现为 {len(value)} 位"))
    return Checked(value, tuple(faults))
