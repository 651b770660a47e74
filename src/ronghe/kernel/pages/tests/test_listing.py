"""Lists: what the address asks for, pages, sorting, chips, fragments, workbooks."""

from io import BytesIO

import openpyxl
import pytest
from django.http import QueryDict
from django.test import RequestFactory

from ronghe.kernel.pages import Column, Filter, Listing, Option
from ronghe.kernel.pages import listing as module
from ronghe.kernel.pages.listing import ExportTooLarge
from ronghe.kernel.paging import BadCursor
from ronghe.kernel.regions.models import Division, Level

pytestmark = pytest.mark.django_db

LISTING = Listing[Division](
    title="区划",
    columns=[
        Column("code", "代码", lambda d: d.code, order=("code",), kind="code"),
        Column("name", "名称", lambda d: d.name, order=("name",), link=lambda d: f"/d/{d.code}", wide=True),
        Column("parent", "上级", lambda d: d.parent_id),
    ],
    filters=[
        Filter("text", "名称", kind="text"),
        Filter("level", "层级", options=[Option(value, label) for value, label in Level.choices]),
        Filter("since", "自", kind="date"),
    ],
    order=("code",),
    size=3,
    row_link=lambda d: f"/d/{d.code}",
)


@pytest.fixture
def provinces():
    Division.objects.bulk_create(
        Division(code=f"{number}0000000000", name=f"试{number}省", level=Level.PROVINCE) for number in range(11, 18)
    )
    return Division.objects.filter(level=Level.PROVINCE)


def respond(rows, query="", listing=LISTING, **headers):
    request = RequestFactory().get(f"/list/{query}", headers=headers)
    request.resolver_match = None
    return listing.respond(request, listing.asked(request.GET), rows)


def text(answer):
    return answer.content.decode()


def codes(answer):
    page = text(answer)
    return [number for number in range(11, 18) if f">{number}0000000000<" in page]


# -- what the address asks -----------------------------------------------------------------------------------------


def asked(query):
    return LISTING.asked(RequestFactory().get(f"/list/{query}").GET)


def test_values_are_read_from_the_address():
    got = asked("?text=%20%E8%AF%95%20&level=city&since=2026-11-22&sort=-name")
    assert got.text("text") == "试"
    assert got.text("level") == "city"
    assert str(got.day("since")) == "2026-11-22"
    assert got.sort == "-name"
    assert got.faults == {}


def test_what_does_not_fit_is_named_and_left_out():
    got = asked("?level=planet&since=yesterday&sort=parent")
    assert got.values == {}
    assert set(got.faults) == {"level", "since"}
    assert got.sort == ""  # a column that does not sort


def test_a_null_character_and_a_very_long_text_reach_no_database():
    assert asked("?text=%00").values == {}
    assert len(asked("?text=" + "长" * 500).text("text")) == 100


def test_the_faults_stand_beside_their_fields(provinces):
    page = text(respond(provinces, "?level=planet"))
    assert "没有“planet”这个选项" in page


# -- pages ---------------------------------------------------------------------------------------------------------


def test_pages_follow_one_another_and_lead_back(provinces):
    first = respond(provinces)
    assert codes(first) == [11, 12, 13]
    assert "共 <b>7</b> 条" in text(first)
    cursor = text(first).split('rel="next" href="/list/?cursor=')[1].split('"')[0]
    second = respond(provinces, f"?cursor={cursor}")
    assert codes(second) == [14, 15, 16]
    back = text(second).split('rel="prev" href="/list/?cursor=')[1].split('"')[0]
    assert codes(respond(provinces, f"?cursor={back}")) == [11, 12, 13]


def test_a_foreign_cursor_is_refused(provinces):
    with pytest.raises(BadCursor):
        respond(provinces, "?cursor=nonsense")


def test_sorting_turns_around_and_says_so(provinces):
    down = respond(provinces, "?sort=-code")
    assert codes(down) == [15, 16, 17]
    assert 'aria-sort="descending"' in text(down)
    assert 'href="/list/?sort=code"' in text(down)


