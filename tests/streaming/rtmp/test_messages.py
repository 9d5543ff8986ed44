import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming.rtmp.errors import ProtocolError
from streaming.rtmp.messages import Message, MessageType, split_aggregate
from streaming.rtmp.timestamps import Unwrapper


def _part(kind: int, timestamp: int, payload: bytes) -> bytes:
    time = (timestamp & 0xFFFFFF).to_bytes(3) + (timestamp >> 24).to_bytes(1)
    header = bytes((kind,)) + len(payload).to_bytes(3) + time + bytes(3)
    return header + payload + (len(payload) + 11).to_bytes(4)


def _split(body: bytes, timestamp: int) -> list[tuple[int, int, bytes, int]]:
    aggregate = Message(MessageType.AGGREGATE, body, timestamp, stream_id=1, chunk_stream=6)
    return [(m.type_id, m.timestamp, m.payload, m.stream_id) for m in split_aggregate(aggregate)]


def test_the_parts_of_an_aggregate_are_moved_to_its_own_time() -> None:
    body = _part(9, 500, b"v1") + _part(8, 510, b"a1") + _part(9, 540, b"v2")
    assert _split(body, 10_000) == [(9, 10_000, b"v1", 1), (8, 10_010, b"a1", 1), (9, 10_040, b"v2", 1)]


def test_times_of_parts_beyond_24_bits_are_read_with_their_high_byte() -> None:
    body = _part(9, 0xFFFFFF, b"v1") + _part(9, 0x1000010, b"v2")
    assert [time for _, time, _, _ in _split(body, 5)] == [5, 5 + 0x11]


def test_a_missing_last_back_pointer_is_forgiven() -> None:
    assert [payload for _, _, payload, _ in _split(_part(9, 0, b"v1")[:-4], 5)] == [b"v1"]


@pytest.mark.parametrize("cut", [5, 10, 12])
def test_an_aggregate_that_ends_inside_a_part_is_a_protocol_error(cut: int) -> None:
    whole = _part(8, 0, b"a1")
    aggregate = Message(MessageType.AGGREGATE, whole + _part(9, 0, b"v1")[:cut], 5)
    parts = split_aggregate(aggregate)
    assert next(parts).payload == b"a1"
    with pytest.raises(ProtocolError, match="ends inside"):
        next(parts)


def test_time_goes_on_past_32_bits() -> None:
    clock = Unwrapper()
    times = [0xFFFFFF00, 0xFFFFFFFF, 0x10, 0x80000000, 0xFFFFFFFE, 0x20]
    assert [clock.unwrap(time) for time in times] == [
        0xFFFFFF00, 0xFFFFFFFF, 0x1_0000_0010, 0x1_8000_0000, 0x1_FFFF_FFFE, 0x2_0000_0020
    ]  # fmt: skip


def test_a_step_back_stays_a_step_back() -> None:
    clock = Unwrapper()
    assert [clock.unwrap(time) for time in (5000, 4960, 5040, 0xFFFFFFFF)] == [5000, 4960, 5040, -1]


@given(st.integers(0, 0xFFFFFFFF), st.lists(st.integers(-(2**31), 2**31 - 1), max_size=50))
def test_steps_of_less_than_half_the_circle_are_kept_exactly(start: int, steps: list[int]) -> None:
    clock = Unwrapper()
    time = start
    assert clock.unwrap(time) == time
    for step in steps:
        time += step
        assert clock.unwrap(time & 0xFFFFFFFF) == time
