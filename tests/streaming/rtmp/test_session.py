"""The conversation of one publisher, bytes in and answers out."""

import struct
from contextlib import suppress
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming.rtmp.amf import decode, encode
from streaming.rtmp.amf_values import UNDEFINED, AmfValue
from streaming.rtmp.chunks import ChunkReader, ChunkWriter
from streaming.rtmp.errors import ProtocolError
from streaming.rtmp.gate import MessageKind
from streaming.rtmp.limits import RtmpLimits
from streaming.rtmp.messages import Message, MessageType, command
from streaming.rtmp.session import Event, Media, NotServed, PublishAsked, PublishEnded, Session
from tests.support.rtmp import C0_C1, C2, GOOD_KEY

START = "NetStream.Publish.Start"


class Talk:
    """A session and the client in front of it; accepts what asks to publish, unless told not to."""

    def __init__(self, *, accept: bool = True, limits: RtmpLimits | None = None) -> None:
        self.session = Session(limits or RtmpLimits())
        self.writer = ChunkWriter()
        self.reader = ChunkReader(max_message_bytes=1 << 20, max_buffered_bytes=1 << 20, max_chunk_streams=16)
        self.accept = accept
        self.events: list[Event] = []
        assert list(self.session.feed(C0_C1 + C2)) == []
        assert len(self.session.take_output()) == 3073

    def raw(self, data: bytes) -> list[Message]:
        """Feed bytes; the answers to them."""
        answers = b""
        for event in self.session.feed(data):
            self.events.append(event)
            if isinstance(event, PublishAsked) and self.accept:
                answers += self.session.take_output()
                self.session.accept()
        return list(self.reader.feed(answers + self.session.take_output()))

    def send(self, message: Message) -> list[Message]:
        return self.raw(self.writer.write(message))

    def command(
        self, name: str, transaction: float, *values: AmfValue, stream_id: int = 0
    ) -> list[list[AmfValue]]:
        """Send a command; the commands it is answered with."""
        message = command(name, transaction, *values)
        message.stream_id = stream_id
        return _commands(self.send(message))

    def connect(self, **options: AmfValue) -> list[list[AmfValue]]:
        return self.command("connect", 1.0, {"app": "live", "tcUrl": "rtmp://h/live", **options})

    def publish(self, key: str = GOOD_KEY, stream_id: int = 1) -> list[list[AmfValue]]:
        return self.command("publish", 5.0, None, key, "live", stream_id=stream_id)

    def media(self) -> list[Media]:
        return [event for event in self.events if isinstance(event, Media)]


def _commands(answers: list[Message]) -> list[list[AmfValue]]:
    return [decode(m.payload) for m in answers if m.type_id == MessageType.COMMAND_AMF0]


def _on_air() -> Talk:
    talk = Talk()
    talk.connect()
    talk.publish()
    return talk


def test_connect_is_answered_with_window_bandwidth_chunk_size_and_success() -> None:
    talk = Talk()
    answers = talk.send(command("connect", 1.0, {"app": "live", "flashVer": "OBS"}))
    assert [m.type_id for m in answers] == [5, 6, 1, 20]
    assert answers[0].payload == (2_500_000).to_bytes(4)
    assert answers[1].payload == (2_500_000).to_bytes(4) + b"\x02"
    name, transaction, server, info = decode(answers[3].payload)
    assert (name, transaction) == ("_result", 1.0)
    assert isinstance(server, dict)
    assert isinstance(info, dict)
    assert (info["level"], info["code"]) == ("status", "NetConnection.Connect.Success")
    assert info["objectEncoding"] == 0.0
    assert "fourCcList" not in server


def test_a_strict_array_of_codecs_in_connect_is_answered_with_ours() -> None:
    # mediamtx#3188: enhanced RTMP clients send fourCcList as a strict array.
    ((_, _, server, _),) = Talk().connect(fourCcList=["av01", "hvc1"], videoFunction=1.0)
    assert isinstance(server, dict)
    assert server["fourCcList"] == ["hvc1"]


def test_an_amf3_connect_is_answered_in_its_encoding() -> None:
    talk = Talk()
    app = b"\x11\x06" + bytes((len("live") << 1 | 1,)) + b"live"  # one value switched to AMF3
    options = b"\x03\x00\x03app" + app + b"\x00\x0eobjectEncoding" + b"\x00" + struct.pack(">d", 3)
    body = b"\x00" + encode("connect", 1.0) + options + b"\x00\x00\x09"
    ((_, _, _, info),) = _commands(talk.send(Message(MessageType.COMMAND_AMF3, body)))
    assert isinstance(info, dict)
    assert info["objectEncoding"] == 3.0
    publish = b"\x00" + encode("publish", 2.0, None, GOOD_KEY, "live")
    talk.send(Message(MessageType.COMMAND_AMF3, publish, stream_id=1))
    (asked,) = talk.events
    assert isinstance(asked, PublishAsked)
    assert (asked.address.app, asked.address.key) == ("live", GOOD_KEY)


