"""The life of an encoder process: it never holds anybody up, and nothing of it stays behind."""

import asyncio
import os
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import uvloop

from streaming.codecs import CodecError
from streaming.encoder import Encoder
from streaming.encoder_queue import QueueLimits
from streaming.ladder import Capacity, SourceInfo, choose_rungs
from streaming.samples import MediaUnit, VideoCodec, VideoConfig, VideoSample
from tests.support.encoding import PROGRAM, RUNGS, Outcome, encode, make_encoder
from tests.support.media import make_flv, read_units, video_config, video_samples

pytestmark = pytest.mark.ffmpeg
LIMITS = QueueLimits(seconds=2.0, bytes=8 * 1024 * 1024)


def source(seconds: float = 4) -> tuple[VideoConfig, list[VideoSample]]:
    units = read_units(make_flv(width=192, height=108, seconds=seconds, gop=30, audio=False))
    return video_config(units), video_samples(units)


def open_files() -> list[str]:
    links = []
    for entry in Path("/proc/self/fd").iterdir():
        try:
            links.append(str(entry.readlink()))
        except FileNotFoundError:  # the listing's own
            continue
    return sorted(link for link in links if link.startswith("pipe:"))


def is_gone(pid: int | None) -> bool:
    """Neither running nor a zombie."""
    return pid is not None and not Path(f"/proc/{pid}").exists()


async def until(condition: Callable[[], bool], seconds: float = 30) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - of another process
            await asyncio.sleep(0.01)


async def drained_and_gone() -> None:
    config, samples = source()
    before = open_files()
    outcome = Outcome()
    encoder = make_encoder(config, outcome)
    await encoder.start()
    pid = encoder.pid
    for sample in samples:
        encoder.feed(sample)
    await encoder.drain()
    for rung in RUNGS:
        assert len(outcome.samples(rung.name)) == len(samples)
        assert isinstance(outcome.units[rung.name][0], VideoConfig)
    assert is_gone(pid)
    await asyncio.sleep(0)
    assert open_files() == before
    assert outcome.exits == []
    encoder.feed(samples[0])
    await encoder.drain()
    await encoder.kill()


async def test_drain_delivers_everything_and_leaves_nothing_behind() -> None:
    await drained_and_gone()


def test_the_same_under_uvloop() -> None:
    uvloop.run(drained_and_gone())


async def test_kill_ends_at_once_and_leaves_nothing_behind() -> None:
    config, samples = source()
    before = open_files()
    outcome = Outcome()
    encoder = make_encoder(config, outcome)
    await encoder.start()
    for sample in samples:
        encoder.feed(sample)
    await encoder.kill()
    assert is_gone(encoder.pid)
    await asyncio.sleep(0)
    assert open_files() == before
    assert outcome.exits == []


async def test_pictures_come_out_while_the_source_goes_on() -> None:
    config, samples = source()
    outcome = Outcome()
    encoder = make_encoder(config, outcome, limits=LIMITS)
    await encoder.start()
    started = asyncio.get_running_loop().time()
    for sample in samples:
        await asyncio.sleep(started + sample.dts_ms / 1000 - asyncio.get_running_loop().time())
        encoder.feed(sample)
    seen = {rung.name: len(outcome.samples(rung.name)) for rung in RUNGS}
    await encoder.drain()
    assert min(seen.values()) > len(samples) / 2
    assert outcome.left_out == []


async def test_a_handful_of_pictures_is_enough_for_the_first_to_come_out() -> None:
    config, samples = source()  # few bytes: what is read to find out about the stream is counted in pictures
    outcome = Outcome()
    encoder = make_encoder(config, outcome)
    await encoder.start()
    for sample in samples[:8]:
        encoder.feed(sample)
    await until(lambda: all(outcome.samples(rung.name) for rung in RUNGS))
    await encoder.kill()


async def test_the_encoder_runs_behind_the_server() -> None:
    config, samples = source()
    outcome = Outcome()
    encoder = make_encoder(config, outcome)
    await encoder.start()
    for sample in samples:
        encoder.feed(sample)
    await until(lambda: bool(outcome.units))
    assert encoder.pid is not None
    niceness = os.getpriority(os.PRIO_PROCESS, encoder.pid)
    await encoder.kill()
    assert niceness > os.getpriority(os.PRIO_PROCESS, 0)


