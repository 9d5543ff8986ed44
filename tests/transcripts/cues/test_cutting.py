from math import inf, nan
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.spoken import assert_hard_rules, spoken
from transcripts.cues.cue import Cue
from transcripts.cues.cutting import cut
from transcripts.cues.glyphs import DROPPED
from transcripts.cues.measure import FASTEST, LINGER_MS, SHORTEST_MS, reading_width
from transcripts.cues.rules import Level, cue_findings
from transcripts.cues.vtt import write_vtt
from transcripts.cues.vtt_check import check_vtt
from transcripts.speech.words import Word

LECTURE = (
    "大家好，今天我们来讲《中华人民共和国行政复议法》第十一条。公民、法人或者其他组织认为行政行为侵犯其合法权益的，"
    "可以自知道该行政行为之日起六十日内提出行政复议申请，但是法律规定的申请期限超过六十日的除外。"
    "根据道路交通安全法第九十一条，饮酒后驾驶机动车的，处暂扣六个月机动车驾驶证，并处一千元以上二千元以下罚款。"
    "您说：“这样对不对？”我说对。从2024年1月1日起，新修订的行政复议法开始施行，大家可以打12345热线。"
)


def lines_of(cues: list[Cue]) -> list[str]:
    return [line for cue in cues for line in cue.lines]


def cues_of(words: list[Word], *terms: str) -> list[Cue]:
    return [made.cue for made in cut(words, terms=terms)]


def assert_nothing_is_lost(words: list[Word], cues: list[Cue]) -> None:
    """Every letter, in order; commas and stops apart."""
    dropped = set(DROPPED) | {" "}
    said = [letter for word in words for letter in word.text if letter not in dropped]
    shown = [letter for line in lines_of(cues) for letter in line if letter not in dropped]
    assert shown == said


def test_a_lecture_keeps_every_rule() -> None:
    words = spoken(LECTURE)
    cues = cues_of(words, "行政复议", "申请期限", "行政复议法")
    assert_hard_rules(cues)
    assert_nothing_is_lost(words, cues)
    assert cue_findings(cues, ["行政复议", "申请期限", "行政复议法"]) == []
    assert check_vtt(write_vtt(cues).encode()) == []


def test_clauses_and_pauses_are_where_cues_break() -> None:
    cues = cues_of(spoken("今天讲行政复议。先说申请的期限，再说受理的机关。"))
    assert [cue.text for cue in cues] == ["今天讲行政复议", "先说申请的期限 再说受理的机关"]


def test_commas_go_at_the_ends_of_lines_and_are_a_space_inside_them() -> None:
    cues = cues_of(spoken("我问：“对，对吗？”他说《民法典》、《刑法》都有，好。"))
    shown = lines_of(cues)
    assert not any(line[-1] in "，。、；" or line[0] in "，。、；" for line in shown)
    assert "“对 对吗？”" in " ".join(shown)
    assert "《民法典》、《刑法》" in "".join(shown)


@pytest.mark.parametrize(
    "citation", ["第一百三十三条之一", "三千五百六十元", "六十个工作日", "2024年", "第1165条"]
)
@pytest.mark.parametrize("before", range(8, 20))
def test_no_break_is_inside_an_article_or_a_number_and_its_unit(citation: str, before: int) -> None:
    text = "说" * before + citation + "以后的事情我们下次再来讲一讲"
    cues = cues_of(spoken(text))
    assert_hard_rules(cues)
    assert citation in "\n".join(lines_of(cues))


@pytest.mark.parametrize("before", range(8, 20))
def test_no_break_is_inside_a_term(before: int) -> None:
    cues = cues_of(
        spoken("甲乙丙丁" * 5 + "丙" * before + "掩饰隐瞒犯罪所得罪" + "戊己庚辛" * 4), "掩饰隐瞒犯罪所得罪"
    )
    assert_hard_rules(cues)
    assert "掩饰隐瞒犯罪所得罪" in "\n".join(lines_of(cues))


def test_an_article_stays_whole_even_where_a_term_must_break() -> None:
    """A number with its unit comes before a term."""
    cues = cues_of(spoken("第一百三十三条之一规定危险驾驶罪"), "条之一规定危险驾驶罪")
    assert any("第一百三十三条之一" in line for line in lines_of(cues))


