from time import perf_counter

import pytest

from transcripts.cues.cue import Cue
from transcripts.cues.statutes import (
    Chapter,
    article_words,
    chapters,
    find_statutes,
    in_house_digits,
    law_link,
    law_name,
    spoken_statutes,
    statute_title,
)

FULL = "中华人民共和国"
REVIEW, CODE, CRIME = f"{FULL}行政复议法", f"{FULL}民法典", f"{FULL}刑法"
ROAD, PUNISHMENT = f"{FULL}道路交通安全法", f"{FULL}行政处罚法"


def found(text: str) -> list[tuple[str, str]]:
    return [(each.law, each.article) for each in find_statutes(text)]


ONE = {
    "《行政复议法》第十一条": (REVIEW, "11"),
    "《行政复议法》第11条": (REVIEW, "11"),
    "《行政复议法》的第十一条": (REVIEW, "11"),
    "《行政复议法》，第十一条": (REVIEW, "11"),
    "《 行政复议法 》第 11 条": (REVIEW, "11"),
    "《中华人民共和国行政复议法》第十一条": (REVIEW, "11"),
    "《中华人民共和国行政复议法（2023修订）》第十一条": (REVIEW, "11"),
    "《行政复议法(2023年修订)》第十一条": (REVIEW, "11"),
    "行政复议法第十一条": (REVIEW, "11"),
    "行政复议法第11条": (REVIEW, "11"),
    "行政复议法第１１条": (REVIEW, "11"),
    "行政复议法11条": (REVIEW, "11"),
    "行政复议法的第十一条": (REVIEW, "11"),
    "行政复议法里面的第十一条": (REVIEW, "11"),
    "行政复议法当中的第十一条": (REVIEW, "11"),
    "行政复议法规定的第十一条": (REVIEW, "11"),
    "行政复议法 第十一条": (REVIEW, "11"),
    "根据新修订的行政复议法第十一条的规定": (REVIEW, "11"),
    "中华人民共和国行政复议法第十一条": (REVIEW, "11"),
    "我国行政复议法第十一条": (REVIEW, "11"),
    "复议法第十一条": (REVIEW, "11"),
    "行政复议法第十一条第一款": (REVIEW, "11"),
    "行政复议法第十一条第一款第三项": (REVIEW, "11"),
    "行政复议法第十一条第（三）项": (REVIEW, "11"),
    "行政复议法第十一条的第三项": (REVIEW, "11"),
    "民法典第一千一百六十五条": (CODE, "1165"),
    "民法典第1165条": (CODE, "1165"),
    "民法典1165条": (CODE, "1165"),
    "民法典第一一六五条": (CODE, "1165"),
    "《民法典》第一千零四十二条": (CODE, "1042"),
    "民法典一千零四十二条": (CODE, "1042"),
    "刑法第一百三十三条之一": (CRIME, "133-1"),
    "刑法第133条之一": (CRIME, "133-1"),
    "刑法第133条之1": (CRIME, "133-1"),
    "刑法第二百八十七条之二": (CRIME, "287-2"),
    "《刑法》第一百三十三条之一第二款": (CRIME, "133-1"),
    "道路交通安全法第九十一条": (ROAD, "91"),
    "道交法第九十一条": (ROAD, "91"),
    "道交法91条": (ROAD, "91"),
    "道路交通安全法实施条例第六十二条": (f"{ROAD}实施条例", "62"),
    "《道路交通安全法实施条例》第62条": (f"{ROAD}实施条例", "62"),
    "行政复议法实施条例第十五条": (f"{REVIEW}实施条例", "15"),
    "行政处罚法第三十三条": (PUNISHMENT, "33"),
    "处罚法第三十三条第一款": (PUNISHMENT, "33"),
    "治安管理处罚法第六十六条": (f"{FULL}治安管理处罚法", "66"),
    "治安处罚法第六十六条": (f"{FULL}治安管理处罚法", "66"),
    "法治宣传教育法第五十七条": (f"{FULL}法治宣传教育法", "57"),
    "行政执法监督条例第十一条": ("行政执法监督条例", "11"),
    "《保障农民工工资支付条例》第三条": ("保障农民工工资支付条例", "3"),
    "农民工工资条例第三条": ("保障农民工工资支付条例", "3"),
    "反电信网络诈骗法第四十四条": (f"{FULL}反电信网络诈骗法", "44"),
    "反诈法第四十四条": (f"{FULL}反电信网络诈骗法", "44"),
    "个保法第十三条": (f"{FULL}个人信息保护法", "13"),
    "消法第五十五条": (f"{FULL}消费者权益保护法", "55"),
    "未成年人保护法第十七条": (f"{FULL}未成年人保护法", "17"),
    "农村土地承包法第二条": (f"{FULL}农村土地承包法", "2"),
    "海上交通安全法第十条": (f"{FULL}海上交通安全法", "10"),
    "劳动仲裁法第二十七条": (f"{FULL}劳动争议调解仲裁法", "27"),
    "宪法第五条": (f"{FULL}宪法", "5"),
    "水法第三条": (f"{FULL}水法", "3"),
    "环保法第六条": (f"{FULL}环境保护法", "6"),
    "《黔南布依族苗族自治州自治条例》第四条": ("黔南布依族苗族自治州自治条例", "4"),
    "《贵州省信访工作办法》第二条": ("贵州省信访工作办法", "2"),
    "《最高人民法院关于适用民法典的解释》第二条": ("最高人民法院关于适用民法典的解释", "2"),
    "行政复议法": (REVIEW, ""),
    "《行政复议法》": (REVIEW, ""),
    "今年开始施行的民法典": (CODE, ""),
}


