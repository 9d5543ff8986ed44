from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcripts.search import entry
from transcripts.search.documents import Document, Passage
from transcripts.search.entry import entry_of, id_at, place_of

WHEN = datetime(2026, 11, 24, 7, tzinfo=UTC)
IDS = st.integers(1, 2**31 - 1)
TIMES = st.datetimes(datetime(1901, 1, 1), datetime(9999, 12, 30), timezones=st.just(UTC))


def document(title: str, *texts: str) -> Document:
    passages = tuple(Passage(text, at) for at, text in enumerate(texts))
    return Document("lecture", "1", title, "/l/1", WHEN, (Passage("州司法局"),), passages)


@given(TIMES, IDS, TIMES, IDS)
def test_places_are_in_the_order_of_time_unique_and_within_sixty_four_bits(
    one: datetime, one_id: int, other: datetime, other_id: int
) -> None:
    first, second = place_of(one, one_id), place_of(other, other_id)
    assert -(2**63) <= first < 2**63
    assert id_at(first) == one_id
    if other - one >= timedelta(minutes=1):
        assert first < second
    if one_id != other_id:
        assert first != second


def test_the_whole_has_title_and_headings_too_and_speech_runs_on_from_cue_to_cue() -> None:
    made = entry_of(document("新法", "申请行政", "复议"), 7)
    assert made.title == ["新法", "法"]
    assert made.headings == ["州司", "司法", "法局", "局"]
    said = ["申请", "请行", "行政", "政复", "复议", "议"]
    assert list(made.whole) == [*made.title, *made.headings, *said]
    assert id_at(made.place) == 7


def test_what_is_more_than_a_database_holds_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entry, "MOST_BYTES", 60)
    made = entry_of(document("新法", "甲乙丙丁戊己庚辛壬癸" * 3), 7)
    assert sum(len(token.encode()) for token in set(made.whole)) <= 60
    assert list(made.whole)[:2] == ["新法", "法"]
