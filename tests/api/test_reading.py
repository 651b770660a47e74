"""``POST /policy/read``: plans of every form are read, whatever else is refused by name; and bodies are bounded."""

import asyncio
import io
import json
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from docx import Document

from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.files.limits import LIMIT as UPLOAD_BYTES
from ronghe.mechanisms.trials.table import TABLE_BYTES
from ronghe.policy.models import Zone
from ronghe.policy.reader.intake.limits import FILE_BYTES, MB
from ronghe.site.bodies import LIMIT, bounded
from tests.people import person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("packs")]

READ = "/api/v1/policy/read"
CORPUS = sorted(Path(__file__).parents[1].joinpath("policy", "corpus").glob("*.txt"))
TEXT = """某县城乡融合发展试验区实施方案
一、总体要求
按照上级部署，制定本方案。
二、重点任务
（一）建立农村集体经营性建设用地入市制度
1.开展入市试点。到2025年，完成试点。（牵头单位：县自然资源局；责任单位：县农业农村局、各镇办）
2.完善收益分配。（牵头单位：县财政局）
"""


@pytest.fixture
def office(db) -> dict[str, str]:
    return {"Authorization": person(Role.ZONE_OFFICE, Zone.objects.get(pk="jinan").seat_id).token()}


def read(content: bytes, name: str, headers: dict[str, str]):
    return Client().post(READ, {"file": SimpleUploadedFile(name, content)}, headers=headers)


def refused(answer, code: str, status: int = 422) -> None:
    assert answer.status_code == status, answer.content
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == code


def _docx() -> bytes:
    document, held = Document(), io.BytesIO()
    for line in TEXT.splitlines():
        document.add_paragraph(line)
    document.save(held)
    return held.getvalue()


def _html() -> bytes:
    return f"<html><body>{''.join(f'<p>{line}</p>' for line in TEXT.splitlines())}</body></html>".encode()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("方案.txt", TEXT.encode()), ("plan.txt", TEXT.encode("gb18030")), ("plan.txt", TEXT.encode("utf-16")),
        ("plan.docx", _docx()), ("plan.html", _html()), ("../../etc/passwd", TEXT.encode()), ("plan.pdf", TEXT.encode()),
    ],
)  # fmt: skip
def test_a_plan_is_read_in_any_form_and_gives_the_same_tasks(office, name, content):
    answer = read(content, name, office)
    assert answer.status_code == 200, answer.content
    assert answer.headers["Content-Type"].startswith("application/json")
    told = json.dumps(answer.json(), ensure_ascii=False)
    for word in ("县自然资源局", "县农业农村局", "各镇办", "县财政局", "2025"):
        assert word in told


@pytest.mark.parametrize("plan", CORPUS[:6], ids=lambda path: path.stem)
def test_the_answer_is_what_the_reader_says(office, plan):
    from ronghe.policy.reader import read_plan
    from ronghe.policy.reader.intake import read_text

    content = plan.read_bytes()
    answer = read(content, plan.name, office)
    assert answer.json() == json.loads(json.dumps(read_plan(read_text(content, name=plan.name).text).to_json()))


def test_nothing_of_a_read_plan_is_stored(office):
    from ronghe.kernel.audit.models import Event
    from ronghe.policy.models import OrderedTask

    before = OrderedTask.objects.count(), Zone.objects.count(), Event.objects.count()
    read(TEXT.encode(), "plan.txt", office)
    assert (OrderedTask.objects.count(), Zone.objects.count(), Event.objects.count()) == before


def _scanned() -> bytes:
    """A PDF page that holds a picture and no characters."""
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>>>",
        b"<</Length 27>>stream\n200 0 0 200 0 0 cm /I Do   \nendstream",
        b"<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>stream\n\x80\nendstream",
    ]  # fmt: skip
    out, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(out))
        out += b"%d 0 obj" % number + part + b"endobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    return (
        out
        + b"xref\n0 6\n0000000000 65535 f \n"
        + table
        + b"trailer<</Root 1 0 R/Size 6>>\nstartxref\n%d\n%%%%EOF" % start
    )


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "policy.file_empty"),
        (b"  \n\t\n", "policy.file_empty"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 64, "policy.file_unsupported"),
        (b"MZ" + bytes(range(256)) * 40, None),
        (b"PK\x03\x04 no zip at all", None),
        (b"%PDF-1.7 no pdf at all", None),
        (_scanned(), "policy.file_scanned_pdf"),
        (b"\x00" * 5000, None),
        (b"<html>" * 300_000, None),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(office, content, code):
    answer = read(content, "plan", office)
    if code is None:
        assert answer.status_code in (200, 422), answer.content
        assert answer.status_code == 200 or answer.json()["code"].startswith("policy.file_")
    else:
        refused(answer, code)


