"""Relations to the head of a household (与户主关系). Source: GB/T 4761-2008 家庭关系代码."""

HEAD = "02"
SPOUSE, HUSBAND, WIFE, FATHER, MOTHER = "10", "11", "12", "51", "52"

RELATIONS: dict[str, str] = {
    HEAD: "户主", SPOUSE: "配偶", HUSBAND: "夫", WIFE: "妻",
    "20": "子", "21": "独生子", "22": "长子", "23": "次子", "24": "三子", "25": "四子", "26": "五子",
    "27": "养子或继子", "28": "女婿", "29": "其他儿子",
    "30": "女", "31": "独生女", "32": "长女", "33": "次女", "34": "三女", "35": "四女", "36": "五女",
    "37": "养女或继女", "38": "儿媳", "39": "其他女儿",
    "41": "孙子", "42": "孙女", "43": "外孙子", "44": "外孙女", "45": "孙媳妇或外孙媳妇", "46": "孙女婿或外孙女婿",
    "47": "曾孙子或外曾孙子", "48": "曾孙女或外曾孙女",
    FATHER: "父亲", MOTHER: "母亲", "53": "公公", "54": "婆婆", "55": "岳父", "56": "岳母",
    "57": "继父或养父", "58": "继母或养母",
    "61": "祖父", "62": "祖母", "63": "外祖父", "64": "外祖母",
    "71": "兄", "72": "嫂", "73": "弟", "74": "弟媳", "75": "姐姐", "76": "姐夫", "77": "妹妹", "78": "妹夫",
    "79": "其他兄弟姐妹",
    "81": "伯父", "82": "伯母", "83": "叔父", "84": "婶母", "85": "舅父", "86": "舅母",
    "87": "姨父", "88": "姨母", "89": "姑父", "90": "姑母",
    "91": "堂兄弟、堂姐妹", "92": "表兄弟、表姐妹", "93": "侄子", "94": "侄女", "95": "外甥", "96": "外甥女",
    "97": "其他亲属", "98": "保姆", "99": "非亲属",
}  # fmt: skip


def _codes(text: str) -> frozenset[str]:
    return frozenset(text.split())


_MALE = _codes("11 20 21 22 23 24 25 26 27 28 29 41 43 46 47 51 53 55 57 61 63 71 73 76 78 81 83 85 87 89 93 95")
_FEMALE = _codes("12 30 31 32 33 34 35 36 37 38 39 42 44 45 48 52 54 56 58 62 64 72 74 75 77 82 84 86 88 90 94 96")
_CHILDREN = _codes("20 21 22 23 24 25 26 27 29 30 31 32 33 34 35 36 37 39")
_DESCENDANTS = _CHILDREN | _codes("28 38 41 42 43 44 45 46 47 48")
_SPOUSES = frozenset((SPOUSE, HUSBAND, WIFE))
#: Parents of the old head seen from the spouse, and back again: by what they are to a man and to a woman.
_IN_LAW = {"51": ("55", "53"), "52": ("56", "54"), "53": ("51", "51"), "54": ("52", "52"), "55": ("51", "51"), "56": ("52", "52")}  # fmt: skip


def fits_sex(relation: str, sex: str) -> bool:
    """Whether somebody of this sex can stand in this relation; an unknown sex fits everything."""
    return not (sex == "female" and relation in _MALE) and not (sex == "male" and relation in _FEMALE)


def under_new_head(relation: str, *, sex: str, head_was: str, head_sex: str) -> str:
    """What a member is to the new head, where it follows from what both were to the old one; else empty.

    Args: ``relation`` and ``sex`` of the member (the old head has relation ``HEAD``); ``head_was`` and ``head_sex`` of
    the new head. Whatever does not follow for certain is asked of a person.
    """
    if head_was in _SPOUSES:
        if relation == HEAD:
            return {"male": HUSBAND, "female": WIFE}.get(sex, SPOUSE)
        if relation in _DESCENDANTS:
            return relation
        if relation in _IN_LAW and head_sex:
            return _IN_LAW[relation][head_sex == "female"]
        return ""
    if head_was in _CHILDREN - {"27", "37"}:
        if relation == HEAD:
            return {"male": FATHER, "female": MOTHER}.get(sex, "")
        if relation in _SPOUSES:
            return {"male": FATHER, "female": MOTHER}.get(sex, "")
        if relation in _CHILDREN:
            return "79"
        if relation in ("51", "52"):
            # The grandparents on the side of a father are 祖父母; of a mother as head they are 外祖父母: not known here.
            return ""
    return ""
