"""The recogniser of the tests hears real recordings: what rests on it rests on real sound."""

import shutil
from pathlib import Path

import pytest

from core.settings import load_settings
from tests.support.closed_model import arpa, words_of
from tests.support.speech import VARIABLE, SpeechData, assemble, read_speech_data
from tests.support.sphinx_engine import open_engine, spoken_from_until
from transcripts.speech.engine import Hints

LATE_SECONDS = 0.6
FADING_SECONDS = 0.8
"""The last word of a far-field recording fades in the room: where it ends is a matter of opinion."""


def test_sentences_are_cut_into_the_longest_words_of_the_dictionary() -> None:
    vocabulary = {"行政", "行政复议", "复", "议", "法"}
    assert words_of("行政复议，法！", vocabulary) == ["行政复议", "法"]


def test_a_closed_model_lets_each_word_be_followed_by_what_the_sentences_have() -> None:
    lines = arpa([["开放", "时间"], ["开放", "课堂"]]).splitlines()
    assert "ngram 1=5" in lines
    followers = {line.partition("\t")[2] for line in lines if "开放 " in line}
    assert followers == {"开放 时间", "开放 课堂"}


def test_a_folder_that_is_named_but_holds_no_speech_fails(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match=VARIABLE):
        read_speech_data(tmp_path)


def test_a_clip_that_has_changed_fails(speech_data: SpeechData, tmp_path: Path) -> None:
    shutil.copy(speech_data.folder / "manifest.json", tmp_path)
    for clip in speech_data.clips:
        (tmp_path / "wav").mkdir(exist_ok=True)
        (tmp_path / "wav" / clip.path.name).write_bytes(b"another sound")
    with pytest.raises(AssertionError, match="has changed"):
        read_speech_data(tmp_path)


def test_real_recordings_are_heard_at_their_seconds(speech_data: SpeechData) -> None:
    lecture = assemble(speech_data.chinese)
    engine = open_engine(load_settings())
    heard = engine.transcribe(lecture.pcm, Hints())
    for said in lecture.said:
        start, end = spoken_from_until(speech_data, said.clip.pcm(), said.clip.reference)
        theirs = [each for each in heard if said.start < (each.start + each.end) / 2 < said.end]
        assert abs(theirs[0].start - (said.start + start)) < LATE_SECONDS, said
        assert abs(theirs[-1].end - (said.start + end)) < FADING_SECONDS, said
