"""Evidence of surveyed parcels: given, withdrawn, led to another file, judged, and kept by the unit; who sees it."""

from datetime import date
from io import BytesIO

import pytest
from django.db import IntegrityError, connection, transaction

from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.actors import Actor
from ronghe.kernel.audit.models import Event
from ronghe.kernel.errors import DomainError
from ronghe.kernel.files.errors import FileKindRefused, FileLies, FileTooLarge
from ronghe.kernel.jobs.services import run_here
from ronghe.kernel.parties.tests import factories as people
from ronghe.mechanisms.casework import services as casework
from ronghe.policy.models import Parameter, ParameterValue
from tests.people import person

from .. import services
from ..errors import (
    EvidenceDamaged,
    EvidenceNotFound,
    EvidenceTooMany,
    ReasonNeeded,
    SurveyedParcelNotFound,
    SurveyNotReady,
)
from ..models import BAUnit, EvidenceArchive, Right, SurveyBatch, SurveyedParcel, SurveyEvidence
from ..queries import evidence as queries
from ..rules.evidence import FAR_M, REQUIRED, EvidenceKind
from ..services import evidence as given
from ..services.evidence import add_evidence, withdraw_evidence
from ..services.evidence_archives import take_evidence_archive
from . import evidence as made
from . import factories, surveys
from .surveys import AT, Lot, Office

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(settings, tmp_path) -> Office:
    settings.MEDIA_ROOT = tmp_path
    return Office()


@pytest.fixture
def batch(office) -> SurveyBatch:
    return surveys.taken(office, surveys.geojson(surveys.lots(3)))


def _add(
    office: Office, batch: SurveyBatch, number: int = 1, content: bytes | None = None, **more: str
) -> SurveyEvidence:
    kind = EvidenceKind(more.get("kind", "photo"))
    return add_evidence(
        batch_id=batch.pk, number=number, kind=kind, content=content or made.png(), name=more.get("name", "全景.png"),
        actor=office.window.actor, at=AT,
    )  # fmt: skip


def _zip(office: Office, batch: SurveyBatch, content: bytes, name: str = "佐证.zip") -> EvidenceArchive:
    """An archive that has been checked."""
    taken = take_evidence_archive(
        batch_id=batch.pk,
        content=content,
        name=name,
        documents_as=EvidenceKind.SOURCE,
        actor=office.window.actor,
        at=AT,
    )
    assert taken.job_id is not None
    done = run_here(taken.job_id)
    assert not done.failure, done.failure
    taken.refresh_from_db()
    return taken


def _said(archive: EvidenceArchive) -> list[tuple[str, int | None, str, str]]:
    return [(place, number, level, text) for place, number, _, level, text, _ in archive.lines]


def _require(*titles: str) -> None:
    of = Parameter.objects.create(
        id=REQUIRED, title="每宗必备的佐证", kind="set", basis="case_opened", room="REG", pack="national",
        choices=["照片", "权属来源材料"],
    )  # fmt: skip
    ParameterValue.objects.create(
        parameter=of, origin="pack", starts=date(2019, 1, 1), status="set", in_use=True, written=list(titles),
        source="试验", recorded_at=AT,
    )  # fmt: skip


def _checked_again(batch: SurveyBatch, office: Office) -> SurveyBatch:
    services.state_survey(batch_id=batch.pk, actor=office.window.actor, at=AT)
    return surveys.worked(batch)


# -- one by one -------------------------------------------------------------------------------------------------------


def test_a_photo_is_kept_with_what_it_is_and_who_gave_it(office, batch):
    row = _add(office, batch, 2, made.jpeg(told=made.exif(117.8003, 37.1701)), name="C:\\照片\\东侧.jpg")
    assert (row.number, row.given_number, row.attempt, row.kind) == (2, 2, 1, "photo")
    assert (row.file_name, row.blob.kind, row.user_id) == ("东侧.jpg", "jpeg", office.window.user.pk)
    assert float(row.longitude) == pytest.approx(117.8003)
    event = Event.objects.filter(verb="registry.evidence.added").get()
    assert event.facts["sha256"] == row.blob_id
    paper = _add(office, batch, 2, made.PDF, kind="source", name="批准书.pdf")
    assert (paper.blob.kind, paper.longitude) == ("pdf", None)


