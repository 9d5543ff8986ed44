"""What the listening process makes of fragments: words at the lecture's time, captions, what is held."""

from pathlib import Path

import pytest

from core.settings import Settings, load_settings
from tests.support.ended_lectures import sample_voice
from tests.support.fragments import fragments_of
from tests.support.slow_engine import SYLLABLES
from tests.support.speech import SpeechData, assemble
from tests.support.sphinx_engine import spoken_from_until
from transcripts.cues.measure import MOST_LINES, MOST_WIDTH, width
from transcripts.live.listening import LiveHeard, LiveListening

SLOW = "tests.support.slow_engine:open_engine"
SPHINX = "tests.support.sphinx_engine:open_engine"
MOST_WRONG = 0.35
"""Of the characters: windows of a few seconds are harder for the closed model than whole sentences."""
LATE_SECONDS = 1.0


def settings_with(engine: str, **overrides: object) -> Settings:
    return load_settings().model_copy(update={"speech_engine": engine, **overrides})


def listened(listening: LiveListening, fragments: tuple[bytes, list[bytes]]) -> list[LiveHeard]:
    init, parts = fragments
    listening.configure(init)
    heard = []
    for part in parts:
        listening.take(part)
        heard += list(listening.hear())
    return heard


@pytest.fixture(scope="module")
def voice(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, list[bytes]]:
    return fragments_of(sample_voice(20), tmp_path_factory.mktemp("voice"))


@pytest.mark.ffmpeg
def test_captions_are_readable_in_order_and_never_far_behind(voice: tuple[bytes, list[bytes]]) -> None:
    listening = LiveListening(settings_with(SLOW), (), ())
    assert listening.identity["engine"] == "slow-test"
    heard = listened(listening, voice)
    cues = [cue for each in heard for cue in each.cues]
    assert len(cues) > 4
    latest = 0
    for cue in cues:
        assert latest <= cue["start_ms"] < cue["end_ms"]
        latest = cue["start_ms"]
        lines = cue["text"].split("\n")
        assert len(lines) <= MOST_LINES
        assert all(width(line) <= MOST_WIDTH for line in lines)
        assert set(cue["text"]) <= set(SYLLABLES + "\n")
    starts = [word[1] for each in heard for segment in each.segments for word in segment["words"]]
    assert starts == sorted(starts)
    assert 15_000 < listening.until_ms <= 20_100


@pytest.mark.ffmpeg
def test_a_fragment_that_cannot_be_read_is_silence(voice: tuple[bytes, list[bytes]]) -> None:
    init, parts = voice
    listening = LiveListening(settings_with(SLOW), (), ())
    broken = [part if number % 7 else b"no media at all" for number, part in enumerate(parts)]
    assert len(listened(listening, (init, broken))) > 3


@pytest.mark.ffmpeg
def test_what_the_blocklist_names_is_held_and_never_a_caption(voice: tuple[bytes, list[bytes]]) -> None:
    free = listened(LiveListening(settings_with(SLOW), (), ()), voice)
    said = "".join(segment["text"] for each in free for segment in each.segments)
    phrase = said[2:4]
    blocked = LiveListening(settings_with(SLOW, speech_blocklist=phrase), (), ())
    heard = listened(blocked, voice)
    assert any(phrase in held["text"] for each in heard for held in each.held)
    assert all(phrase not in cue["text"].replace("\n", "") for each in heard for cue in each.cues)


@pytest.mark.ffmpeg
def test_real_speech_is_heard_while_it_is_said(speech_data: SpeechData, tmp_path: Path) -> None:
    lecture = assemble(speech_data.chinese[:6])
    fragments = fragments_of(lecture.write_wav(tmp_path / "lecture.wav"), tmp_path)
    heard = listened(LiveListening(settings_with(SPHINX), (), ()), fragments)
    words = [word for each in heard for segment in each.segments for word in segment["words"]]
    reference = "".join(character for character in lecture.reference if character.isalnum())
    wrong = distance(reference, "".join(word[0] for word in words))
    assert wrong / len(reference) < MOST_WRONG
    first = lecture.said[0]
    start, _ = spoken_from_until(speech_data, first.clip.pcm(), first.clip.reference)
    assert abs(words[0][1] - (first.start + start)) < LATE_SECONDS


def distance(one: str, other: str) -> int:
    """Levenshtein's."""
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, 1):
        before, row[0] = row[0], place
        for number, theirs in enumerate(other, 1):
            before, row[number] = (
                row[number],
                min(row[number] + 1, row[number - 1] + 1, before + (letter != theirs)),
            )
    return row[-1]
