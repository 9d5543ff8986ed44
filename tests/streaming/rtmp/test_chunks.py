"""Chunk vectors written out byte by byte, and properties of any stream of chunks."""

from contextlib import suppress
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streaming.rtmp.chunks import ChunkReader, ChunkWriter
from streaming.rtmp.errors import ProtocolError
from streaming.rtmp.messages import Message, MessageType, set_chunk_size

VIDEO, AUDIO = 9, 8


def _reader(
    *, max_message_bytes: int = 1 << 20, max_buffered_bytes: int = 1 << 21, max_chunk_streams: int = 32
) -> ChunkReader:
    return ChunkReader(
        max_message_bytes=max_message_bytes,
        max_buffered_bytes=max_buffered_bytes,
        max_chunk_streams=max_chunk_streams,
    )


def _read(data: bytes, reader: ChunkReader | None = None) -> list[Message]:
    return list((reader or _reader()).feed(data))


def _type0(
    payload: bytes, timestamp: int, *, csid: int = 6, length: int | None = None, kind: int = VIDEO
) -> bytes:
    """Basic header and type 0 header in front of (the beginning of) a payload."""
    length = len(payload) if length is None else length
    short = min(timestamp, 0xFFFFFF)
    extended = timestamp.to_bytes(4) if short == 0xFFFFFF else b""
    header = short.to_bytes(3) + length.to_bytes(3) + bytes((kind, 1, 0, 0, 0))
    return bytes((csid,)) + header + extended + payload


def _type1(payload: bytes, delta: int, *, csid: int = 6, length: int | None = None) -> bytes:
    length = len(payload) if length is None else length
    short = min(delta, 0xFFFFFF)
    extended = delta.to_bytes(4) if short == 0xFFFFFF else b""
    header = short.to_bytes(3) + length.to_bytes(3) + bytes((VIDEO,))
    return bytes((0x40 | csid,)) + header + extended + payload


def _type2(payload: bytes, delta: int, *, csid: int = 6) -> bytes:
    return bytes((0x80 | csid,)) + delta.to_bytes(3) + payload


def _type3(payload: bytes, *, csid: int = 6, extended: int | None = None) -> bytes:
    repeated = b"" if extended is None else extended.to_bytes(4)
    return bytes((0xC0 | csid,)) + repeated + payload


def _times(messages: list[Message]) -> list[int]:
    return [message.timestamp for message in messages]


BODY = bytes(range(256)) + bytes(range(44))  # 300 bytes: three chunks at the default size


# -- headers


def test_a_message_of_one_chunk_is_read_with_all_its_fields() -> None:
    assert _read(_type0(b"abc", 1000)) == [
        Message(VIDEO, b"abc", timestamp=1000, stream_id=1, chunk_stream=6)
    ]


def test_type_1_and_2_headers_add_their_delta() -> None:
    messages = _read(_type0(b"abc", 1000) + _type1(b"de", 40) + _type2(b"fg", 33))
    assert [(m.timestamp, m.payload, m.stream_id) for m in messages] == [
        (1000, b"abc", 1), (1040, b"de", 1), (1073, b"fg", 1)
    ]  # fmt: skip


def test_type_3_beginning_a_message_adds_the_last_delta_again() -> None:
    data = (
        _type0(b"a", 1000) + _type2(b"b", 20) + _type3(b"c") + _type3(b"d") + _type2(b"e", 5) + _type3(b"f")
    )
    assert _times(_read(data)) == [1000, 1020, 1040, 1060, 1065, 1070]


def test_type_3_behind_type_0_takes_its_time_as_the_delta() -> None:
    # §5.3.1.2.4; ffmpeg sends this when the second frame lies as far from the first as the first from 0.
    assert _times(_read(_type0(b"a", 33) + _type3(b"b"))) == [33, 66]


def test_the_time_wraps_at_32_bits() -> None:
    data = _type0(b"a", 0xFFFFFFF0) + _type2(b"b", 0x20)
    assert _times(_read(data)) == [0xFFFFFFF0, 0x10]


def test_an_empty_message_is_a_message() -> None:
    assert [m.payload for m in _read(_type0(b"", 5) + _type3(b"") + _type1(b"x", 1))] == [b"", b"", b"x"]


