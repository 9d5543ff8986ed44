"""Silero's detector on what lectures have in them."""

import itertools

import numpy as np
import pytest

from tests.support.speech import SpeechData, assemble, speech_data
from tests.support.sphinx_engine import spoken_words
from transcripts.speech import vad
from transcripts.speech.engine import SAMPLE_RATE, Pcm
from transcripts.speech.vad import in_stretches, speech_spans

__all__ = ["speech_data"]


def noise(seconds: float, loudness: float) -> Pcm:
    random = np.random.default_rng(1)
    return (random.standard_normal(round(seconds * SAMPLE_RATE)) * loudness).astype(np.float32)


def music(seconds: float) -> Pcm:
    """A melody of plucked chords, decaying, over a bass: an opening jingle."""
    sound = np.zeros(round(seconds * SAMPLE_RATE), np.float32)
    for place, root in enumerate([262, 330, 392, 523, 440, 392, 330, 294] * round(seconds)):
        at = round(place * 0.4 * SAMPLE_RATE)
        length = min(round(0.8 * SAMPLE_RATE), len(sound) - at)
        if length <= 0:
            break
        time = np.arange(length) / SAMPLE_RATE
        tone = sum(np.sin(2 * np.pi * root * ratio * time) for ratio in (0.5, 1, 1.25, 1.5, 2))
        sound[at : at + length] += (0.08 * tone * np.exp(-3 * time)).astype(np.float32)
    return sound


@pytest.mark.parametrize(
    "sound",
    [
        np.zeros(0, np.float32),
        np.zeros(100, np.float32),
        np.zeros(20 * SAMPLE_RATE, np.float32),
        noise(20, 0.001),
        noise(20, 0.1),
    ],
    ids=["nothing", "a moment", "silence", "a quiet room", "noise"],
)
def test_nobody_speaks_in_it(sound: Pcm) -> None:
    assert speech_spans(sound) == []


def test_of_an_opening_jingle_hardly_anything_is_taken_for_speech() -> None:
    assert sum(end - start for start, end in speech_spans(music(20))) < 2.0


def test_every_word_of_real_recordings_is_found_and_the_pauses_are_not(speech_data: SpeechData) -> None:
    lecture = assemble(speech_data.chinese)
    spans = speech_spans(lecture.pcm)
    missed = []
    for said in lecture.said:
        for start, end in spoken_words(speech_data, said.clip.pcm(), said.clip.reference):
            middle = said.start + (start + end) / 2
            if not any(first <= middle <= last for first, last in spans):
                missed.append((said.clip.path.name, start))
    # The truth is by forced alignment, which lays one word of this clip onto a breath in a pause.
    assert [name for name, _ in missed] in ([], ["paraformer_1.wav"])
    pauses = [(one.end, other.start) for one, other in zip(lecture.said, lecture.said[1:], strict=False)]
    for start, end in pauses:
        middle = (start + end) / 2
        assert not any(first <= middle <= last for first, last in spans)


def test_speech_in_a_noisy_room_is_found(speech_data: SpeechData) -> None:
    lecture = assemble(speech_data.chinese[:2])
    spans = speech_spans(lecture.pcm + noise(lecture.seconds, 0.005)[: len(lecture.pcm)])
    speech = sum(end - start for start, end in spans)
    assert speech == pytest.approx(sum(said.end - said.start for said in lecture.said), abs=3.0)


def test_speech_over_the_edge_of_two_windows_is_one_span(
    speech_data: SpeechData, monkeypatch: pytest.MonkeyPatch
) -> None:
    pcm = assemble(speech_data.chinese).pcm
    whole = speech_spans(pcm)
    monkeypatch.setattr(vad, "WINDOW_SECONDS", 11)
    windowed = speech_spans(pcm)
    assert all(one[1] < other[0] for one, other in itertools.pairwise(windowed))
    assert sum(end - start for start, end in windowed) == pytest.approx(
        sum(end - start for start, end in whole), abs=1.5
    )
    assert abs(len(windowed) - len(whole)) <= 1


def test_long_speech_is_cut_where_it_is_quietest() -> None:
    pcm = noise(60, 0.1)
    pcm[round(21.5 * SAMPLE_RATE) : round(21.9 * SAMPLE_RATE)] = 0
    stretches = list(in_stretches([(1.0, 40.0), (45.0, 50.0)], pcm, most_seconds=25.0))
    assert stretches[0][0] == 1.0
    assert 21.4 < stretches[0][1] < 22.0
    assert stretches[1] == (stretches[0][1], 40.0)
    assert stretches[2] == (45.0, 50.0)
    assert all(end - start <= 25.0 for start, end in stretches)