def test_the_same_file_of_a_parcel_counts_once_and_of_another_again(office, batch):
    first = _add(office, batch)
    assert _add(office, batch, name="又一次.png") == first
    assert _add(office, batch, 3) != first
    assert SurveyEvidence.objects.count() == 2


@pytest.mark.parametrize(
    ("content", "name", "error"),
    [
        (made.png()[:-12], "半张.png", EvidenceDamaged),
        (made.jpeg(end=False), "半张.jpg", EvidenceDamaged),
        (made.PDF[:-10], "半份.pdf", EvidenceDamaged),
        (b"GIF89a", "动图.gif", FileKindRefused),
        (b"\0\0\0\x18ftypheic", "手机.heic", FileKindRefused),
        (b"<svg onload='alert(1)'>", "画.svg", FileKindRefused),
        (made.jpeg(), "照片.png", FileLies),
        (b"MZ\x90\0", "照片.jpg", FileLies),
    ],
)
def test_what_shows_nothing_is_refused_and_not_kept(office, batch, content, name, error):
    with pytest.raises(error):
        _add(office, batch, content=content, name=name)
    assert not SurveyEvidence.objects.exists()


def test_a_file_that_is_too_large_is_refused_before_it_is_read(office, batch, monkeypatch):
    monkeypatch.setattr(given, "LIMIT", 50)
    with pytest.raises(FileTooLarge):
        add_evidence(
            batch_id=batch.pk, number=1, kind=EvidenceKind.PHOTO, content=BytesIO(made.png()), name="大.png",
            actor=office.window.actor, at=AT,
        )  # fmt: skip


def test_a_parcel_has_so_many_and_no_more(office, batch, monkeypatch):
    monkeypatch.setattr(given, "MOST_OF_A_PARCEL", 2)
    for mark in range(2):
        _add(office, batch, content=made.png(mark))
    with pytest.raises(EvidenceTooMany):
        _add(office, batch, content=made.png(2))
    with pytest.raises(SurveyedParcelNotFound):
        _add(office, batch, 4)


def test_what_was_withdrawn_stays_with_its_reason_and_may_be_given_again(office, batch):
    row = _add(office, batch)
    with pytest.raises(ReasonNeeded):
        withdraw_evidence(evidence_id=row.pk, reason="错", actor=office.window.actor, at=AT)
    gone = withdraw_evidence(evidence_id=row.pk, reason="拍的是邻户", actor=office.window.actor, at=AT)
    assert (gone.withdrawn_at, gone.withdrawn_by_id, gone.withdrawn_reason) == (AT, office.window.user.pk, "拍的是邻户")
    assert withdraw_evidence(evidence_id=row.pk, reason="另一个理由", actor=office.window.actor, at=AT) == gone
    again = _add(office, batch)
    assert again != row
    assert Event.objects.filter(verb="registry.evidence.withdrawn").count() == 1
    with pytest.raises(EvidenceNotFound):
        withdraw_evidence(evidence_id=row.pk + 100, reason="没有这一件", actor=office.window.actor, at=AT)


def test_while_a_batch_is_reviewed_its_evidence_stands_and_comes_and_goes_again_when_it_is_given_back(office, batch):
    row = _add(office, batch)
    case = surveys.reviewed(batch, office)
    for act in (lambda: _add(office, batch, 2), lambda: withdraw_evidence(
        evidence_id=row.pk, reason="审核中不能撤回", actor=office.window.actor, at=AT
    )):  # fmt: skip
        with pytest.raises(SurveyNotReady, match="办理中"):
            act()
    casework.act(
        case_id=case.pk, action="return", seen=None, reason="请补照片", actor=office.reviewer.actor, at=surveys.EARLY
    )
    assert _add(office, batch, 2).number == 2


# -- another file, and the check --------------------------------------------------------------------------------------


def test_evidence_goes_with_its_ground_when_a_mended_file_numbers_its_parcels_otherwise(office, batch):
    first, third = _add(office, batch, 1), _add(office, batch, 3, made.png(3))
    batch = surveys.mended(batch, office, surveys.geojson(list(reversed(surveys.lots(3)))))
    first.refresh_from_db()
    third.refresh_from_db()
    assert (first.number, first.given_number) == (3, 1)
    assert (third.number, third.given_number) == (1, 3)
    assert _add(office, batch, 1, made.png(3)) == third, "the same file is there already"


