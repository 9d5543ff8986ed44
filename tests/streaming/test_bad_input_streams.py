"""An encoder that does everything wrong: whatever it sends, nothing raises, and what comes out keeps the rules."""

import random
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streaming.rtmp.gate import MessageKind
from tests.support.air import BareAir, SilentConnection, messages, publication_on
from tests.support.decode import decode
from tests.support.media import make_flv, read_units
from tests.support.part_rules import check_part_rules

pytestmark = pytest.mark.ffmpeg

LONGEST_SEGMENT = 4.5 * 90_000
"""TARGETDURATION is 4 s, to which a segment's length must round."""
Message = tuple[MessageKind, int, bytes]
Fault = Callable[[list[Message], int, random.Random], None]
"""Spoils a stream from one place on."""


def lose(stream: list[Message], at: int, dice: random.Random) -> None:
    del stream[at : at + dice.randint(1, 40)]


def repeat(stream: list[Message], at: int, dice: random.Random) -> None:
    stream[at:at] = stream[max(0, at - dice.randint(1, 30)) : at]


def swap(stream: list[Message], at: int, dice: random.Random) -> None:
    piece = stream[at : at + 6]
    dice.shuffle(piece)
    stream[at : at + 6] = piece


def jump(stream: list[Message], at: int, dice: random.Random) -> None:
    by = dice.choice([-100_000, -5_000, -900, -90, 40, 900, 6_000, 9_900, 12_000, 2**31])
    stream[at:] = [(kind, max(0, time + by), payload) for kind, time, payload in stream[at:]]


def part_the_tracks(stream: list[Message], at: int, dice: random.Random) -> None:
    by = dice.choice([-3_000, -500, 500, 3_000, 20_000])
    stream[at:] = [
        (kind, max(0, time + (by if kind is MessageKind.AUDIO else 0)), payload)
        for kind, time, payload in stream[at:]
    ]


def shake(stream: list[Message], at: int, dice: random.Random) -> None:
    stream[at : at + 50] = [
        (kind, max(0, time + dice.randint(-120, 120)), payload)
        for kind, time, payload in stream[at : at + 50]
    ]


def garble(stream: list[Message], at: int, dice: random.Random) -> None:
    kind, time, payload = stream[at]
    spoilt = bytearray(payload)
    for _ in range(dice.randint(1, 8)):
        spoilt[dice.randrange(min(len(spoilt), 40))] = dice.randrange(256)
    stream[at] = (kind, time, bytes(spoilt))


def cut_short(stream: list[Message], at: int, dice: random.Random) -> None:
    kind, time, payload = stream[at]
    stream[at] = (kind, time, payload[: dice.randrange(len(payload))])


def add_noise(stream: list[Message], at: int, dice: random.Random) -> None:
    kind = dice.choice([MessageKind.VIDEO, MessageKind.AUDIO, MessageKind.DATA])
    stream.insert(at, (kind, stream[at][1], dice.randbytes(dice.randint(0, 60))))


def change_film(stream: list[Message], at: int, dice: random.Random) -> None:
    other = list(messages(read_units(make_flv(480, 270, seconds=3, audio=dice.random() < 0.5))))
    now = stream[at][1]
    stream[at:] = [(kind, time + now, payload) for kind, time, payload in other]


FAULTS: list[Fault] = [
    lose, repeat, swap, jump, part_the_tracks, shake, garble, cut_short, add_noise, change_film,
]  # fmt: skip


async def aired(stream: list[Message]) -> BareAir:
    """What becomes of a publication; whatever that is, it keeps the rules."""
    air = BareAir()
    publishing = publication_on(air)
    for kind, time, payload in stream:
        await publishing.media(kind, time, payload)
    await publishing.closed("at last")
    for sink in air.sinks.values():
        check_part_rules(sink)
        for segment in sink.segments:
            assert segment.end is not None
            assert segment.end - segment.head.start <= LONGEST_SEGMENT
    return air


def stream_of(seconds: float = 8, *, gop: int = 30, b_frames: int = 0) -> list[Message]:
    return list(messages(read_units(make_flv(seconds=seconds, gop=gop, b_frames=b_frames))))


@settings(max_examples=150, deadline=None)
@given(
    faults=st.lists(st.sampled_from(FAULTS), min_size=1, max_size=5),
    seed=st.integers(min_value=0, max_value=2**32),
    b_frames=st.sampled_from([0, 2]),
    gop=st.sampled_from([30, 1000]),
)
async def test_whatever_an_encoder_sends_what_comes_out_keeps_the_rules(
    faults: list[Fault], seed: int, b_frames: int, gop: int
) -> None:
    dice = random.Random(seed)
    stream = stream_of(gop=gop, b_frames=b_frames)
    for fault in faults:
        fault(stream, dice.randrange(max(1, len(stream) - 1)), dice)
    await aired(stream)


async def test_one_message_of_an_unknown_codec_sends_no_encoder_away_that_is_on_the_air() -> None:
    stream = stream_of(4)
    stream[150:150] = [(MessageKind.VIDEO, 2_000, b"\x13 what?"), (MessageKind.AUDIO, 2_000, b"\x23 what?")]
    air = BareAir()
    connection = SilentConnection()
    publishing = publication_on(air, connection)
    for kind, time, payload in stream:
        await publishing.media(kind, time, payload)
    await publishing.closed("the end")
    assert connection.closed_with == []
    assert publishing.problems == 2
    assert len(air.runs) == 1


@pytest.mark.parametrize("ahead_ms", [2_500, 3_000, 6_000])
async def test_sound_that_runs_ahead_of_the_picture_opens_no_segment_twice(ahead_ms: int) -> None:
    stream = [
        (kind, time + (ahead_ms if kind is MessageKind.AUDIO and time > 5_000 else 0), payload)
        for kind, time, payload in stream_of()
    ]
    source = (await aired(stream)).sinks["source"]
    assert len(decode(source.inits[0].data + b"".join(part.data for part in source.parts))["video"]) == 240


async def test_a_leap_that_is_too_short_to_be_a_jump_leaves_no_segment_too_long() -> None:
    leaping = [(kind, time + (9_000 if time > 5_000 else 0), payload) for kind, time, payload in stream_of()]
    air = await aired(leaping)
    assert len(air.runs) == 1
    assert air.sinks["source"].segments[-1].end == pytest.approx(17 * 90_000, abs=9_000)


@pytest.mark.parametrize("first", [True, False])
async def test_a_composition_time_gone_wrong_moves_nothing_but_its_own_picture(first: bool) -> None:
    stream = stream_of()
    pictures = [at for at, message in enumerate(stream) if message[0] is MessageKind.VIDEO]
    at = pictures[1 if first else 100]  # behind the configuration
    kind, time, payload = stream[at]
    stream[at] = (kind, time, payload[:2] + (3_600_000).to_bytes(3) + payload[5:])
    air = await aired(stream)
    assert air.sinks["source"].segments[0].head.start == 0
    assert air.sinks["source"].segments[-1].end == pytest.approx(8 * 90_000, abs=9_000)