@pytest.mark.parametrize(
    ("header", "csid"),
    [
        (b"\x02", 2),
        (b"\x3f", 63),
        (b"\x00\x00", 64),
        (b"\x00\xff", 319),
        (b"\x01\x00\x00", 64),
        (b"\x01\x00\x01", 320),
        (b"\x01\xff\xff", 65599),
    ],
)
def test_chunk_streams_are_numbered_in_one_two_or_three_bytes(header: bytes, csid: int) -> None:
    continued = bytes((header[0] | 0xC0,)) + header[1:]
    data = header + _type0(BODY[:128], 7, length=300)[1:] + continued + BODY[128:256] + continued + BODY[256:]
    (message,) = _read(data)
    assert (message.chunk_stream, message.payload) == (csid, BODY)


def test_a_chunk_stream_may_be_named_in_either_form() -> None:
    # 64 fits the two-byte and the three-byte form.
    data = b"\x00\x00" + _type0(BODY[:128], 7, length=200)[1:] + b"\xc1\x00\x00" + BODY[128:200]
    assert [m.payload for m in _read(data)] == [BODY[:200]]


# -- cutting and interleaving


def test_interleaved_chunk_streams_are_put_together_apart() -> None:
    data = (
        _type0(BODY[:128], 10, length=300)
        + _type0(b"A" * 128, 11, csid=4, length=200, kind=AUDIO)
        + _type3(BODY[128:256])
        + _type3(b"A" * 72, csid=4)
        + _type0(b"m", 12, csid=8, kind=18)
        + _type3(BODY[256:])
    )
    assert [(m.type_id, m.timestamp, m.payload) for m in _read(data)] == [
        (AUDIO, 11, b"A" * 200), (18, 12, b"m"), (VIDEO, 10, BODY)
    ]  # fmt: skip


@pytest.mark.parametrize("size", [1, 2, 100, 127, 129, 4096, 65536])
def test_the_chunk_size_changes_in_mid_message(size: int) -> None:
    change = ChunkWriter().write(set_chunk_size(size))
    payload = BODY * 300
    data = _type0(payload[:128], 0, length=len(payload)) + change
    for start in range(128, len(payload), size):
        data += _type3(payload[start : start + size])
    messages = _read(data)
    assert [m.type_id for m in messages] == [MessageType.SET_CHUNK_SIZE, VIDEO]
    assert messages[1].payload == payload


def test_the_chunk_size_may_change_again_and_again() -> None:
    writer, reader = ChunkWriter(), _reader()
    for size in (1, 65536, 128, 7, 4096, 2):
        data = writer.set_chunk_size(size) + writer.write(Message(VIDEO, BODY * 4, size, 1, 6))
        assert _read(data, reader)[1].payload == BODY * 4


@pytest.mark.parametrize("size", [0, 0x80000000, 0xFFFFFFFF])
def test_an_impossible_chunk_size_is_a_protocol_error(size: int) -> None:
    with pytest.raises(ProtocolError, match="chunk size"):
        _read(ChunkWriter().write(set_chunk_size(size)))


@pytest.mark.parametrize("size", [0, 65537])
def test_the_writer_has_no_impossible_chunk_size(size: int) -> None:
    with pytest.raises(ValueError):
        ChunkWriter().set_chunk_size(size)


# -- extended timestamps


EXTENDED = 16_780_000


@pytest.mark.parametrize("repeated", [EXTENDED, None], ids=["repeated", "left out"])
def test_extended_times_on_continuations_may_be_repeated_or_left_out(repeated: int | None) -> None:
    data = (
        _type0(BODY[:128], EXTENDED, length=300)
        + _type3(BODY[128:256], extended=repeated)
        + _type3(BODY[256:], extended=repeated)
        + _type1(b"next", 33)
    )
    messages = _read(data)
    assert [m.payload for m in messages] == [BODY, b"next"]
    assert _times(messages) == [EXTENDED, EXTENDED + 33]


