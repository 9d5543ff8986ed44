"""A script cut into lines as short as a cue, before it is known when they are spoken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tortoise.context import TortoiseContext

from core.errors import Invalid
from core.settings import load_settings
from transcripts.cues.measure import MOST_LINES, MOST_WIDTH, width
from transcripts.editing.tapping import cut_lines, lines_to_tap

SCRIPT = """各位听众大家好，今天讲新修订的《行政复议法》第十一条，哪些情况可以申请行政复议。
向哪个机关申请？期限是60日。

谢谢大家！"""


def test_each_line_is_short_enough_and_nothing_is_lost() -> None:
    cues = cut_lines(SCRIPT, ("行政复议",))
    assert all(
        len(lines) <= MOST_LINES and all(width(line) <= MOST_WIDTH for line in lines) for lines in cues
    )
    said = "".join("".join(lines) for lines in cues)
    for words in ("各位听众大家好", "《行政复议法》", "第十一条", "申请行政复议", "60日", "谢谢大家"):
        assert words in said
    assert [lines for lines in cues if "谢谢大家" in "".join(lines)] == [cues[-1]]


@given(st.text("今天讲法，。！《》 a1.\n\t", max_size=120))
def test_whatever_is_pasted_letters_come_out_in_order(text: str) -> None:
    cues = cut_lines(text)
    kept = "".join(letter for lines in cues for line in lines for letter in line if letter.isalnum())
    assert kept == "".join(letter for letter in text if letter.isalnum())


@pytest.mark.parametrize("text", ["", "  \n ", "。。！", "\x00"])
async def test_without_words_it_is_said_what_to_do(sqlite_db: TortoiseContext, text: str) -> None:
    with pytest.raises(Invalid, match="请粘贴讲稿文字"):
        await lines_to_tap(text, load_settings())


async def test_too_much_is_refused(sqlite_db: TortoiseContext) -> None:
    with pytest.raises(Invalid, match="不能超过 1 KiB"):
        await lines_to_tap("讲" * 400, load_settings(subtitle_import_kib=1))
    with pytest.raises(Invalid, match="讲稿太长"):
        await lines_to_tap("第一句。\n第二句。\n第三句。", load_settings(subtitle_most_cues=2))