def test_a_term_longer_than_a_line_breaks_at_its_seam_across_lines() -> None:
    name = "《中华人民共和国行政复议法实施条例》"
    (cue,) = cues_of(spoken(name), name)
    assert cue.lines == ("《中华人民共和国", "行政复议法实施条例》")
    (cue,) = cues_of(
        spoken("《中华人民共和国民法典》第一千一百六十五条", pace=6),
        "《中华人民共和国民法典》第一千一百六十五条",
    )
    assert cue.lines == ("《中华人民共和国民法典》", "第一千一百六十五条")


def test_a_term_longer_than_a_line_without_a_seam_still_stays_in_one_cue() -> None:
    term = "农村土地承包经营纠纷调解仲裁委员会"
    cues = cues_of(spoken(f"今天我们请来了{term}的同志"), term)
    assert_hard_rules(cues)
    assert any(term in "".join(cue.lines) for cue in cues)


def test_a_cue_ends_half_a_second_after_its_last_word_and_not_in_the_next_one() -> None:
    words = [*spoken("今天下午讲法", pace=4), *spoken("明天上午讲课", pace=4, start=10)]
    first, second = cues_of(words)
    assert first == Cue(0, 1500 + LINGER_MS, ("今天下午讲法",))
    assert second.start_ms == 10_000


def test_a_short_word_stays_for_five_sixths_of_a_second_where_there_is_room() -> None:
    (first, second) = cues_of([Word("好", 1.0, 1.2), Word("请坐下来", 5.0, 6.0)])
    assert first.end_ms - first.start_ms == SHORTEST_MS
    assert second.start_ms == 5000


def test_gaps_too_short_to_be_seen_are_closed_or_widened() -> None:
    for gap in range(0, 1200, 20):
        words = [*spoken("今天讲行政复议法。"), *spoken("明天讲行政诉讼法。", start=1.6 + gap / 1000)]
        findings = cue_findings(cues_of(words))
        assert [each for each in findings if each.code == "gap"] == [], gap


def test_an_end_that_stretches_over_a_silence_is_not_believed() -> None:
    first, second = cues_of([Word("好的", 0, 60.0), Word("下课", 61, 61.5)])
    assert first.end_ms <= 3_500
    assert second.start_ms == 61_000


def test_a_cue_does_not_bridge_a_long_silence() -> None:
    assert len(cues_of([*spoken("我们先看"), *spoken("这一条", start=4)])) == 2


def test_one_word_of_two_hundred_letters_is_shared_out_with_times_of_its_own() -> None:
    word = Word("行政复议" * 50, 10, 50, 0.5)
    made = cut([word])
    cues = [each.cue for each in made]
    assert_hard_rules(cues)
    assert_nothing_is_lost([word], cues)
    assert cues[0].start_ms == 10_000
    assert abs(cues[-1].start_ms - 50_000) < 7_000
    assert "".join(part.text for each in made for part in each.words) == word.text
    assert {part.prob for each in made for part in each.words} == {0.5}


def test_words_beyond_belief_are_still_laid_out() -> None:
    words = [
        Word("", 0, 1),
        Word("无", nan, nan, nan),
        Word("穷", inf, -inf, 7),
        Word("负", -5, -3),
        Word("重", 1, 2),
        Word("叠", 1, 9),
        Word("后", 30, 31),
        Word("前", 3, 4),
        Word("长" * 3, 40, 100),
        Word("tail", 101, 1e300),
    ]
    cues = cues_of(words)
    assert_hard_rules(cues)
    shown = "".join(lines_of(cues))
    assert sorted(shown.replace(" ", "")) == sorted("无穷负重叠后前长长长tail")
    assert shown.index("前") < shown.index("后")


def test_an_engine_that_jitters_keeps_its_order() -> None:
    cues = cues_of([Word("行", 1.0, 1.2), Word("政", 0.9, 1.3), Word("复", 1.1, 1.3), Word("议", 0.5, 1.6)])
    assert "".join(lines_of(cues)) == "行政复议"


def test_everything_said_at_one_moment_is_laid_out_one_after_the_other() -> None:
    words = [Word(letter, 5.0, 5.0) for letter in "行政复议机关应当自受理申请之日起六十日内作出决定" * 8]
    cues = cues_of(words)
    assert_hard_rules(cues)
    assert_nothing_is_lost(words, cues)