@pytest.mark.parametrize(("text", "expected"), ONE.items(), ids=ONE)
def test_a_statute_is_found_however_it_is_spoken(text: str, expected: tuple[str, str]) -> None:
    assert found(text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("根据《民法典》，本法第十条", [(CODE, ""), (CODE, "10")]),
        ("行政复议法规定，该法第十二条", [(REVIEW, ""), (REVIEW, "12")]),
        ("行政处罚法第三条。本法第四条、第五条和第六条", [(PUNISHMENT, number) for number in "3456"]),
        ("行政复议法制定以后，第二条说", [(REVIEW, ""), (REVIEW, "2")]),
        ("民法典第十条，刑法第二十条，本法第三十条", [(CODE, "10"), (CRIME, "20"), (CRIME, "30")]),
        ("行政执法监督条例。本条例第八条", [("行政执法监督条例", ""), ("行政执法监督条例", "8")]),
        ("行政复议法第十一条到第十三条", [(REVIEW, "11"), (REVIEW, "13")]),
    ],
)
def test_an_article_alone_belongs_to_the_law_named_last(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "本法第十二条",
        "第十一条",
        "劳动法律关系",
        "行政诉讼法律制度",
        "排水法规",
        "《西游记》第三条",
        "《孙子兵法》",
        "《学习方法》第一条",
        "今天天气很好",
        "",
        "第零条",
        "公司法务部门",
        "刑法学",
        "会计法庭",
    ],
)
def test_what_is_no_statute_is_not_found(text: str) -> None:
    assert found(text) == []


def test_things_that_are_counted_are_no_articles() -> None:
    assert found("民法典实施了。第一条建议，第二条意见，第三条路") == [(CODE, "")]


def test_paragraph_and_item_are_told_and_the_place_is_exact() -> None:
    text = "他说刑法第一百三十三条之一第二款第三项是对的"
    (only,) = find_statutes(text)
    assert (only.paragraph, only.item) == (2, 3)
    assert text[only.start : only.end] == "刑法第一百三十三条之一第二款第三项"


def test_a_citation_may_go_over_lines_and_cues() -> None:
    cues = [Cue(1000, 3000, ("根据《行政", "复议法》")), Cue(3000, 5000, ("第十", "一条"))]
    (only,) = spoken_statutes(cues)
    assert (only.at_ms, only.law, only.article) == (1000, REVIEW, "11")


def test_chapters_are_where_another_article_is_come_to() -> None:
    texts = [
        "大家好",
        "今天讲行政复议法",
        "先看第十一条",
        "第十一条说",
        "再看第二十条",
        "回到第十一条",
        "民法典也说",
    ]
    cues = [Cue(at * 30_000, at * 30_000 + 3000, (text,)) for at, text in enumerate(texts)]
    assert chapters(cues) == [
        Chapter(30_000, "《行政复议法》", REVIEW, ""),
        Chapter(60_000, "《行政复议法》第十一条", REVIEW, "11"),
        Chapter(120_000, "《行政复议法》第二十条", REVIEW, "20"),
        Chapter(180_000, "《民法典》", CODE, ""),
    ]


def test_chapters_are_not_closer_than_a_viewer_can_use() -> None:
    cues = [Cue(at * 3000, at * 3000 + 2000, (f"民法典第{at + 1}条",)) for at in range(20)]
    made = chapters(cues)
    assert [each.at_ms for each in made] == [0, 21_000, 42_000]
    together = [Cue(0, 2000, ("今天讲行政复议法",)), Cue(5000, 7000, ("第十一条",))]
    assert [each.title for each in chapters(together)] == ["《行政复议法》第十一条"]
    assert chapters([]) == []


def test_articles_are_shown_in_chinese_numerals() -> None:
    assert statute_title(CRIME, "133-1") == "《刑法》第一百三十三条之一"
    assert article_words("") == ""
    assert (
        in_house_digits("第1165条第2款，第133条之1；第3批1165")
        == "第一千一百六十五条第二款，第一百三十三条之一；第3批1165"
    )


@pytest.mark.parametrize(
    ("name", "law"),
    [
        ("行政复议法", REVIEW),
        (f"{FULL}行政复议法", REVIEW),
        ("某某市条例", "某某市条例"),
        ("红楼梦", ""),
        ("", ""),
    ],
)
def test_a_name_in_book_title_marks_is_a_law_or_not(name: str, law: str) -> None:
    assert law_name(name) == law


def test_the_link_is_of_the_law_and_of_no_article() -> None:
    assert law_link("https://example.org/search?name={law}", "刑法&x") == (
        "https://example.org/search?name=%E5%88%91%E6%B3%95%26x"
    )
    assert law_link("https://flk.npc.gov.cn/", REVIEW) == "https://flk.npc.gov.cn/"


def test_a_lecture_of_two_hours_is_read_at_once() -> None:
    text = "行政复议机关应当自受理申请之日起六十日内作出行政复议决定，根据行政复议法第十一条，" * 1000
    began = perf_counter()
    assert len(find_statutes(text)) == 1000
    assert perf_counter() - began < 2
    began = perf_counter()
    find_statutes("《" * 20_000 + "第" * 20_000 + "民" * 20_000)
    assert perf_counter() - began < 5