def test_an_extended_delta_is_repeated_with_the_delta_or_the_time() -> None:
    delta, base = 0x1000000, 5
    for repeated in (delta, base + delta, None):
        data = (
            _type0(b"first", base)
            + _type1(BODY[:128], delta, length=200)
            + _type3(BODY[128:200], extended=repeated)
        )
        messages = _read(data)
        assert (messages[1].payload, messages[1].timestamp) == (BODY[:200], base + delta)


def test_a_last_chunk_shorter_than_the_time_is_told_apart_without_waiting() -> None:
    left_out = _type0(BODY[:128], EXTENDED, length=130) + _type3(b"\x27\x01")
    assert [m.payload for m in _read(left_out)] == [BODY[:128] + b"\x27\x01"]


def test_a_last_chunk_that_looks_like_the_time_waits_for_more() -> None:
    reader = _reader()
    alike = EXTENDED.to_bytes(4)[:2]
    assert _read(_type0(BODY[:128], EXTENDED, length=130) + _type3(alike), reader) == []
    assert [m.payload for m in _read(_type1(b"next", 5), reader)] == [BODY[:128] + alike, b"next"]


@pytest.mark.parametrize(
    ("second", "timestamp"),
    [(EXTENDED, EXTENDED), (EXTENDED + 40, EXTENDED + 40), (None, EXTENDED)],
    ids=["repeated", "own time", "left out"],
)
def test_type_3_beginning_a_message_after_an_extended_type_0(second: int | None, timestamp: int) -> None:
    video = b"\x27\x01\x00\x00\x00frame"
    messages = _read(_type0(video, EXTENDED) + _type3(video, extended=second) + _type2(video, 40))
    assert [m.payload for m in messages] == [video] * 3
    assert _times(messages) == [EXTENDED, timestamp, timestamp + 40]


def test_type_3_beginning_a_message_adds_an_extended_delta_again() -> None:
    delta = 0x1000000
    data = _type0(b"a", 1) + _type1(b"b", delta) + _type3(b"c", extended=delta)
    assert _times(_read(data)) == [1, 1 + delta, 1 + 2 * delta]


# -- abort and limits


def test_abort_drops_the_part_of_a_message_and_the_next_is_read() -> None:
    abort = ChunkWriter().write(Message(MessageType.ABORT, (6).to_bytes(4), chunk_stream=2))
    data = (
        _type0(b"A" * 128, 10, csid=4, length=200, kind=AUDIO)
        + _type0(BODY[:128], 10, length=300)
        + abort
        + _type1(b"whole", 33)
        + _type3(b"A" * 72, csid=4)
    )
    messages = [m for m in _read(data) if m.type_id != MessageType.ABORT]
    assert [(m.type_id, m.timestamp, m.payload) for m in messages] == [
        (VIDEO, 43, b"whole"), (AUDIO, 10, b"A" * 200)
    ]  # fmt: skip


def test_aborted_bytes_do_not_count_as_held() -> None:
    reader = _reader(max_buffered_bytes=300)
    abort = Message(MessageType.ABORT, (6).to_bytes(4), chunk_stream=2)
    for _ in range(10):
        _read(_type0(BODY[:128], 10, length=300) + ChunkWriter().write(abort), reader)
    assert [m.payload for m in _read(_type0(b"whole", 5), reader)] == [b"whole"]


def test_aborting_a_chunk_stream_nobody_opened_is_harmless() -> None:
    abort = ChunkWriter().write(Message(MessageType.ABORT, (9).to_bytes(4), chunk_stream=2))
    assert [m.payload for m in _read(abort + _type0(b"whole", 5))][1:] == [b"whole"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (_type0(b"", 0, length=101), "message of 101 bytes"),
        (_type0(BODY[:100], 0) + _type1(b"", 0, length=101), "message of 101 bytes"),
        (_type2(b"x", 0), "header of type 2"),
        (_type3(b"x"), "header of type 3"),
        (b"".join(_type0(b"x", 0, csid=csid) for csid in range(3, 8)), "more than 4 chunk streams"),
        (_type0(b"abc", 0, csid=2, kind=1), "control message of type 1 has 3 bytes"),
        (_type0(b"abc", 0, csid=2, kind=2), "control message of type 2 has 3 bytes"),
    ],
)
def test_what_breaks_a_rule_or_a_limit_is_a_protocol_error(data: bytes, reason: str) -> None:
    with pytest.raises(ProtocolError, match=reason):
        _read(data, _reader(max_message_bytes=100, max_chunk_streams=4))