async def test_an_encoder_that_dies_is_reported_with_its_status() -> None:
    config, samples = source()
    outcome = Outcome()
    encoder = make_encoder(config, outcome)
    await encoder.start()
    encoder.feed(samples[0])
    assert encoder.pid is not None
    os.kill(encoder.pid, signal.SIGKILL)
    await until(lambda: bool(outcome.exits))
    assert outcome.exits[0][0] == -signal.SIGKILL
    assert is_gone(encoder.pid)
    for sample in samples:
        encoder.feed(sample)
    await encoder.drain()
    assert len(outcome.exits) == 1


async def test_its_last_words_are_reported(tmp_path: Path) -> None:
    script = tmp_path / "ffmpeg"
    script.write_text(
        "#!/bin/sh\nprintf 'first\\rsecond\\n\\nno room on the device' >&2\necho ' left' >&2\nexit 3\n"
    )
    script.chmod(0o755)
    config, samples = source()
    outcome = Outcome()
    encoder = make_encoder(config, outcome, program=replace(PROGRAM, path=str(script)))
    await encoder.start()
    for sample in samples:
        encoder.feed(sample)
    await until(lambda: bool(outcome.exits))
    assert outcome.exits == [(3, ["first", "second", "no room on the device left"])]


async def test_a_program_that_is_not_there_is_reported(tmp_path: Path) -> None:
    config, _ = source()
    outcome = Outcome()
    encoder = make_encoder(config, outcome, program=replace(PROGRAM, path=str(tmp_path / "nothing")))
    try:
        await encoder.start()
    except FileNotFoundError:  # where there is no `nice`
        return
    await until(lambda: bool(outcome.exits))
    assert outcome.exits[0][0] != 0


async def test_feeding_a_stopped_encoder_never_waits_and_goes_on_at_a_keyframe() -> None:
    config, first = source(8)
    samples = [
        replace(sample, dts_ms=sample.dts_ms + turn * 8000, pts_ms=sample.pts_ms + turn * 8000)
        for turn in range(3)
        for sample in first
    ]
    outcome = Outcome()
    encoder = make_encoder(config, outcome, limits=LIMITS)
    await encoder.start()
    for sample in samples[:30]:
        encoder.feed(sample)
    await until(lambda: len(outcome.samples("480p")) > 0)
    assert encoder.pid is not None
    os.kill(encoder.pid, signal.SIGSTOP)
    for sample in samples[30:]:
        encoder.feed(sample)
        assert encoder.waiting_ms <= 2000
        await asyncio.sleep(0)
    assert outcome.overloads == 1  # told once, however long it lasts
    os.kill(encoder.pid, signal.SIGCONT)
    await until(lambda: encoder.waiting_ms == 0)
    later = [replace(s, dts_ms=s.dts_ms + 24_000, pts_ms=s.pts_ms + 24_000) for s in first[:60]]
    for sample in later:
        encoder.feed(sample)
    await encoder.drain()
    fed = [sample.pts_ms for sample in samples + later]
    for rung in RUNGS:
        made = [sample.pts_ms for sample in outcome.samples(rung.name)]
        assert made == sorted(set(made))
        assert made[-60:] == [sample.pts_ms for sample in later]
        assert len(made) + sum(outcome.left_out) == len(fed)
        assert outcome.samples(rung.name)[-60].keyframe


async def test_draining_an_encoder_that_hangs_ends_it() -> None:
    config, samples = source()
    outcome = Outcome()
    encoder = make_encoder(config, outcome, drain_seconds=0.3)
    await encoder.start()
    assert encoder.pid is not None
    os.kill(encoder.pid, signal.SIGSTOP)
    for sample in samples:
        encoder.feed(sample)
    await encoder.drain()
    assert is_gone(encoder.pid)
    assert outcome.exits == []


