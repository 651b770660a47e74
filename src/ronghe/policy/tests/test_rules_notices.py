"""节假日安排通知: the text of a notice as people paste it."""

from datetime import date

import pytest

from ronghe.policy.packs import ZONES, read_pack
from ronghe.policy.rules.notices import NoticeUnreadable, read_notice

#: In the form of the yearly notices, with the days of 2026.
NOTICE = """
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
"""


def test_a_notice_gives_the_days_that_the_pack_states() -> None:
    found = {(one.day, one.is_work) for one in read_notice(NOTICE, 2026)}
    assert found == {(d.day, d.is_work) for d in read_pack(ZONES / "national").workdays if d.day.year == 2026}


def test_a_range_may_cross_a_month() -> None:
    days = [one.day for one in read_notice("春节：1月30日至2月3日放假", 2028)]
    assert days == [date(2028, 1, 31), date(2028, 2, 1), date(2028, 2, 2), date(2028, 2, 3)]  # 30 January is a Sunday


@pytest.mark.parametrize(
    "text",
    [
        "元旦放假三天",
        "元旦：放假",
        "元旦：1月1日休息。",
        "元旦：2月30日放假。",
        "国庆节：10月7日至1日放假。",
        "元旦：3日放假。",
        "元旦：2026年12月31日至1月2日放假。",
        "元旦：",
    ],
)
def test_what_is_not_understood_is_named(text: str) -> None:
    with pytest.raises(NoticeUnreadable):
        read_notice(text, 2027)
