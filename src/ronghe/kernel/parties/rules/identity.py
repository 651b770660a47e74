"""The citizen's identity number (公民身份号码). Source: GB 11643-1999."""

from collections.abc import Callable
from datetime import date

from stdnum.cn import ric

from .checked import Checked, Fault, normal, placed

DIGITS = "0123456789"
#: Who is older has died, as a rule; the number is odd and not wrong.
OLDEST_YEARS = 120


def check_identity(
    text: str, *, on: date, birthplace: Callable[[str, int], str] | None = None, label: str = "身份证号"
) -> Checked:
    """Check an identity number.

    The region is no reason to refuse: codes are withdrawn and given anew, and numbers are issued where people move.

    Args: ``on`` is the day of the check, after which nobody is born; ``birthplace`` says what is odd about the county
    code in a year of birth, empty when nothing is.
    """
    value = normal(text)
    if len(value) == 15 and not placed(value, DIGITS, what="数字"):
        return _old(value, label)
    if len(value) != 18:
        return Checked(value, (Fault(0, f"{label}应为 18 位，现为 {len(value)} 位"),))
    faults = placed(value[:17], DIGITS, what="数字")
    faults += [
        Fault(18, f"第 18 位“{value[17]}”既不是数字也不是 X") for _ in value[17:] if value[17] not in DIGITS + "X"
    ]
    if faults:
        return Checked(value, tuple(faults))
    born, wrong = _birthday(value[6:14], on)
    if wrong:
        faults.append(Fault(7, wrong))
    expected = identity_check_digit(value[:17])
    if value[17] != expected:
        faults.append(Fault(18, f"{label}末位校验不符，应为 {expected}"))
    if faults or born is None:
        return Checked(value, tuple(faults))
    warnings = []
    if birthplace and (odd := birthplace(value[:6], born.year)):
        warnings.append(odd)
    if on.year - born.year > OLDEST_YEARS:
        warnings.append(f"按号码已满 {OLDEST_YEARS} 岁，请核对")
    return Checked(value, warnings=tuple(warnings), born=born, sex="male" if int(value[16]) % 2 else "female")


def identity_check_digit(first: str) -> str:
    """The 18th character for the first 17: weights 2^(18−i) mod 11, then 1 0 X 9 8 7 6 5 4 3 2."""
    return str(ric.calc_check_digit(first + "0"))


def upgraded(old: str) -> str:
    """A number of 15 digits as one of 18: the century, which was 19, and the check digit are put in."""
    first = old[:6] + "19" + old[6:]
    return first + identity_check_digit(first)


def _old(value: str, label: str) -> Checked:
    suggestion = upgraded(value)
    told = f"{label}是 15 位旧号码；补上世纪“19”和末位校验码后应为 {suggestion}，请核对现行证件后按 18 位填写"
    return Checked(value, (Fault(0, told),), suggestion=suggestion)


def _birthday(digits: str, on: date) -> tuple[date | None, str]:
    shown = f"{digits[:4]}-{digits[4:6]}-{digits[6:]}"
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None, f"第 7 至 14 位的出生日期 {shown} 不存在"
    if born > on:
        return None, f"第 7 至 14 位的出生日期 {shown} 在今天以后"
    if born.year < 1850:
        return None, f"第 7 至 14 位的出生日期 {shown} 过早"
    return born, ""
