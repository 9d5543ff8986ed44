import importlib
import logging
import tempfile
from pathlib import Path
from time import process_time

import pytest

from transcripts.cues import wording
from transcripts.cues.wording import is_word, words_of


@pytest.mark.parametrize(
    "text", ["", "行政复议法，第11条 Windows\r\n😀\ud800", " \n ", "a" * 3000, "龘" * 3000]
)
def test_the_words_joined_are_the_text(text: str) -> None:
    assert "".join(words_of(text)) == text


def test_words_are_found_in_a_sentence() -> None:
    assert words_of("行政复议机关应当自受理申请之日起") == [
        "行政复议",
        "机关",
        "应当",
        "自",
        "受理",
        "申请",
        "之日起",
    ]
    assert is_word("权利")
    assert not is_word("行政负义")


def test_an_unbroken_run_of_unknown_characters_does_not_take_for_ever() -> None:
    began = process_time()
    words_of("龘靐齉" * 10_000)
    assert process_time() - began < 5


def test_nothing_is_written_where_others_may_write_and_nothing_is_logged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with caplog.at_level(logging.DEBUG):
        assert importlib.reload(wording).words_of("行政复议") == ["行政复议"]
    assert [record for record in caplog.records if record.name.startswith("jieba")] == []
    assert list(tmp_path.iterdir()) == []