def test_the_count_stops_at_the_cap(provinces, monkeypatch):
    monkeypatch.setattr(module, "COUNT_CAP", 5)
    assert "共 <b>5+</b> 条" in text(respond(provinces))


def test_a_page_that_holds_everything_is_not_counted_again(provinces, django_assert_num_queries):
    with django_assert_num_queries(1):
        respond(provinces.filter(code__lt="13"), **{"HX-Request": "true"})


def test_a_long_list_takes_two_queries(provinces, django_assert_num_queries):
    with django_assert_num_queries(2):
        respond(provinces, **{"HX-Request": "true"})


# -- what narrows --------------------------------------------------------------------------------------------------


def test_each_filter_in_force_is_a_chip_that_leads_to_the_list_without_it(provinces):
    page = text(respond(provinces, "?text=x&level=province&sort=name&cursor="))
    assert 'href="/list/?level=province&amp;sort=name"' in page
    assert "层级：省" in page
    assert "清除全部" in page


def test_an_empty_list_says_why_and_what_next(provinces):
    assert "没有符合这些条件的区划" in text(respond(provinces.none(), "?text=x"))
    assert LISTING.empty in text(respond(provinces.none()))


def test_every_value_carries_its_label_for_narrow_screens(provinces):
    page = text(respond(provinces))
    assert page.count('data-label="名称"') == 3
    assert page.count("data-open") == 3  # one link per row opens it


# -- fragments -----------------------------------------------------------------------------------------------------


def test_htmx_gets_the_list_alone_and_the_page_contains_the_same(provinces):
    whole = respond(provinces, "?sort=name")
    part = respond(provinces, "?sort=name&text=", **{"HX-Request": "true"})
    assert text(part).lstrip().startswith("<section")
    assert "<html" not in text(part)
    body = text(part)
    assert body[body.index("<section") :].strip() in text(whole)
    assert part["HX-Push-Url"] == "/list/?sort=name"  # fields that were sent empty are left out
    assert "HX-Request" in whole["Vary"]


@pytest.mark.parametrize("headers", [{"HX-Request-Type": "full"}, {"HX-History-Restore-Request": "true"}])
def test_htmx_gets_the_whole_page_when_it_asks_for_it(provinces, headers):
    assert "<html" in text(respond(provinces, **{"HX-Request": "true", **headers}))


# -- workbooks -----------------------------------------------------------------------------------------------------


def sheet(answer):
    return openpyxl.load_workbook(BytesIO(answer.content)).active


def test_the_workbook_holds_all_pages_in_the_order_of_the_list(provinces):
    answer = respond(provinces, "?sort=-name&export=xlsx")
    rows = list(sheet(answer).iter_rows(values_only=True))
    assert rows[0] == ("代码", "名称", "上级")
    assert [row[0][:2] for row in rows[1:]] == ["17", "16", "15", "14", "13", "12", "11"]
    assert "filename*=UTF-8''%E5%8C%BA%E5%88%92.xlsx" in answer["Content-Disposition"]


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t=", "＝"])
def test_a_text_that_looks_like_a_formula_stays_text(provinces, sign):
    Division.objects.filter(code="110000000000").update(name=f"{sign}1+1")
    cell = sheet(respond(provinces, "?export=xlsx"))["B2"]
    assert cell.data_type == "s"
    assert cell.value.endswith("1+1")
    assert cell.quotePrefix


def test_too_long_a_list_is_refused_before_it_is_written(provinces, monkeypatch):
    monkeypatch.setattr(module, "EXPORT_CAP", 3)
    with pytest.raises(ExportTooLarge):
        respond(provinces, "?export=xlsx")


def test_a_day_outside_two_centuries_is_named_and_left_out() -> None:
    listing = Listing(title="演示", columns=(), filters=(Filter("until", "至", kind="date"),))
    asked = listing.asked(QueryDict("until=9999-12-31"))
    assert asked.values == {}
    assert "2199" in asked.faults["until"]
