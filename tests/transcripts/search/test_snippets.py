import re

from hypothesis import given
from hypothesis import strategies as st

from transcripts.search.asking import read_question
from transcripts.search.documents import Passage
from transcripts.search.snippets import beginning, mark, pattern_of, snippets


def pattern(typed: str) -> re.Pattern[str]:
    return pattern_of(read_question(typed, {}, most_characters=100, most_words=8))


def shown(typed: str, text: str) -> str:
    return "".join(f"[{each.text}]" if each.is_hit else each.text for each in mark(text, pattern(typed)))


def test_words_are_marked_as_they_are_written() -> None:
    assert shown("复议", "申请行政复议的人，可以撤回复议。") == "申请行政[复议]的人，可以撤回[复议]。"
    assert shown("第11条", "《行政复议法》第十一条规定") == "《行政复议法》[第十一条]规定"
    assert shown("十一条", "第１１条") == "第[１１条]"
    assert shown("wto", "ＷＴＯ规则和WTOx") == "[ＷＴＯ]规则和WTOx"
    assert shown("11", "2011年第11号") == "2011年第[11]号"


def test_a_word_across_two_cues_is_marked_and_has_the_second_of_the_first() -> None:
    passages = [Passage("大家可以申请行政", 3), Passage("复议也可以诉讼", 7), Passage("谢谢", 11)]
    found, hits = snippets(passages, pattern("行政复议"), most=3, characters=40)
    assert [each.seconds for each in found] == [3]
    assert "".join(piece.text for piece in found[0].pieces if piece.is_hit) == "行政 复议"
    assert hits == 1


def test_places_are_counted_and_only_the_first_are_shown() -> None:
    passages = [Passage(f"第{at}句说到工伤和很多别的话，凑够一句的长度", at * 4) for at in range(9)]
    found, hits = snippets(passages, pattern("工伤"), most=2, characters=30)
    assert [each.seconds for each in found] == [0, 4]
    assert hits == 9


def test_a_long_paragraph_is_shortened_around_its_first_hit() -> None:
    text = "前" * 300 + "工伤认定" + "后" * 300
    found, _ = snippets([Passage(text)], pattern("工伤"), most=3, characters=40)
    assert found[0].text.startswith("…前")
    assert found[0].text.endswith("…")
    assert "工伤" in found[0].text
    assert len(found[0].text) < 60


def test_without_a_hit_the_beginning_is_shown() -> None:
    assert beginning([Passage("一"), Passage("二三四五")], 4) == "一 二三…"
    assert beginning([], 4) == ""


@given(st.text(max_size=80), st.text(max_size=20))
def test_marking_loses_nothing_of_a_text(text: str, typed: str) -> None:
    assert "".join(each.text for each in mark(text, pattern(typed))) == text
