"""Codes: written, read and refused as the standards say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ..rules import codes
from ..rules.codes import BadCode
from ..rules.kinds import FEATURES, UnitKind

digits = st.text("0123456789", min_size=12, max_size=12)


@pytest.mark.parametrize(
    ("code", "county", "number", "kind"),
    [
        # the shapes that domain/land.md a1 gives, from a production validator and from print
        ("450103001001GB00001W00000000", "450103", 1, UnitKind.STATE),
        ("330521 003012 JB00017 W00000000", "330521", 17, UnitKind.CONSTRUCTION),
        ("370322101201JC00017F99990001", "370322", 17, UnitKind.HOMESTEAD),
        ("370322101201JE00003L00010001", "370322", 3, UnitKind.CONTRACTED_FOREST),
        ("370322101201JL00003L00010001", "370322", 3, UnitKind.FOREST),
        ("370322101201JC00017F00010018", "370322", 17, UnitKind.HOMESTEAD),
        # of a state farm; the platform registers no such right
        ("370322101201GD00003W00000000", "370322", 3, None),
        ("370322101201ZY00003W00000000", "370322", 3, None),
    ],
)
def test_unit_codes_are_read(code, county, number, kind):
    read = codes.read_unit(code)
    assert (read.parcel.county, read.parcel.number) == (county, number)
    assert codes.kind_of(read.parcel) is kind
    assert str(read) == codes.cleaned(code)
    assert codes.cleaned(read.printed) == str(read)


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("330521003012JB00017W0000000", "28 位"),
        ("330521003012JB00017W00000001", "全为 0"),
        ("330521003012JB00017F00000000", "不能全为 0"),
        ("330521003012GC00017W00000000", "应为 J"),
        ("330521003012GA00017W00000000", "应为 J"),
        ("330521003012QB00017W00000000", "应为 G"),
        ("330521003012ZB00017W00000000", "应为 G（国家）或 J（集体），现为 Z"),
        ("330521003012ZC00017W00000000", "应为 J"),
        ("330521003012ZD00017W00000000", "应为 J（集体）或 G（国家），现为 Z"),
        ("330521003012JH00017W00000000", "应为 G（国家），现为 J"),
        ("330521003012JG00017W00000000", "应为 G（国家），现为 J"),
        ("330521003012JB00017F00000001", "0000 幢 0001 户"),
        ("330521003012JB00017F00010000", "0001 幢 0000 户"),
        ("330521003012JI00017W00000000", "没有 I"),
        ("330521003012JB00000W00000000", "00001"),
        ("330521003012JD00017F00010001", "应为 W"),
        ("330521003012JB00017L00010001", "应为 W、F、Q"),
        ("33052100301XJB00017W00000000", "28 位|应为"),
    ],
)
def test_what_is_no_unit_code_is_refused_with_the_reason(code, why):
    with pytest.raises(BadCode, match=why):
        codes.read_unit(code)


@given(village=digits, kind=st.sampled_from(UnitKind), number=st.integers(1, 99_999), house=st.booleans())
def test_what_is_written_is_read_back(village, kind, number, house):
    parcel = codes.numbered(codes.series_of(village, kind), number)
    house = house and "F" in codes.FIXTURES[parcel.use]
    written = codes.unit_code(parcel, has_building=house)
    assert codes.read_unit(str(written)) == written
    assert len(str(written)) == 28
    assert written.has_building == house
    assert codes.kind_of(parcel) is kind


def test_a_full_series_says_so():
    with pytest.raises(BadCode, match="99999"):
        codes.numbered(codes.series_of("370322101201", UnitKind.HOMESTEAD), 100_000)
    with pytest.raises(BadCode, match="12 位"):
        codes.series_of("370322-x", UnitKind.HOMESTEAD)
    assert set(FEATURES) == set(UnitKind)


@given(village=digits, group=st.integers(0, 99), household=st.integers(1, 8000), plot=st.integers(1, 99_999))
def test_contracting_codes_nest(village, group, household, plot):
    """GB/T 35958-2018: grantor 14 ⊂ contractor 18 ⊂ contract 19; plot 19 = grantor 14 + 5."""
    grantor = codes.grantor_code(village, group)
    contractor = codes.contractor_code(grantor, household)
    contract = codes.contract_code(contractor)
    assert (len(grantor), len(contractor), len(contract)) == (14, 18, 19)
    assert codes.read_contract(contract) == (contractor, "J")
    assert codes.read_contractor(contractor) == (grantor, household)
    assert codes.read_plot(codes.plot_code(grantor, plot)) == (grantor, plot)


@pytest.mark.parametrize(
    "do",
    [
        lambda: codes.grantor_code("37032210120", 0),
        lambda: codes.grantor_code("370322101201", 100),
        lambda: codes.contractor_code("37032210120100", 0),
        lambda: codes.contractor_code("3703221012010", 1),
        lambda: codes.contract_code("370322101201000001", "X"),
        lambda: codes.read_contract("370322101201000001"),
        lambda: codes.read_plot("3703221012010000000"),
        lambda: codes.read_plot("37032210120100"),
        lambda: codes.read_contractor("370322101201000000"),
    ],
)
def test_bad_contracting_codes_are_refused(do):
    with pytest.raises(BadCode):
        do()