def test_a_code_leads_further_than_the_place_does(office):
    codes = [f"{people.VILLAGE}JC0000{n}" for n in (1, 2)]
    lots = [
        Lot(factories.square(i), f"演示{i}", people.identity(order=100 + i), {"宗地代码": codes[i]}) for i in range(2)
    ]
    batch = surveys.taken(office, surveys.geojson(lots))
    row = _add(office, batch, 1)
    assert row.code.startswith(codes[0])
    lots[0].shape, lots[1].shape = lots[1].shape, lots[0].shape
    surveys.mended(batch, office, surveys.geojson(list(reversed(lots))))
    row.refresh_from_db()
    assert row.number == 2


def test_what_has_no_parcel_any_more_is_told_and_is_not_lost(office, batch):
    row = _add(office, batch, 3)
    batch = surveys.mended(batch, office, surveys.geojson(surveys.lots(2)))
    row.refresh_from_db()
    assert row.number is None
    assert (None, "evidence_lost") in surveys.said(batch, "person")
    assert list(queries.of_batch(batch, actor=office.window.actor, state="lost")) == [row]
    assert queries.share_of(batch, actor=office.window.actor, on=factories.DAY).lost == 1
    withdraw_evidence(evidence_id=row.pk, reason="这一宗不在本批", actor=office.window.actor, at=AT)
    assert (None, "evidence_lost") not in surveys.said(_checked_again(batch, office), "person")


def test_nothing_is_asked_for_where_no_document_asks(office, batch):
    assert "evidence_missing" not in {kind for _, kind in surveys.said(_checked_again(batch, office), "person")}


def test_what_a_place_asks_for_and_a_parcel_lacks_a_person_judges(office, batch):
    _require("照片", "权属来源材料")
    _add(office, batch, 1)
    _add(office, batch, 1, made.PDF, kind="source", name="批准书.pdf")
    _add(office, batch, 2)
    batch = _checked_again(batch, office)
    assert batch.state == "judging"
    texts = dict(batch.findings.filter(kind="evidence_missing").values_list("number", "text"))
    assert texts == {2: "这一宗没有权属来源材料", 3: "这一宗没有照片、权属来源材料"}
    share = queries.share_of(batch, actor=office.window.actor, on=factories.DAY)
    assert (share.files, share.parcels, share.of, share.percent, share.required) == (
        3,
        2,
        3,
        66,
        ("照片", "权属来源材料"),
    )
    paper = _add(office, batch, 2, made.PDF, kind="source", name="批准书.pdf")
    (settled,) = batch.findings.filter(kind="evidence_missing", number=2)
    assert (settled.settled_reason, settled.settled_by_id) == ("已补充佐证", office.window.user.pk)
    assert surveys.judged(batch, office).state == "ready"
    withdraw_evidence(evidence_id=paper.pk, reason="不是这一户的", actor=office.window.actor, at=AT)
    batch.refresh_from_db()
    assert batch.state == "judging", "what was there at the check is there no more"
    taken = _zip(office, batch, made.archive({"2.pdf": made.PDF}))
    batch.refresh_from_db()
    assert (taken.state, batch.state) == ("applied", "ready")


def test_a_photo_from_elsewhere_is_remarked_and_bars_nothing(office, batch):
    surveys.limit(FAR_M, "number", "100", in_use=False)
    inside, south = factories.square(0).centroid, factories.SOUTH
    _add(office, batch, 1, made.png(1, place=(inside.x, inside.y)), name="近.png")
    _add(office, batch, 2, made.png(2, place=(factories.WEST, south + 0.01)), name="远.png")
    batch = _checked_again(batch, office)
    (note,) = batch.findings.filter(kind="evidence_far")
    assert (note.number, note.level) == (2, "note")
    assert "“远.png”记录的拍摄位置在宗地外 1,0" in note.text, "about 1.09 km to the north"
    row = SurveyedParcel.objects.get(batch=batch, number=2)
    told = queries.of_parcel(batch, row, actor=office.window.actor, on=factories.DAY)
    assert "宗地外" in told.standing[0].remark


# -- the entry --------------------------------------------------------------------------------------------------------