def test_a_file_beyond_the_limit_of_the_reader_is_refused(office):
    refused(read(b"a" * (FILE_BYTES + 1), "plan.txt", office), "policy.file_too_large")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "multipart/form-data"),
        (b"", "multipart/form-data; boundary=x"),
        (b"--x\r\nnonsense", "multipart/form-data; boundary=x"),
        (b"{", "application/json"),
        (b"file=plan", "application/x-www-form-urlencoded"),
        (b"\x00\xff", "application/octet-stream"),
        (b"--x\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nno file name\r\n--x--\r\n", "multipart/form-data; boundary=x"),
        (b"--" + b"x" * 300, "multipart/form-data; boundary=" + "x" * 300),
        (b"x", "multipart/form-data; boundary=\xe9"),
    ],
)  # fmt: skip
def test_a_body_that_does_not_hold_together_is_4xx_with_problem_details(office, body, kind):
    answer = Client(raise_request_exception=False).post(READ, body, content_type=kind, headers=office)
    assert answer.status_code in (400, 422), answer.content
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] in ("ronghe.bad_request", "ronghe.malformed")


def test_a_thousand_fields_are_refused(office):
    fields = {f"f{n}": "x" for n in range(2000)}
    answer = Client(raise_request_exception=False).post(READ, fields, headers=office)
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"


# -- the bound on bodies, below Django ------------------------------------------------------------------------------


def _sent(headers: list[tuple[bytes, bytes]], parts: list[bytes], limit: int = 100, path: str = "/api/v1/policy/read"):
    """What a bounded application answers, and how many bytes it got to see."""
    seen, answers = [], []

    async def application(scope, receive, send):
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            seen.append(message.get("body", b""))
            if not message.get("more_body"):
                break
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"ok"})

    async def run():
        queue = [
            {"type": "http.request", "body": part, "more_body": n < len(parts) - 1} for n, part in enumerate(parts)
        ]

        async def receive():
            return queue.pop(0) if queue else {"type": "http.disconnect"}

        async def send(message):
            answers.append(message)

        await bounded(application, limit)({"type": "http", "path": path, "headers": headers}, receive, send)

    asyncio.run(run())
    return answers, sum(map(len, seen))


def test_a_body_within_the_bound_passes():
    answers, seen = _sent([(b"content-length", b"100")], [b"a" * 60, b"a" * 40])
    assert (answers[0]["status"], seen) == (200, 100)


def test_a_body_that_says_it_is_too_large_is_not_read_at_all():
    answers, seen = _sent([(b"content-length", b"101")], [b"a" * 101])
    assert (answers[0]["status"], seen) == (413, 0)
    assert json.loads(answers[1]["body"])["code"] == "ronghe.body_too_large"


@pytest.mark.parametrize(
    "headers", [[], [(b"content-length", b"5")], [(b"content-length", b"-1")], [(b"content-length", b"x")]]
)
def test_a_body_that_hides_its_size_is_cut_where_it_passes_the_bound(headers):
    answers, seen = _sent(headers, [b"a" * 60] * 10)
    assert seen == 60
    assert [a["type"] for a in answers] == ["http.response.start", "http.response.body"]
    assert answers[0]["status"] == 413


def test_a_page_gets_a_sentence_and_a_program_problem_details():
    page, _ = _sent([(b"content-length", b"101")], [], path="/accounts/login")
    assert "没有接收" in page[1]["body"].decode()
    assert dict(page[0]["headers"])[b"content-type"].startswith(b"text/plain")


def test_the_bound_leaves_room_for_the_largest_plan_table_and_upload():
    largest = max(FILE_BYTES, TABLE_BYTES, UPLOAD_BYTES)
    assert largest < LIMIT <= largest + 2 * MB
