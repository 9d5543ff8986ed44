from time import perf_counter

import pytest

from transcripts.glossary.seed import seed
from transcripts.glossary.suggestions import Suggestion, suggest

TERMS = seed().terms
PLAIN = (
    "今天早上我去菜市场买了一些新鲜的蔬菜和水果，路上遇到了多年不见的老同学。我们站在路边聊了很久，说起小时候一起上学的"
    "事情，都觉得时间过得太快。他现在在城里开了一家小饭馆，生意还不错，就是每天都很忙，连周末也没有时间陪孩子。我说你也要"
    "注意身体，钱是挣不完的。他笑着点点头，说等过年的时候一定带全家回来看看。回到家里，母亲已经把饭做好了，桌上有我最爱吃"
    "的红烧肉和西红柿炒鸡蛋。吃完饭以后，我帮父亲把院子里的落叶扫干净，又给花浇了水。下午的阳光照在窗台上，暖洋洋的，"
    "小猫趴在那里打瞌睡。邻居家的孩子在门口踢球，笑声不断。各位领导、同志们，大家下午好，非常高兴有这个机会和大家一起"
    "学习交流。刚才主持人介绍了今天的内容，下面我从三个方面来讲。第一个方面是为什么要学，第二个方面是学什么，第三个方面"
    "是怎么学怎么用。大家在工作中遇到的问题，有的是因为不了解规定，有的是因为程序没有走到位，还有的是因为材料没有准备"
    "齐全。我们一定要把群众的事情当成自己的事情来办，耐心解释，热情服务，不能推来推去。他手里拿着书，心里想着家。"
)


@pytest.mark.parametrize(
    ("text", "said", "term"),
    [
        ("申请行政负义的期限", "行政负义", "行政复议"),
        ("行政付议机关作出决定", "行政付议机关", "行政复议机关"),
        ("在都云市召开", "都云市", "都匀市"),
        ("来到立波县", "立波县", "荔波县"),
        ("根据劳动合通法规定", "劳动合通法", "劳动合同法"),
        ("申请法律原助", "法律原助", "法律援助"),
        ("到公正处办理", "公正处", "公证处"),
        ("提起行政诉颂", "行政诉颂", "行政诉讼"),
        ("谁执法谁谱法", "谁执法谁谱法", "谁执法谁普法"),
        ("行政强治措施", "行政强治", "行政强制"),
        ("人民条解员", "人民条解", "人民调解"),
        ("人身安全保护另", "人身安全保护另", "人身安全保护令"),
        ("行政处发决定", "行政处发", "行政处罚"),
        ("林山县罗殿县", "罗殿县", "罗甸县"),
        ("不可看力", "不可看力", "不可抗力"),
        ("司法举的同志", "司法举", "司法局"),
    ],
)
def test_a_term_that_was_heard_is_found_by_its_sound(text: str, said: str, term: str) -> None:
    found = suggest(text, TERMS)
    assert (said, term) in [(text[each.start : each.end], each.term) for each in found]


def test_ordinary_text_is_left_alone() -> None:
    assert len(PLAIN) > 450
    assert suggest(PLAIN, TERMS) == []


def test_legal_text_that_is_right_is_left_alone() -> None:
    text = (
        "公民认为行政机关的行政行为侵犯其合法权益，可以向行政复议机关申请行政复议，也可以依法提起行政诉讼。"
        "行政处罚决定书应当载明违反法律的事实和证据。都匀市司法局的法律援助中心可以提供法律援助。"
    )
    assert suggest(text, TERMS) == []


def test_another_term_that_sounds_alike_is_left_alone() -> None:
    assert suggest("行政赔偿", ["行政赔偿", "行政陪偿"]) == []


def test_the_longest_term_is_offered_once() -> None:
    assert suggest("行政负义申请", ["行政复议", "行政复议申请", "复议"]) == [
        Suggestion(0, 6, "行政复议申请", "读音相近")
    ]


def test_articles_in_digits_are_offered_in_the_house_rule() -> None:
    assert suggest("第1165条", TERMS) == [Suggestion(0, 6, "第一千一百六十五条", "条文序号统一用汉字")]


def test_nothing_is_suggested_without_terms_or_text() -> None:
    assert suggest("行政负义", []) == []
    assert suggest("", TERMS) == []
    assert suggest("行", ["行"]) == []


def test_a_whole_lecture_is_read_in_a_second() -> None:
    began = perf_counter()
    suggest(PLAIN * 10, TERMS)
    assert perf_counter() - began < 2