def test_a_command_before_connect_is_a_protocol_error() -> None:
    with pytest.raises(ProtocolError, match="publish before connect"):
        Talk().publish()


@pytest.mark.parametrize(
    ("name", "values", "answers"),
    [
        ("releaseStream", [None, "k"], [["_result", 4.0, None, UNDEFINED]]),
        ("_checkbw", [None], [["_result", 4.0, None, UNDEFINED]]),
        ("getStreamLength", [None, "k"], [["_result", 4.0, None, 0.0]]),
        ("createStream", [None], [["_result", 4.0, None, 1.0]]),
        ("somethingNew", [None], [["_result", 4.0, None, UNDEFINED]]),
        ("_result", [None], []),
        ("onStatus", [None], []),
        ("closeStream", [None], []),
        ("deleteStream", [None, 1.0], []),
    ],
)
def test_what_an_encoder_may_wait_for_is_answered(
    name: str, values: list[AmfValue], answers: list[list[AmfValue]]
) -> None:
    talk = Talk()
    talk.connect()
    assert talk.command(name, 4.0, *values) == answers
    assert talk.events == []


def test_fcpublish_is_answered_with_its_own_transaction_and_no_start() -> None:
    talk = Talk()
    talk.connect()
    result, on_fc_publish = talk.command("FCPublish", 3.0, None, GOOD_KEY)
    assert result == ["_result", 3.0, None, UNDEFINED]
    assert on_fc_publish[:3] == ["onFCPublish", 3.0, None]
    assert START not in str(on_fc_publish)


def test_each_stream_has_a_number_of_its_own_up_to_a_limit() -> None:
    talk = Talk()
    talk.connect()
    numbers = [talk.command("createStream", n + 2.0, None)[0][3] for n in range(8)]
    assert numbers == [float(n) for n in range(1, 9)]
    with pytest.raises(ProtocolError, match="more than 8 streams"):
        talk.command("createStream", 99.0, None)


def test_a_publisher_that_is_let_in_is_told_so_on_its_stream() -> None:
    talk = Talk()
    talk.connect(flashVer="OBS\x1b[31m\n" + "x" * 400)
    publish = command("publish", 5.0, None, f"{GOOD_KEY}?u=1", "live")
    publish.stream_id = 3
    begin, status = talk.send(publish)
    assert (begin.type_id, begin.payload) == (4, b"\0\0\0\0\0\3")
    assert status.stream_id == 3
    assert decode(status.payload)[:3] == ["onStatus", 0.0, None]
    assert START in str(decode(status.payload))
    (asked,) = talk.events
    assert isinstance(asked, PublishAsked)
    assert (asked.address.key, asked.address.query, asked.tc_url) == (GOOD_KEY, "u=1", "rtmp://h/live")
    assert asked.encoder == "OBS?[31m?" + "x" * 247


def test_a_refusal_is_an_error_status_and_nothing_else() -> None:
    talk = Talk(accept=False)
    talk.connect()
    assert talk.publish() == []
    talk.session.refuse("NetStream.Publish.BadName", "no")
    (status,) = talk.reader.feed(talk.session.take_output())
    info = decode(status.payload)[3]
    assert info == {"level": "error", "code": "NetStream.Publish.BadName", "description": "no"}
    assert not talk.session.is_publishing


def test_media_is_handed_on_only_once_published_and_only_of_its_stream() -> None:
    talk = Talk()
    talk.connect()
    talk.send(Message(MessageType.VIDEO, b"early", 0, 1, 6))
    talk.publish(stream_id=1)
    talk.send(Message(MessageType.VIDEO, b"ours", 40, 1, 6))
    talk.send(Message(MessageType.AUDIO, b"on stream 0", 41, 0, 4))
    talk.send(Message(MessageType.VIDEO, b"another's", 42, 2, 6))
    assert talk.media() == [
        Media(MessageKind.VIDEO, 40, b"ours"), Media(MessageKind.AUDIO, 41, b"on stream 0")
    ]  # fmt: skip


