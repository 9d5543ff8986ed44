"""The listening process from the media process's side: what it says, and that sound never waits for it."""

import os
import signal
import time
from pathlib import Path

import pytest

from core.settings import Settings, load_settings
from streaming.segments import TICKS_PER_SECOND, Init, Part
from tests.support.ended_lectures import sample_voice
from tests.support.fragments import fragments_of
from tests.support.slow_engine import FAILS
from transcripts.live.listener import Listener, ListenerDied, ListenerFailed

PART = 2 * TICKS_PER_SECOND // 5


@pytest.fixture
def settings() -> Settings:
    engine = "tests.support.slow_engine:open_engine"
    return load_settings().model_copy(update={"speech_engine": engine, "live_caption_queue_seconds": 4})


@pytest.mark.parametrize(
    ("failure", "words"),
    [("no_model", "weiketang models install"), ("engine", "引擎坏了"), ("bug", "RuntimeError")],
)
async def test_what_goes_wrong_is_said_in_words_for_a_person(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, failure: str, words: str
) -> None:
    monkeypatch.setenv(FAILS, failure)
    async with Listener(settings, (), ()) as listener:
        with pytest.raises(ListenerFailed, match=words):
            await anext(listener.messages())


@pytest.mark.ffmpeg
async def test_a_process_that_takes_nothing_costs_the_sound_that_has_no_room_and_no_time(
    settings: Settings, tmp_path: Path
) -> None:
    init, parts = fragments_of(sample_voice(20), tmp_path)
    async with Listener(settings, (), ()) as listener:
        messages = listener.messages()
        assert (await anext(messages))["ready"]["engine"] == "slow-test"
        assert listener.pid is not None
        os.kill(listener.pid, signal.SIGSTOP)
        began = time.monotonic()
        listener.sound_init(Init("a", init, "mp4a.40.2", None, None, None))
        for number in range(4 * len(parts)):
            data = parts[number % len(parts)]
            listener.sound_part(Part(0, number * PART, PART, True, data))
        assert time.monotonic() - began < 0.5
        assert listener.parts_dropped >= 4 * len(parts) - 10
        assert listener.taken_until == 4 * len(parts) * PART
        os.kill(listener.pid, signal.SIGCONT)
        heard = await anext(messages)
        assert "heard" in heard or heard["until_ms"] >= 0
        os.kill(listener.pid, signal.SIGKILL)
        with pytest.raises(ListenerDied):
            _ = [message async for message in messages]
