import pytest

from transcripts.cues.cue import Cue
from transcripts.cues.rules import Level, cue_findings

OTHER = Cue(0, 2000, ("前面一条",))


def codes(*cues: Cue, terms: tuple[str, ...] = ()) -> list[tuple[int, str, str]]:
    return [(each.index, each.level.value, each.code) for each in cue_findings(cues, terms)]


def test_good_cues_have_nothing_against_them() -> None:
    assert codes(OTHER, Cue(2000, 4000, ("后面一条", "有两行")), Cue(4084, 6000, ("隔两帧",))) == []


@pytest.mark.parametrize(
    ("cue", "code"),
    [
        (Cue(3000, 3000, ("好的",)), "time"),
        (Cue(3000, 2500, ("好的",)), "time"),
        (Cue(3000, 10_001, ("好的",)), "long"),
        (Cue(1999, 4000, ("好的",)), "overlap"),
        (Cue(-1, 4000, ("好的",)), "time"),
        (Cue(3000, 5000, ()), "empty"),
        (Cue(3000, 5000, (" ",)), "empty"),
        (Cue(3000, 5000, ("好的", "")), "blank"),
        (Cue(3000, 5000, ("一", "二", "三")), "lines"),
        (Cue(3000, 7000, ("字" * 16 + "a",)), "width"),
    ],
)
def test_a_hard_rule_broken_is_an_error(cue: Cue, code: str) -> None:
    found = codes(OTHER, cue)
    assert (1, "error", code) in found


def test_half_width_letters_count_half() -> None:
    assert codes(Cue(0, 5000, ("a" * 32,))) == []
    assert codes(Cue(0, 5000, ("a" * 33,))) == [(0, "error", "width")]


def test_a_cue_before_the_one_before_it_is_out_of_order() -> None:
    assert (1, "error", "order") in codes(Cue(5000, 6000, ("后",)), Cue(1000, 2000, ("前",)))


@pytest.mark.parametrize(
    ("cue", "code"),
    [
        (Cue(3000, 3833, ("好",)), "short"),
        (Cue(3000, 4000, ("一二三四五六七八九十",)), "speed"),
        (Cue(3000, 6000, ("根据第一百", "三十三条规定")), "break"),
        (Cue(3000, 6000, ("一共六十", "日的期限")), "break"),
        (Cue(3000, 6000, ("申请行政复", "议的期限")), "break"),
        (Cue(3000, 6000, ("根据《行政复", "议法》规定")), "break"),
    ],
)
def test_a_soft_rule_broken_is_a_warning(cue: Cue, code: str) -> None:
    found = codes(OTHER, cue, terms=("行政复议",))
    assert found == [(1, "warning", code)]


def test_a_flickering_gap_is_a_warning_of_the_cue_before_it() -> None:
    assert codes(OTHER, Cue(2083, 4000, ("后面",))) == [(0, "warning", "gap")]


def test_a_term_broken_between_cues_that_follow_at_once_is_named() -> None:
    cues = [Cue(0, 2000, ("申请行政",)), Cue(2000, 4000, ("复议的期限",))]
    (found,) = cue_findings(cues, ["行政复议"])
    assert (found.index, found.level) == (0, Level.WARNING)
    assert "“行政复议”" in found.message
    assert cue_findings([cues[0], Cue(5000, 7000, cues[1].lines)], ["行政复议"]) == []


def test_a_term_longer_than_a_line_may_break_at_its_seam_or_where_it_must() -> None:
    assert codes(Cue(0, 5000, ("《中华人民共和国", "行政复议法实施条例》"))) == []
    assert codes(Cue(0, 5000, ("农村土地承包经营纠纷调", "解仲裁委员会"))) == []
