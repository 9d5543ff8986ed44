import struct
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming.rtmp.amf import decode, encode
from streaming.rtmp.amf_values import (
    MAX_DEPTH,
    MAX_VALUES,
    UNDEFINED,
    AmfDate,
    AmfError,
    AmfValue,
    AmfXml,
    EcmaArray,
    TypedObject,
)


def _number(value: float) -> bytes:
    return b"\x00" + struct.pack(">d", value)


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (_number(1.5), 1.5),
        (b"\x01\x00", False),
        (b"\x01\x07", True),
        (b"\x02\x00\x04live", "live"),
        (b"\x02\x00\x06\xe6\xb3\x95\xe6\xb2\xbb", "法治"),
        (b"\x02\x00\x02\xb7\xa8", "��"),
        (b"\x03\x00\x01a" + _number(1) + b"\x00\x00\x09", {"a": 1.0}),
        (b"\x03\x00\x00" + _number(1) + b"\x00\x00\x09", {"": 1.0}),
        (b"\x05", None),
        (b"\x06", UNDEFINED),
        (b"\x0d", UNDEFINED),
        (b"\x08\x00\x00\x00\x07\x00\x01a\x05\x00\x00\x09", EcmaArray(a=None)),
        (b"\x0a\x00\x00\x00\x02\x02\x00\x04hvc1\x02\x00\x04av01", ["hvc1", "av01"]),
        (b"\x0b" + struct.pack(">dh", 1e12, 480), AmfDate(1e12)),
        (b"\x0c\x00\x00\x00\x02ab", "ab"),
        (b"\x0f\x00\x00\x00\x04<a/>", AmfXml("<a/>")),
        (b"\x10\x00\x01T\x00\x01a\x05\x00\x00\x09", TypedObject("T", {"a": None})),
    ],
)
def test_each_amf0_marker_is_read(data: bytes, value: AmfValue) -> None:
    (read,) = decode(data)
    assert read == value
    assert type(read) is type(value)


def test_a_reference_names_a_complex_value_by_order_of_appearance() -> None:
    array = b"\x0a\x00\x00\x00\x01\x05"
    nested = b"\x03\x00\x01a" + array + b"\x00\x00\x09"
    assert decode(nested + b"\x07\x00\x01") == [{"a": [None]}, [None]]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x00\x00", "ends 7 bytes early"),
        (b"\x02\x00\x05abc", "ends 2 bytes early"),
        (b"\x03\x00\x01a\x05", "ends 2 bytes early"),
        (b"\x03\x00\x00", "ends 1 byte early"),
        (b"\x04\x00", "marker 0x04"),
        (b"\x0e", "marker 0x0e"),
        (b"\x0a\xff\xff\xff\xff\x05", "4294967295 values in 1 bytes"),
        (b"\x07\x00\x00", "reference 0 of 0"),
        (b"\x03\x00\x01a\x07\x00\x00\x00\x00\x09", "refers to itself"),
        (b"\x0a\x00\x00\x00\x01" * (MAX_DEPTH + 1) + b"\x05", "deep"),
        (b"\x05" * (MAX_VALUES + 1), "more than 4096 AMF values"),
    ],
)
def test_broken_or_hostile_amf0_is_an_amf_error(data: bytes, reason: str) -> None:
    with pytest.raises(AmfError, match=reason):
        decode(data)


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (b"\x00", UNDEFINED),
        (b"\x01", None),
        (b"\x02", False),
        (b"\x03", True),
        (b"\x04\x7f", 127.0),
        (b"\x04\x81\x00", 128.0),
        (b"\x04\xff\xff\xff\xff", -1.0),
        (b"\x04\xbf\xff\xff\xff", 268435455.0),
        (b"\x05" + struct.pack(">d", 2.5), 2.5),
        (b"\x06\x09live", "live"),
        (b"\x07\x09<a/>", AmfXml("<a/>")),
        (b"\x08\x01" + struct.pack(">d", 5.0), AmfDate(5.0)),
        (b"\x09\x05\x01\x06\x03a\x06\x00", ["a", "a"]),
        (b"\x09\x03\x03k\x02\x01\x03", EcmaArray({"k": False, "0": True})),
        (b"\x0a\x0b\x01\x03k\x04\x05\x01", {"k": 5.0}),
        (b"\x0a\x13\x03T\x03k\x04\x05", TypedObject("T", {"k": 5.0})),
        (b"\x0c\x05\xff\x00", b"\xff\x00"),
    ],
)
def test_each_amf3_marker_is_read_behind_the_switch(data: bytes, value: AmfValue) -> None:
    (read,) = decode(b"\x11" + data)
    assert read == value
    assert type(read) is type(value)


def test_amf3_references_reach_back_over_the_whole_message() -> None:
    first = b"\x11\x0a\x13\x03T\x03k\x04\x05"
    second = b"\x11\x0a\x01\x04\x06"  # traits by reference, another value
    third = b"\x11\x0a\x00"  # the first object again
    assert decode(first + second + third) == [
        TypedObject("T", {"k": 5.0}),
        TypedObject("T", {"k": 6.0}),
        TypedObject("T", {"k": 5.0}),
    ]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x0d", "marker 0x0d"),
        (b"\x06\x02", "string reference 1 of 0"),
        (b"\x09\x02", "object reference 1 of 0"),
        (b"\x0a\x05", "traits reference 1 of 0"),
        (b"\x0a\x07\x01", "externalizable"),
        (b"\x0a\xff\xff\xff\xf3", "members"),
        (b"\x09\x03\x01\x09\x00", "refers to itself"),
        (b"\x09\x03\x01" * (MAX_DEPTH + 1), "deep"),
        (b"\x06\x7f", "early"),
    ],
)
def test_broken_or_hostile_amf3_is_an_amf_error(data: bytes, reason: str) -> None:
    with pytest.raises(AmfError, match=reason):
        decode(b"\x11" + data)


def test_what_amf0_cannot_hold_is_an_amf_error() -> None:
    with pytest.raises(AmfError, match="bytes"):
        encode(b"raw")
    with pytest.raises(AmfError, match="65535"):
        encode({"n" * 70_000: None})


def test_a_long_string_takes_the_long_marker() -> None:
    text = "法" * 30_000
    data = encode(text)
    assert data[:5] == b"\x0c" + (90_000).to_bytes(4)
    assert decode(data) == [text]


_texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
_scalars: st.SearchStrategy[AmfValue] = st.one_of(
    st.none(),
    st.booleans(),
    st.floats(allow_nan=False),
    _texts,
    st.just(UNDEFINED),
    st.builds(AmfDate, st.floats(allow_nan=False)),
    st.builds(AmfXml, _texts),
)


def _nested(inner: st.SearchStrategy[AmfValue]) -> st.SearchStrategy[AmfValue]:
    members = st.dictionaries(_texts, inner, max_size=4)
    return st.one_of(
        st.lists(inner, max_size=4),
        members,
        st.builds(EcmaArray, members),
        st.builds(TypedObject, _texts, members),
    )


_values = st.recursive(_scalars, _nested, max_leaves=12)


@given(st.lists(_values, max_size=4))
def test_what_is_written_is_read_back(values: list[AmfValue]) -> None:
    read = decode(encode(*values))
    assert read == values
    assert repr(read) == repr(values)  # equality alone does not tell dict from EcmaArray


@given(st.binary(max_size=200))
def test_garbage_raises_nothing_but_amf_errors(data: bytes) -> None:
    for garbage in (data, b"\x11" + data):
        with suppress(AmfError):
            decode(garbage)