def test_latin_words_and_numbers_stay_whole_with_a_space_between_words() -> None:
    words = [
        Word(text, at / 2, at / 2 + 0.4)
        for at, text in enumerate(["使用", "Open", "Broadcaster", "3.5", "版"])
    ]
    assert "Open Broadcaster" in "".join(lines_of(cues_of(words)))
    assert "3.5" in "".join(lines_of(cues_of(words)))
    assert lines_of(cues_of([Word("11", 0, 0.3), Word("65", 0.3, 0.6), Word("条", 0.6, 0.8)])) == ["1165条"]


@pytest.mark.parametrize(
    "text", ["a" * 200, "👨‍👩‍👧‍👦" * 40, "é" + "́" * 120, "《" * 60, "”" * 60, "。" * 50 + "好", "🇨🇳" * 30]
)
def test_text_without_words_keeps_the_hard_rules(text: str) -> None:
    cues = cues_of([Word(text, 0, 20)])
    assert_hard_rules(cues)
    assert check_errors(cues) == []


def test_what_cannot_be_written_is_left_out() -> None:
    cues = cues_of([Word("好\ud800\x00的", 0, 1), Word("\ud83d", 1, 2)])
    assert lines_of(cues) == ["好的"]
    assert write_vtt(cues).encode()


def test_nothing_said_makes_no_cues() -> None:
    assert cut([]) == []
    assert cut([Word(" ", 0, 1), Word("，。", 1, 2), Word("\n", 2, 3)]) == []


def check_errors(cues: list[Cue]) -> list[object]:
    return [found for found in check_vtt(write_vtt(cues).encode()) if found.level is Level.ERROR]


TIMES = st.one_of(
    st.floats(min_value=-10, max_value=300),
    st.floats(allow_nan=True, allow_infinity=True),
    st.sampled_from([0.0, 1.0, 1.0, 60.0]),
)
TEXTS = st.one_of(
    st.sampled_from(
        [
            *"行政复议的了在第一条三十日《》“”，。、？ab1 ",
            "行政复议",
            "Windows",
            "2024",
            "第十一条",
            "👍🏽",
            "10%",
        ]
    ),
    st.text(max_size=40),
)
WORDS = st.lists(st.builds(Word, TEXTS, TIMES, TIMES, st.floats()), max_size=60)
IN_ORDER = st.lists(
    st.tuples(st.sampled_from("行政复议机关应当自受理之日起六十日内作出决定的了，。"), st.floats(0, 1.5)),
    max_size=120,
)


@settings(max_examples=300, deadline=None)
@given(WORDS, st.lists(st.sampled_from(["行政复议", "第一", "议的", "应当自受理"]), max_size=3))
def test_the_hard_rules_hold_whatever_the_words_are(words: list[Word], terms: list[str]) -> None:
    made = cut(words, terms=terms)
    cues = [each.cue for each in made]
    assert_hard_rules(cues)
    assert check_errors(cues) == []
    for each in made:
        assert each.words
        assert all(0 <= word.start <= word.end and 0 <= word.prob <= 1 for word in each.words)


@settings(max_examples=200, deadline=None)
@given(IN_ORDER)
def test_words_in_order_are_kept_to_the_letter_and_to_their_time(said: list[tuple[str, float]]) -> None:
    words, clock = [], 0.0
    for letter, pause in said:
        words.append(Word(letter, clock, clock + 0.2))
        clock += 0.2 + pause
    made = cut(words)
    cues = [each.cue for each in made]
    assert_hard_rules(cues)
    assert_nothing_is_lost(words, cues)
    for each in made:
        assert abs(each.cue.start_ms - each.words[0].start * 1000) <= 1
        last = each.words[-1].end * 1000
        assert each.cue.end_ms <= max(last + LINGER_MS, each.cue.start_ms + SHORTEST_MS) + 85
        assert each.cue.end_ms >= last - 1


def test_reading_speed_is_kept_where_the_speech_allows() -> None:
    for cue in cues_of(spoken(LECTURE * 3, pace=7)):
        assert reading_width(cue.text) * 1000 / (cue.end_ms - cue.start_ms) <= FASTEST


def test_two_hours_of_words_take_less_than_ten_seconds() -> None:
    words = spoken(LECTURE * (40_000 // len(LECTURE) + 1), pace=5.5)
    assert len(words) > 33_000
    began = process_time()
    made = cut(words, terms=["行政复议", "申请期限", "机动车", "合法权益"])
    assert process_time() - began < 10
    assert_hard_rules([each.cue for each in made])