def test_a_new_header_in_mid_message_is_a_protocol_error() -> None:
    with pytest.raises(ProtocolError, match="chunk stream 6 begins a message before"):
        _read(_type0(BODY[:128], 0, length=300) + _type0(BODY[:128], 40, length=300))


def test_all_incomplete_messages_together_are_limited() -> None:
    reader = _reader(max_buffered_bytes=500)
    held = b"".join(_type0(BODY[:128], 0, csid=csid, length=300) for csid in range(3, 6))
    assert _read(held, reader) == []
    with pytest.raises(ProtocolError, match="more than 500 bytes"):
        _read(_type0(BODY[:128], 0, csid=6, length=300), reader)


def test_what_came_before_an_error_is_handed_out() -> None:
    reading = _reader().feed(_type0(b"kept", 5) + _type3(b"", csid=9))
    assert next(reading).payload == b"kept"
    with pytest.raises(ProtocolError):
        next(reading)


def test_a_first_header_of_type_1_is_taken_as_librtmp_sends_it() -> None:
    assert [(m.payload, m.timestamp) for m in _read(_type1(b"ping", 3))] == [(b"ping", 3)]


# -- properties

_messages = st.builds(
    Message,
    type_id=st.sampled_from([8, 9, 18, 20]),
    payload=st.one_of(st.binary(max_size=600), st.integers(0, 3000).map(lambda n: bytes(n))),
    timestamp=st.one_of(st.integers(0, 200), st.integers(0xFFFFF0, 0x100000F), st.integers(0, 0xFFFFFFFF)),
    stream_id=st.sampled_from([0, 1, 2, 0xFFFFFFFF]),
    chunk_stream=st.sampled_from([3, 4, 63, 64, 319, 320, 65599]),
)
_conversations = st.lists(st.one_of(_messages, st.integers(1, 65536), st.integers(1, 9)), max_size=12)


def _written(conversation: list[Message | int]) -> bytes:
    """Numbers change the chunk size."""
    writer = ChunkWriter()
    return b"".join(
        writer.set_chunk_size(turn) if isinstance(turn, int) else writer.write(turn) for turn in conversation
    )


@given(_conversations, st.data())
@settings(deadline=None)
def test_what_is_written_is_read_however_the_bytes_are_split(
    conversation: list[Message | int], data: st.DataObject
) -> None:
    stream = _written(conversation)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=12)))
    reader = _reader()
    got: list[Message] = []
    for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        got += reader.feed(stream[start:end])
    expected = [turn for turn in conversation if isinstance(turn, Message)]
    assert [m for m in got if m.type_id != MessageType.SET_CHUNK_SIZE] == expected


@given(_conversations)
@settings(deadline=None, max_examples=30)
def test_byte_by_byte_gives_the_same_messages_as_all_at_once(conversation: list[Message | int]) -> None:
    stream = _written(conversation)
    reader = _reader()
    singly = [message for index in range(len(stream)) for message in reader.feed(stream[index : index + 1])]
    assert singly == _read(stream)


@given(st.binary(max_size=400), st.lists(st.integers(0, 400), max_size=4))
def test_garbage_raises_nothing_but_protocol_errors(data: bytes, cuts: list[int]) -> None:
    reader = _reader(max_message_bytes=200, max_chunk_streams=3)
    edges = [0, *sorted(cuts), len(data)]
    with suppress(ProtocolError):
        for start, end in pairwise(edges):
            for message in reader.feed(data[start:end]):
                assert len(message.payload) <= 200


@given(_conversations.map(_written), st.data())
def test_a_damaged_stream_raises_nothing_but_protocol_errors(stream: bytes, data: st.DataObject) -> None:
    damaged = bytearray(stream)
    for place in data.draw(st.lists(st.integers(0, max(0, len(stream) - 1)), max_size=5)):
        if place < len(damaged):
            damaged[place] = data.draw(st.integers(0, 255))
    with suppress(ProtocolError):
        _read(bytes(damaged))