async def test_a_drain_that_is_given_up_ends_the_process_too() -> None:
    config, samples = source()
    encoder = make_encoder(config, Outcome())
    await encoder.start()
    assert encoder.pid is not None
    os.kill(encoder.pid, signal.SIGSTOP)
    for sample in samples:
        encoder.feed(sample)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await encoder.drain()
    await until(lambda: is_gone(encoder.pid))
    await encoder.kill()


async def test_a_kill_that_is_given_up_leaves_nothing_behind_either() -> None:
    config, samples = source()
    before = open_files()
    outcome = Outcome()
    encoder = make_encoder(config, outcome)
    await encoder.start()
    assert encoder.pid is not None
    os.kill(encoder.pid, signal.SIGSTOP)  # so that there is something it has not taken
    for sample in samples:
        encoder.feed(sample)
    killing = asyncio.create_task(encoder.kill())
    await asyncio.sleep(0)
    killing.cancel()
    await asyncio.wait([killing])
    assert killing.cancelled()
    assert is_gone(encoder.pid)
    await asyncio.sleep(0)
    assert open_files() == before


async def test_two_encoders_do_not_hold_each_others_pipes() -> None:
    config, samples = source()
    outcomes = Outcome(), Outcome()
    first, second = (make_encoder(config, outcome) for outcome in outcomes)
    await first.start()
    await second.start()
    for sample in samples:
        first.feed(sample)
    async with asyncio.timeout(30):
        await first.drain()
    assert len(outcomes[0].samples("720p")) == len(samples)
    second.feed(samples[0])
    await second.drain()
    assert len(outcomes[1].samples("720p")) == 1


async def test_a_rung_whose_taker_fails_does_not_disturb_the_others() -> None:
    config, samples = source()
    outcome = Outcome()
    callbacks = outcome.callbacks()

    def unit(rung: str, unit: MediaUnit) -> None:
        if rung == "720p":
            raise RuntimeError("the taker of 720p is broken")
        callbacks.unit(rung, unit)

    encoder = Encoder(
        PROGRAM,
        config,
        SourceInfo.of(config),
        RUNGS,
        replace(callbacks, unit=unit),
        grid_frames=60,
        limits=QueueLimits(seconds=1000),
        drain_seconds=60,
    )
    await encoder.start()
    for sample in samples:
        encoder.feed(sample)
    await encoder.drain()
    assert len(outcome.samples("480p")) == len(samples)


async def test_an_encoder_that_was_fed_nothing_ends_quietly() -> None:
    config, _ = source()
    outcome = Outcome()
    encoder = make_encoder(config, outcome)
    await encoder.start()
    await encoder.drain()
    assert outcome.units == {}
    assert outcome.exits == []


async def test_real_rungs_have_the_codecs_that_were_announced() -> None:
    units = read_units(make_flv(width=1280, height=720, fps="25", seconds=1, audio=False))
    config = video_config(units)
    (rung,) = choose_rungs(SourceInfo.of(config), Capacity(4.0))
    outcome = Outcome()
    encoder = make_encoder(config, outcome, rungs=[rung])
    await encoder.start()
    for sample in video_samples(units):
        encoder.feed(sample)
    await encoder.drain()
    info = SourceInfo.of(outcome.configs("480p")[0])
    assert (info.width, info.height) == (854, 480)
    assert outcome.configs("480p")[0].record[1:4].hex() == rung.codecs[5:]


def test_what_cannot_be_encoded_is_refused() -> None:
    config, _ = source()
    with pytest.raises(ValueError, match="needs a rung"):
        make_encoder(config, Outcome(), rungs=[])
    with pytest.raises(CodecError):
        Encoder(
            PROGRAM,
            VideoConfig(VideoCodec.HEVC, b""),
            SourceInfo.of(config),
            RUNGS,
            Outcome().callbacks(),
            grid_frames=60,
            limits=LIMITS,
        )


async def test_garbage_pictures_end_without_harm() -> None:
    config, samples = source()
    broken = [samples[0], *(replace(sample, data=b"\x00\x00\x00\x04junk") for sample in samples[1:40])]
    outcome = await encode(config, [*broken, *samples[60:]])
    made = [sample.pts_ms for sample in outcome.samples("480p")]
    assert samples[60].pts_ms in made
    assert made == sorted(set(made))
