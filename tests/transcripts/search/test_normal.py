import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcripts.search.normal import align, normalise, normalise_each, normalise_query

WRITTEN = st.text(st.sampled_from("第条款之一二三十百千万零〇两0123９法 Ａaé，。㈠①行政复议"), max_size=40)


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("《行政复议法》第十一条", " 行政复议法 第11条"),
        ("第１１条", "第11条"),
        ("第 11 条", "第11条"),
        ("第一百三十三条之一", "第133条之1"),
        ("第一千一百六十五条", "第1165条"),
        ("第一一六五条", "第1165条"),
        ("第十条", "第10条"),
        ("第二十款", "第20款"),
        ("第一百零五条", "第105条"),
        ("第十百条", "第十百条"),
        ("第一二三四五条", "第一二三四五条"),
        ("ＷＴＯ－Rules", "wto rules"),
        ("ＡＢＣ１２３", "abc123"),
        ("这一条规定", "这一条规定"),
        ("第条", "第条"),
        ("", ""),
        ("\x00😀\t", "   "),
    ],
)
def test_width_case_punctuation_and_articles_have_one_way_of_writing(text: str, normal: str) -> None:
    assert normalise(text) == normal


def test_a_query_may_leave_out_the_word_before_the_number() -> None:
    assert normalise_query("十一条") == "11条"
    assert normalise_query(" 十一 ") == "十一"


@given(WRITTEN | st.text(max_size=60))
def test_aligning_gives_the_normal_text_and_places_within_the_original(text: str) -> None:
    aligned = align(text)
    assert aligned.text == normalise(text)
    assert len(aligned.places) == len(aligned.text)
    assert list(aligned.places) == sorted(aligned.places)
    assert all(0 <= place < len(text) for place in aligned.places)


@given(st.lists(WRITTEN | st.text(max_size=20), max_size=6))
def test_many_at_once_are_written_as_each_alone(texts: list[str]) -> None:
    assert normalise_each(texts) == [normalise(text) for text in texts]


@given(WRITTEN | st.text(max_size=60))
def test_a_normal_text_stays_as_it_is(text: str) -> None:
    assert normalise(normalise(text)).split() == normalise(text).split()


def test_the_span_of_an_article_is_the_one_it_was_written_with() -> None:
    text = "依照第一百三十三条之一处罚"
    aligned = align(text)
    start = aligned.text.index("第133条之1")
    begin, end = aligned.original(start, start + len("第133条之1"))
    assert text[begin:end] == "第一百三十三条之一"
