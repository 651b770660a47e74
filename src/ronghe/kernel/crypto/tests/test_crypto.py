"""Sealed values open only with their key, in their place, unchanged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.kernel import crypto

KEY, OTHER = crypto.new_key(), crypto.new_key()


@given(st.binary(max_size=300), st.text(max_size=20))
def test_what_is_sealed_opens_again(plain, about):
    sealed = crypto.seal(plain, key=KEY, about=about)
    assert len(sealed) == len(plain) + 29
    assert crypto.opened(sealed, key=KEY, about=about) == plain


def test_equal_values_are_sealed_differently():
    assert crypto.seal(b"x", key=KEY, about="a") != crypto.seal(b"x", key=KEY, about="a")


@given(st.data())
def test_a_changed_value_does_not_open(data):
    sealed = bytearray(crypto.seal(b"11010519491231002X", key=KEY, about="a"))
    place = data.draw(st.integers(0, len(sealed) - 1))
    sealed[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(crypto.BadSeal):
        crypto.opened(bytes(sealed), key=KEY, about="a")


@pytest.mark.parametrize(("key", "about"), [(OTHER, "a"), (KEY, "b")], ids=["key", "place"])
def test_another_key_or_another_place_does_not_open(key, about):
    with pytest.raises(crypto.BadSeal):
        crypto.opened(crypto.seal(b"x", key=KEY, about="a"), key=key, about=about)


def test_a_wrapped_key_opens_with_the_master_key_in_its_place():
    wrapped = crypto.wrap(KEY, about="party:1")
    assert crypto.unwrap(wrapped, about="party:1") == KEY
    with pytest.raises(crypto.BadSeal):
        crypto.unwrap(wrapped, about="party:2")


def test_a_blind_index_tells_equal_values_of_one_kind():
    one = crypto.blind_index("11010519491231002X", of="identity")
    assert one == crypto.blind_index("11010519491231002X", of="identity")
    assert one != crypto.blind_index("11010519491231002X", of="telephone")
    assert len(one) == 32