def test_media_sent_in_one_go_with_publish_is_kept() -> None:
    talk = Talk()
    talk.connect()
    publish = command("publish", 5.0, None, GOOD_KEY, "live")
    publish.stream_id = 1
    talk.raw(talk.writer.write(publish) + talk.writer.write(Message(MessageType.VIDEO, b"soon", 0, 1, 6)))
    assert [media.payload for media in talk.media()] == [b"soon"]


def test_data_messages_are_handed_on_as_amf0() -> None:
    talk = _on_air()
    body = encode("@setDataFrame", "onMetaData", {"width": 1280.0})
    talk.send(Message(MessageType.DATA_AMF0, body, 0, 1, 4))
    talk.send(Message(MessageType.DATA_AMF3, b"\0" + body, 0, 1, 4))
    assert talk.media() == [Media(MessageKind.DATA, 0, body)] * 2


def test_aggregates_are_taken_apart_on_the_way() -> None:
    talk = _on_air()
    body = b"".join(
        bytes((kind,)) + (2).to_bytes(3) + time.to_bytes(3) + bytes(4) + payload + (13).to_bytes(4)
        for kind, time, payload in [(9, 100, b"v1"), (8, 110, b"a1"), (22, 110, b"no"), (9, 140, b"v2")]
    )
    talk.send(Message(MessageType.AGGREGATE, body, 5000, 1, 6))
    assert [(m.kind, m.timestamp_ms, m.payload) for m in talk.media()] == [
        (MessageKind.VIDEO, 5000, b"v1"), (MessageKind.AUDIO, 5010, b"a1"), (MessageKind.VIDEO, 5040, b"v2")
    ]  # fmt: skip


def test_times_are_unwrapped_and_begin_anew_with_each_publication() -> None:
    talk = _on_air()
    for time in (0xFFFFFFF0, 0x10):
        talk.send(Message(MessageType.VIDEO, b"v", time, 1, 6))
    talk.command("deleteStream", 0.0, None, 1.0)
    talk.publish(stream_id=2)
    talk.send(Message(MessageType.VIDEO, b"v", 0x20, 2, 6))
    assert [m.timestamp_ms for m in talk.media()] == [0xFFFFFFF0, 0x1_0000_0010, 0x20]


@pytest.mark.parametrize(
    ("name", "values"),
    [("FCUnpublish", [None, GOOD_KEY]), ("deleteStream", [None, 1.0]), ("closeStream", [None])],
)
def test_a_publication_ends_once_by_whichever_command_comes_first(name: str, values: list[AmfValue]) -> None:
    talk = _on_air()
    answers = talk.command(name, 6.0, *values, stream_id=1)
    assert "NetStream.Unpublish.Success" in str(answers)
    for again in ("FCUnpublish", "deleteStream", "closeStream"):
        talk.command(again, 7.0, None, 1.0, stream_id=1)
    assert talk.events[1:] == [PublishEnded(f"the encoder ended it ({name})")]
    assert not talk.session.is_publishing


def test_deleting_another_stream_ends_nothing() -> None:
    talk = _on_air()
    talk.command("deleteStream", 6.0, None, 2.0)
    assert talk.session.is_publishing


def test_a_second_publish_is_refused_without_harm_to_the_first() -> None:
    talk = _on_air()
    ((_, _, _, info),) = talk.publish(stream_id=2)
    assert "'level': 'error', 'code': 'NetStream.Publish.BadName'" in str(info)
    talk.send(Message(MessageType.VIDEO, b"still", 5, 1, 6))
    assert talk.events[1:] == [
        NotServed("a second publish on one connection", must_leave=False),
        Media(MessageKind.VIDEO, 5, b"still"),
    ]


@pytest.mark.parametrize("name", ["play", "play2"])
def test_players_are_told_that_they_are_wrong_here(name: str) -> None:
    talk = Talk()
    talk.connect()
    ((_, _, _, info),) = talk.command(name, 3.0, None, GOOD_KEY, stream_id=1)
    assert "'level': 'error', 'code': 'NetStream.Play.Failed'" in str(info)
    assert isinstance(talk.events[0], NotServed)
    assert talk.events[0].must_leave


# -- protocol control


def test_received_bytes_are_acknowledged_once_a_window() -> None:
    talk = _on_air()
    talk.send(Message(MessageType.WINDOW_ACK_SIZE, (10_000).to_bytes(4), chunk_stream=2))
    acknowledged: list[int] = []
    sent = 0
    for _ in range(30):
        data = talk.writer.write(Message(MessageType.VIDEO, bytes(1000), 0, 1, 6))
        sent += len(data)
        acknowledged += [
            int.from_bytes(m.payload) for m in talk.raw(data) if m.type_id == MessageType.ACKNOWLEDGEMENT
        ]
    assert len(acknowledged) == 3
    assert all(10_000 <= b - a < 12_100 for a, b in pairwise(acknowledged))
    assert sent < acknowledged[-1] < sent + 3073 + 1000  # the handshake and the commands count too


