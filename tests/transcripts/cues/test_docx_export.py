from datetime import UTC, datetime
from io import BytesIO

import docx

from transcripts.cues.cue import Cue
from transcripts.cues.docx_export import paragraphs, write_docx
from transcripts.cues.marks import CHECKED

NOW = datetime(2026, 11, 28, 8, 0, tzinfo=UTC)


def test_the_document_has_title_mark_and_paragraphs_with_their_times() -> None:
    cues = [
        Cue(1000, 3000, ("大家好", "今天讲法")),
        Cue(3000, 5000, ("先看这里",)),
        Cue(65_000, 67_000, ("再看",)),
    ]
    document = docx.Document(BytesIO(write_docx(cues, title="行政复议\x0b法\ufffe", note=CHECKED, now=NOW)))
    assert [each.text for each in document.paragraphs] == [
        "行政复议 法",
        CHECKED,
        "[0:01] 大家好 今天讲法 先看这里",
        "[1:05] 再看",
    ]
    assert document.core_properties.created == datetime(2026, 11, 28, 8, 0, tzinfo=UTC)


def test_a_long_speech_without_a_pause_has_paragraphs_all_the_same() -> None:
    cues = [Cue(at * 2000, at * 2000 + 2000, ("十个字的一条字幕好啊",)) for at in range(60)]
    made = paragraphs(cues)
    assert len(made) == 4
    assert max(len(text) for _, text in made) < 260
