import random
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transcripts.script.alignment import ALIKE_ENOUGH, Passage, align

SCRIPT = (
    "各位领导、同志们，大家下午好。今天我讲《行政复议法》第十一条。\n"
    "公民、法人或者其他组织认为行政行为侵犯其合法权益的，可以自知道之日起六十日内提出行政复议申请。\n"
    "因不可抗力耽误法定申请期限的，申请期限自障碍消除之日起继续计算。"
)


def texts(script: str, *pieces: str) -> list[str]:
    return [passage.text for passage in align(script, pieces)]


def test_each_piece_is_given_the_scripts_wording_with_its_marks() -> None:
    assert texts(
        SCRIPT, "各位领导同志们大家下午好", "今天我讲行政负义法第十一条", "公民法人或者其他组织"
    ) == [
        "各位领导、同志们，大家下午好",
        "今天我讲《行政复议法》第十一条",
        "公民、法人或者其他组织",
    ]


def test_how_alike_they_are_is_told() -> None:
    right, wrong, other = align(
        SCRIPT, ["各位领导同志们大家下午好", "今天我讲行政负义法第十一条", "谢谢观看再见"]
    )
    assert right.alike == 1
    assert 0.8 < wrong.alike < 1
    assert other.alike < ALIKE_ENOUGH


def test_what_was_not_read_out_is_left_out_and_what_was_added_has_no_passage() -> None:
    passages = align(
        SCRIPT,
        ["大家下午好", "嗯我先喝口水啊那个", "可以自知道之日起六十日内", "申请期限自障碍消除之日起继续计算"],
    )
    assert passages[0].text.endswith("大家下午好")
    assert passages[1].alike < ALIKE_ENOUGH
    assert passages[2].text.startswith("可以自知道之日起六十日内")
    assert passages[3].text == "申请期限自障碍消除之日起继续计算"


def test_letters_that_were_missed_at_the_end_of_a_piece_are_given_back() -> None:
    assert texts(SCRIPT, "提出行政复议申", "因不可抗力") == ["提出行政复议申请", "因不可抗力"]


def test_width_case_and_punctuation_do_not_count() -> None:
    (only,) = align("使用ＯＢＳ推流，地址如下", ["使用obs推流地址如下"])
    assert only == Passage("使用ＯＢＳ推流，地址如下", 1.0, 0, 12)


@pytest.mark.parametrize(("script", "pieces"), [("", ["好"]), (SCRIPT, []), (SCRIPT, ["", "，。"]), ("", [])])
def test_without_words_on_either_side_there_is_nothing_to_offer(script: str, pieces: list[str]) -> None:
    assert align(script, pieces) == [Passage("", 0.0)] * len(pieces)


def lecture(length: int, seed: int) -> tuple[str, list[str]]:
    """A script and what a recogniser makes of it: a tenth of the letters wrong, some missing, some added."""
    dice = random.Random(seed)
    letters = [chr(0x4E00 + dice.randrange(900)) for _ in range(length)]
    script = "".join(letter + ("，" if at % 13 == 12 else "") for at, letter in enumerate(letters))
    said = ""
    for letter in letters:
        if dice.random() < 0.03:
            continue
        said += chr(0x4E00 + dice.randrange(900)) if dice.random() < 0.1 else letter
        said += "嗯" if dice.random() < 0.02 else ""
    return script, [said[at : at + 14] for at in range(0, len(said), 14)]


def test_a_lecture_of_fifteen_minutes_takes_less_than_two_seconds() -> None:
    script, pieces = lecture(4000, 1)
    began = perf_counter()
    passages = align(script, pieces)
    assert perf_counter() - began < 2
    assert sum(passage.alike for passage in passages) / len(passages) > 0.75
    assert [passage.start for passage in passages] == sorted(passage.start for passage in passages)


def test_two_texts_that_have_nothing_in_common_end_too() -> None:
    script, _ = lecture(4000, 2)
    _, pieces = lecture(4000, 3)
    began = perf_counter()
    assert max(passage.alike for passage in align(script, pieces)) < ALIKE_ENOUGH
    assert perf_counter() - began < 10


def test_a_script_that_repeats_itself_for_hours_is_given_up_not_waited_for() -> None:
    began = perf_counter()
    align("同一句话" * 10_000, ["同一句话"] * 10_000)
    assert perf_counter() - began < 10


WORDS = st.text(alphabet="行政复议法第一条，。 ab", max_size=80)


@settings(max_examples=200, deadline=None)
@given(WORDS, st.lists(WORDS, max_size=6))
def test_passages_are_places_of_the_script_in_order(script: str, pieces: list[str]) -> None:
    passages = align(script, pieces)
    assert len(passages) == len(pieces)
    latest = 0
    for passage in passages:
        assert 0 <= passage.alike <= 1
        assert passage.text == script[passage.start : passage.end]
        if passage.text:
            assert passage.start >= latest
            latest = passage.start


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(alphabet="行政复议法第一条", min_size=1, max_size=20), min_size=1, max_size=6))
def test_a_script_that_is_read_out_as_it_stands_is_found_whole(pieces: list[str]) -> None:
    passages = align("".join(pieces), pieces)
    assert [passage.text for passage in passages] == pieces
    assert all(passage.alike == 1 for passage in passages)
