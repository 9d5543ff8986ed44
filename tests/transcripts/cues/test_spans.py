import pytest

from transcripts.cues.spans import Kind, spans_of


def numbers(text: str) -> set[str]:
    return {text[span.start : span.end] for span in spans_of(text) if span.kind is Kind.NUMBER}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("第一百三十三条之一规定", "第一百三十三条之一"),
        ("第11条第2款", "第11条"),
        ("第11条第2款", "第2款"),
        ("六十日内", "六十日"),
        ("十五个工作日", "十五个工作日"),
        ("罚款3.5万元以下", "3.5万元"),
        ("二百元以上", "二百元"),
        ("2024年1月", "2024年"),
        ("百分之五十的人", "百分之五十"),
        ("三分之二以上", "三分之二"),
        ("二十多个月", "二十多个月"),
        ("速度80km以下", "80km"),
        ("利率20%以内", "20%"),
        ("年满十八周岁", "十八周岁"),
    ],
)
def test_articles_and_numbers_with_units_belong_together(text: str, expected: str) -> None:
    assert expected in numbers(text)


def test_plain_text_has_nothing_that_belongs_together() -> None:
    assert list(spans_of("今天我们来讲法律")) == []


def test_a_term_takes_its_book_title_marks_with_it() -> None:
    text = "根据《行政复议法》规定"
    assert {(text[span.start : span.end], span.kind) for span in spans_of(text, ["行政复议法"])} == {
        ("《行政复议法》", Kind.TERM)
    }


def test_only_a_term_longer_than_a_line_has_seams() -> None:
    (short,) = spans_of("《中华人民共和国民法典》")
    assert short.seams == ()
    (long,) = spans_of("《中华人民共和国行政复议法实施条例》")
    assert long.seams == (8,)


def test_every_place_of_a_term_is_found_and_single_characters_are_none() -> None:
    assert [(span.start, span.end) for span in spans_of("复议的复议", ["复议", "的", ""])] == [(0, 2), (3, 5)]