def test_after_the_entry_evidence_is_the_units_and_never_changes(office, batch):
    kept, gone = _add(office, batch, 1), _add(office, batch, 1, made.png(9))
    withdraw_evidence(evidence_id=gone.pk, reason="重复的照片", actor=office.window.actor, at=AT)
    surveys.entered(batch, office)
    kept.refresh_from_db()
    unit = BAUnit.objects.get(code=SurveyedParcel.objects.get(batch=batch, number=1).code)
    assert kept.baunit == unit
    assert queries.of_unit(unit, actor=office.reviewer.actor) == [kept]
    assert queries.of_unit(unit, actor=office.reviewer.actor, known_at=surveys.EARLY) == []
    with pytest.raises(SurveyNotReady):
        withdraw_evidence(evidence_id=kept.pk, reason="登簿以后不能撤回", actor=office.window.actor, at=AT)
    with pytest.raises(SurveyNotReady):
        _add(office, batch, 1, made.png(10))


def test_a_farmer_sees_the_evidence_of_its_own_unit_and_of_no_other(office, batch):
    rows = [_add(office, batch, number, made.png(number)) for number in (1, 2)]
    holder = Actor(user_id=office.window.user.pk, role=Role.SELF.value)
    assert not SurveyEvidence.objects.visible_to(holder).exists()
    surveys.entered(batch, office)
    mine, others = (Right.objects.filter(baunit__evidence=row).exclude(kind=1).first() for row in rows)
    for own, row in ((mine, rows[0]), (others, rows[1])):
        farmer = Actor(user_id=office.window.user.pk, role=Role.SELF.value, on_behalf_of_id=own.party_id)
        assert list(SurveyEvidence.objects.visible_to(farmer)) == [row]
    stranger = Actor(user_id=office.window.user.pk, role=Role.SELF.value, on_behalf_of_id=people.person("演示外人").pk)
    assert not SurveyEvidence.objects.visible_to(stranger).exists()
    with pytest.raises(EvidenceNotFound):
        queries.one_evidence(rows[0].pk, actor=stranger)


def test_staff_see_the_evidence_of_their_place_and_auditors_read_it(office, batch):
    row = _add(office, batch)
    assert not SurveyEvidence.objects.visible_to(office.elsewhere.actor).exists()
    assert list(SurveyEvidence.objects.visible_to(office.reviewer.actor)) == [row]
    assert list(SurveyEvidence.objects.visible_to(person(Role.AUDITOR, people.COUNTY).actor)) == [row]


def test_who_keeps_a_village_sees_what_a_batch_of_its_town_has_brought_to_its_units(office):
    lots = surveys.lots(2)
    for lot in lots:
        lot.more["村代码"] = people.VILLAGE
    batch = surveys.taken(office, surveys.geojson(lots), division=people.TOWN)
    row = _add(office, batch)
    village = person(Role.TOWN_WINDOW, people.VILLAGE)
    assert not SurveyEvidence.objects.visible_to(village.actor).exists()
    surveys.entered(batch, office)
    assert list(SurveyEvidence.objects.visible_to(village.actor)) == [row]


# -- an archive -------------------------------------------------------------------------------------------------------


def test_an_archive_brings_evidence_of_many_parcels_at_once(office, batch):
    taken = _zip(office, batch, made.archive({
        "甲村/1_1.png": made.png(1), "甲村/00001_2.jpg": made.jpeg(2), "甲村/第2宗/全景.png": made.png(3),
        "甲村/第2宗/指界通知书.pdf": made.PDF, "3.pdf": made.PDF, "__MACOSX/._1.png": b"x", "甲村/Thumbs.db": b"x",
    }))  # fmt: skip
    assert (taken.state, taken.counts) == ("applied", {"files": 5, "bad": 0, "note": 1, "taken": 5})
    told = list(SurveyEvidence.objects.order_by("number", "pk").values_list("number", "kind", "file_name"))
    assert told == [
        (1, "photo", "1_1.png"), (1, "photo", "00001_2.jpg"), (2, "photo", "全景.png"), (2, "pointing", "指界通知书.pdf"),
        (3, "source", "3.pdf"),
    ]  # fmt: skip
    assert [(place, text) for place, _, level, text in _said(taken) if level] == [
        ("3.pdf", "和第 2 宗的一个文件完全相同")
    ]
    again = _zip(office, batch, made.archive({"1_1.png": made.png(1), "2.png": made.png(8)}), "再传.zip")
    assert (again.state, again.counts["taken"]) == ("applied", 1)
    assert _said(again)[0] == ("1_1.png", 1, "note", "这一宗已有同样的文件")


