"""The unified social credit code (统一社会信用代码), rural collectives included. Source: GB 32100-2015, GB 11714-1997."""

from collections.abc import Callable

from stdnum.cn import uscc

from .checked import Checked, Fault, normal, placed
from .identity import DIGITS

#: No I, O, S, V, Z.
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"

#: Registering authority and class of body → what it is. Others may have been added since: unknown is odd, not wrong.
CLASSES = {
    "11": "机关", "12": "事业单位", "13": "编办直接管理机构编制的群众团体", "19": "其他机构编制登记",
    "51": "社会团体", "52": "民办非企业单位", "53": "基金会", "54": "村民委员会", "55": "居民委员会", "59": "其他民政登记",
    "81": "基层工会", "89": "其他工会登记", "91": "企业", "92": "个体工商户", "93": "农民专业合作社",
    "N1": "组级集体经济组织", "N2": "村级集体经济组织", "N3": "乡镇级集体经济组织", "N9": "其他农业部门登记的组织",
    "Y1": "其他登记管理部门的组织",
}  # fmt: skip
#: Which classes each kind of party has, as a rule.
USUAL = {
    "collective": ("N1", "N2", "N3", "N9"),
    "cooperative": ("93", "N9"),
    "enterprise": ("91", "92"),
    "bank": ("91",),
    "agency": ("11", "12", "13", "19", "51", "52", "54", "55", "59", "81", "89", "Y1"),
}

_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def check_uscc(text: str, *, party_kind: str = "", region: Callable[[str], str] | None = None) -> Checked:
    """Check a unified social credit code; those of rural collectives begin with N.

    The check digit of the organisation code inside (place 17) is a warning: codes that were given before the present
    standard keep what they were given. So are an unknown region, an unknown class, and a class that another kind of
    party has. Source: GB 32100-2015; 农经发〔2018〕4号 (N1 to N9).
    """
    value = normal(text)
    if len(value) != 18:
        return Checked(value, (Fault(0, f"统一社会信用代码应为 18 位，现为 {len(value)} 位"),))
    faults = placed(value, ALPHABET, what="代码用字（不用 I、O、S、V、Z）")
    faults += [f for f in _from(3, placed(value[2:8], DIGITS, what="数字")) if f.place not in {g.place for g in faults}]
    if faults:
        return Checked(value, tuple(sorted(faults, key=lambda fault: fault.place)))
    expected = uscc_check_digit(value[:17])
    if value[17] != expected:
        return Checked(value, (Fault(18, f"统一社会信用代码末位校验不符，应为 {expected}"),))
    return Checked(value, warnings=tuple(_odd(value, party_kind, region)))


def _odd(value: str, party_kind: str, region: Callable[[str], str] | None) -> list[str]:
    odd = []
    kind = value[:2]
    if kind not in CLASSES:
        odd.append(f"前两位“{kind}”不在已知的登记部门和机构类别中，请核对证照")
    elif party_kind in USUAL and kind not in USUAL[party_kind]:
        odd.append(f"前两位“{kind}”表示{CLASSES[kind]}，与所选类别不一致，请核对")
    if region and (told := region(value[2:8])):
        odd.append(told)
    inner = organisation_check_digit(value[8:16])
    if value[16] != inner:
        odd.append(f"其中的组织机构代码（第 9 至 17 位）校验不符，第 17 位按标准应为 {inner}")
    return odd


def uscc_check_digit(first: str) -> str:
    """The 18th character for the first 17: weights 3^i mod 31, (31 − Σ mod 31) mod 31 in the alphabet."""
    return str(uscc.calc_check_digit(first))


def organisation_check_digit(first: str) -> str:
    """The 9th character of an organisation code: 11 − Σ mod 11, where 10 is X and 11 is 0; A counts 10, Z 35."""
    total = sum(int(letter, 36) * weight for letter, weight in zip(first, _ORGANISATION_WEIGHTS, strict=True))
    left = 11 - total % 11
    return {10: "X", 11: "0"}.get(left, str(left))


def _from(start: int, faults: list[Fault]) -> list[Fault]:
    """Faults of a part, counted from the beginning of the whole."""
    return [
        Fault(f.place + start - 1, f.text.replace(f"第 {f.place} 位", f"第 {f.place + start - 1} 位")) for f in faults
    ]