def test_a_window_of_nothing_falls_back_to_the_usual_one() -> None:
    talk = _on_air()
    talk.send(Message(MessageType.WINDOW_ACK_SIZE, bytes(4), chunk_stream=2))
    assert talk.send(Message(MessageType.VIDEO, bytes(1000), 0, 1, 6)) == []


def test_a_ping_is_answered_with_its_own_time() -> None:
    talk = Talk()
    (pong,) = talk.send(Message(MessageType.USER_CONTROL, b"\x00\x06\x12\x34\x56\x78", chunk_stream=2))
    assert (pong.type_id, pong.payload, pong.chunk_stream) == (4, b"\x00\x07\x12\x34\x56\x78", 2)


@pytest.mark.parametrize("payload", [b"", b"\x00", b"\x00\x06\x12", b"\x00\x03" + bytes(8), b"\x00\x63"])
def test_other_user_control_messages_are_let_pass(payload: bytes) -> None:
    assert not Talk().send(Message(MessageType.USER_CONTROL, payload, chunk_stream=2))


def test_another_bandwidth_is_answered_with_a_window_once() -> None:
    talk = Talk()
    other = Message(MessageType.SET_PEER_BANDWIDTH, (1_000_000).to_bytes(4) + b"\x02", chunk_stream=2)
    (window,) = talk.send(other)
    assert (window.type_id, window.payload) == (5, (1_000_000).to_bytes(4))
    assert talk.send(other) == []


@pytest.mark.parametrize("kind", [0, 7, 16, 19, 23, 99, 255])
def test_messages_of_other_types_are_let_pass(kind: int) -> None:
    talk = _on_air()
    assert talk.send(Message(kind, b"whatever", 0, 1, 7)) == []
    assert len(talk.events) == 1


# -- limits and garbage


def test_large_messages_are_taken_only_from_publishers() -> None:
    limits = RtmpLimits(unpublished_bytes=10_000, max_message_bytes=100_000)
    talk = Talk(limits=limits)
    talk.connect()
    talk.publish()
    talk.send(Message(MessageType.VIDEO, bytes(100_000), 0, 1, 6))
    assert len(talk.media()[0].payload) == 100_000
    with pytest.raises(ProtocolError, match="100001 bytes, where 100000 are allowed"):
        talk.send(Message(MessageType.VIDEO, bytes(100_001), 0, 1, 6))
    stranger = Talk(limits=limits)
    with pytest.raises(ProtocolError, match="10001 bytes, where 10000 are allowed"):
        stranger.send(Message(MessageType.VIDEO, bytes(10_001), 0, 1, 6))


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "without a name"),
        (encode(1.0), "without a name"),
        (b"\x02\x00\x10short", "early"),
        (b"\xff", "marker 0xff"),
        (encode("no\nsuch\x1b", 1.0), r"no\?such\? before connect"),
    ],
)
def test_a_broken_command_is_a_protocol_error(body: bytes, reason: str) -> None:
    with pytest.raises(ProtocolError, match=reason):
        Talk().send(Message(MessageType.COMMAND_AMF0, body))


@pytest.mark.parametrize("options", [[], [None], ["live"], [{"app": 5.0, "tcUrl": None, "flashVer": []}]])
def test_an_odd_connect_still_connects(options: list[AmfValue]) -> None:
    talk = Talk()
    assert "NetConnection.Connect.Success" in str(talk.command("connect", 1.0, *options))
    talk.publish()
    (asked,) = talk.events
    assert isinstance(asked, PublishAsked)
    assert asked.address.key == GOOD_KEY


@given(st.lists(st.binary(max_size=80), max_size=6))
def test_garbage_after_the_handshake_raises_nothing_but_protocol_errors(pieces: list[bytes]) -> None:
    talk = Talk()
    with suppress(ProtocolError):
        for piece in pieces:
            talk.raw(piece)


@given(
    st.lists(
        st.builds(
            Message,
            type_id=st.integers(0, 25),
            payload=st.binary(max_size=60),
            timestamp=st.integers(0, 0xFFFFFFFF),
            stream_id=st.integers(0, 2),
            chunk_stream=st.integers(2, 8),
        ),
        max_size=10,
    )
)
def test_garbage_in_well_formed_messages_raises_nothing_but_protocol_errors(messages: list[Message]) -> None:
    talk = _on_air()
    with suppress(ProtocolError):
        for message in messages:
            talk.send(message)