def test_codes_name_parcels_as_numbers_do(office):
    code = f"{people.VILLAGE}JC00007"
    lots = [Lot(factories.square(), "演示甲", people.identity(), {"宗地代码": code}), *surveys.lots(3)[1:]]
    batch = surveys.taken(office, surveys.geojson(lots))
    taken = _zip(office, batch, made.archive({f"{code}_1.png": made.png(1), f"{code}W00000000/2.png": made.png(2)}))
    assert taken.state == "applied", _said(taken)
    assert set(SurveyEvidence.objects.values_list("number", flat=True)) == {1}
    unclear = _zip(office, batch, made.archive({"00007.png": made.png(3)}))
    assert unclear.state == "applied", "there is no seventh parcel"


def test_five_digits_that_are_a_number_and_the_end_of_another_code_are_asked_about(office):
    code = f"{people.VILLAGE}JC00002"
    lots = [Lot(factories.square(), "演示甲", people.identity(), {"宗地代码": code}), *surveys.lots(3)[1:]]
    batch = surveys.taken(office, surveys.geojson(lots))
    taken = _zip(office, batch, made.archive({"00002.png": made.png()}))
    assert taken.state == "faulty"
    assert _said(taken)[0][3] == "可能是第 1 宗、第 2 宗，分不清"


def _link() -> list[tuple[object, bytes]]:
    import zipfile

    info = zipfile.ZipInfo("1.png")
    info.external_attr = 0o120777 << 16
    return [(info, b"/etc/passwd")]


BAD = [
    ({"9.png": made.png()}, "没有写明是哪一宗，或者这一批没有这样的宗地"),
    ({"全景.png": made.png()}, "没有写明是哪一宗"),
    ({"1.gif": b"GIF89a"}, "这里只收"),
    ({"1.png": made.jpeg()}, "扩展名说是PNG 图片"),
    ({"1.png": made.png()[:-12]}, "不能作为佐证"),
    ({"1.png": b""}, "是空的"),
    ({"1.zip": made.archive({"1.png": made.png()})}, "这里只收"),
    ({"../1.png": made.png()}, "指向压缩包以外"),
    ({"/1.png": made.png()}, "指向压缩包以外"),
    ({"1/..\\..\\1.png": made.png()}, "指向压缩包以外"),
    (_link(), "是链接，不是文件"),
]


@pytest.mark.parametrize(("files", "text"), BAD, ids=[text for _, text in BAD])
def test_one_bad_file_keeps_the_whole_archive_out(office, batch, files, text):
    more = list(files.items()) if isinstance(files, dict) else files
    taken = _zip(office, batch, made.archive([("2.png", made.png(5)), *more]))
    assert (taken.state, taken.counts["bad"], taken.counts["taken"]) == ("faulty", 1, 0), _said(taken)
    (bad,) = [line for line in taken.lines if line[3] == "fault"]
    assert text in bad[4]
    assert bad[5], "says how to mend it"
    assert not SurveyEvidence.objects.exists()


def test_a_name_in_gbk_is_read_as_it_was_written(office, batch):
    taken = _zip(office, batch, made.gbk_archive("第2宗/全景照片.png", made.png()))
    assert taken.state == "applied", _said(taken)
    assert SurveyEvidence.objects.get().file_name == "全景照片.png"


def test_a_file_that_is_larger_than_it_may_be_is_a_fault_of_its_line(office, batch, monkeypatch):
    from ..services import evidence_archives

    monkeypatch.setattr(evidence_archives, "LIMIT", 1_000)
    taken = _zip(office, batch, made.archive({"1.png": bytes(2_000_000)}))
    assert (taken.state, taken.lines[0][3]) == ("faulty", "fault")


def test_a_part_that_was_changed_is_damaged(office, batch):
    content = made.archive({"1.png": made.png(1)}, compression=0)
    taken = _zip(office, batch, content.replace(made.png(1)[30:40], bytes(10)))
    assert "已损坏，解不开" in taken.lines[0][4]


def test_an_archive_with_a_password_or_that_is_none_is_refused_at_once(office, batch):
    content = bytearray(made.archive({"1.png": made.png()}))
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + flags] |= 1
    for wrong in (bytes(content), b"PK\x03\x04 rubbish", made.png()):
        with pytest.raises(DomainError):
            _zip(office, batch, wrong)
    assert not EvidenceArchive.objects.exists()


def test_too_many_files_or_bytes_fail_as_a_whole(office, batch, monkeypatch):
    from ..surveying import evidence_archive

    monkeypatch.setattr(evidence_archive, "MOST_FILES", 1)
    taken = _zip(office, batch, made.archive({"1.png": made.png(1), "2.png": made.png(2)}))
    assert (taken.state, "一次至多" in taken.failure) == ("failed", True)
    monkeypatch.setattr(evidence_archive, "MOST_FILES", 10)
    monkeypatch.setattr(evidence_archive, "MOST_BYTES", 1_000_000)
    taken = _zip(office, batch, made.archive({"1.png": bytes(5_000_000)}), "炸弹.zip")
    assert (taken.state, "解开后超过" in taken.failure) == ("failed", True)
    empty = _zip(office, batch, made.archive({"__MACOSX/x": b"x"}), "空.zip")
    assert "里面没有文件" in empty.failure


def test_an_archive_that_was_given_for_another_file_of_the_batch_is_not_taken(office, batch):
    taken = take_evidence_archive(
        batch_id=batch.pk, content=made.archive({"1.png": made.png()}), name="佐证.zip", documents_as=EvidenceKind.SOURCE,
        actor=office.window.actor, at=AT,
    )  # fmt: skip
    surveys.mended(batch, office, surveys.geojson(surveys.lots(2)))
    run_here(taken.job_id)
    taken.refresh_from_db()
    assert (taken.state, "已重新上传调查成果" in taken.failure) == ("failed", True)
    assert not SurveyEvidence.objects.exists()


def test_a_repeated_check_takes_nothing_twice(office, batch):
    from ..services.evidence_archives import check_archive

    taken = _zip(office, batch, made.archive({"1.png": made.png()}))
    again = check_archive(_Quiet(), archive_id=taken.pk, actor=office.window.actor, at=AT)
    assert again == {"state": "applied"}
    assert SurveyEvidence.objects.count() == 1


class _Quiet:
    """A hand that tells nobody."""

    def progress(self, done: int, total: int | None = None, note: str = "") -> None:
        pass

    def must_stop(self) -> bool:
        return False


# -- what the database holds ------------------------------------------------------------------------------------------


def test_evidence_is_never_rewritten_and_stays_when_its_batch_is_over(office, batch):
    row = _add(office, batch)
    for statement in (
        "UPDATE registry_surveyevidence SET file_name = '另一张.png' WHERE id = %s",
        "UPDATE registry_surveyevidence SET at = now() WHERE id = %s",
        "DELETE FROM registry_surveyevidence WHERE id = %s",
    ):
        _refused("evidence_stays", statement, row.pk)
    withdraw_evidence(evidence_id=row.pk, reason="拍的是邻户", actor=office.window.actor, at=AT)
    for statement in (
        "UPDATE registry_surveyevidence SET withdrawn_at = NULL, withdrawn_by_id = NULL, withdrawn_reason = '' WHERE id = %s",
        "UPDATE registry_surveyevidence SET withdrawn_reason = '改写理由' WHERE id = %s",
    ):
        _refused("evidence_stays", statement, row.pk)
    other = _add(office, batch, 2)
    SurveyBatch.objects.filter(pk=batch.pk).update(state="closed")
    _refused("evidence_in_time", "UPDATE registry_surveyevidence SET number = 1 WHERE id = %s", other.pk)


def test_an_answer_to_an_archive_stays(office, batch):
    taken = _zip(office, batch, made.archive({"1.png": made.png()}))
    for statement in (
        "UPDATE registry_evidencearchive SET state = 'checking', checked_at = NULL WHERE id = %s",
        "UPDATE registry_evidencearchive SET lines = '[]' WHERE id = %s",
        "DELETE FROM registry_evidencearchive WHERE id = %s",
    ):
        _refused("evidence_archive_stays", statement, taken.pk)


def _refused(name: str, statement: str, key: int) -> None:
    with pytest.raises(IntegrityError) as error, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [key])
    assert error.value.__cause__.diag.constraint_name == name
