"""Texts like those of the house, made up: ten years of lectures as they are spoken, and articles as offices write.

The words are those of the law (the glossary that comes with us) and of everyday cases; which of them a text is about
follows a steep distribution, as in life: much is about a few laws, something about everything.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from transcripts.cues.cue import Cue
from transcripts.glossary.seed import seed

LECTURES = 240
ARTICLES = 20_000
SPEECH_SECONDS = 15 * 60
CHARACTERS_A_SECOND = 4.7
FIRST_DAY = datetime(2017, 1, 12, 7, tzinfo=UTC)


def _words(text: str) -> list[str]:
    return text.split()


SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何罗高林郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程苏魏吕丁任卢姚沈"
    "钟姜崔谭陆范汪廖石金韦贾夏付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
GIVEN = (
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂华建国志文辉玲梅红林峰云鹏飞宇欣怡子涵浩然梓轩雨泽佳琪思"
    "远晓东海燕春花秋菊冬生福贵荣昌盛德义仁信礼智勤俭诚正光大山水木火土石田禾苗竹松柏桃李杏梨"
)
PLACES = _words(
    "都匀 福泉 荔波 贵定 瓮安 独山 平塘 罗甸 长顺 龙里 惠水 三都 墨冲 平浪 毛尖 归兰 小围寨 "
    "沙包堡 牛场 凤山 陆家寨 仙桥 道坪 龙昌 茂兰 甲良 佳荣 瑶山 盘江 昌明 云雾 沿山 银盏 猴场 "
    "珠藏 玉山 麻尾 上司 下司 基长 克度 大塘 通州 边阳 沫阳 逢亭 白云山 广顺 摆所 谷脚 醒狮 "
    "洗马 好花红 濛江 摆金 羡塘 大河 普安 中和 九阡"
)
MATTERS = _words(
    "工资 工伤 宅基地 征收补偿 婚姻 继承 赡养 彩礼 家庭暴力 交通事故 醉驾 电信诈骗 网络贷款 "
    "食品安全 小作坊 校园欺凌 溺水 禁毒 森林防火 用火 燃放烟花 消防通道 物业费 邻里纠纷 相邻排水 "
    "土地承包 土地流转 山林权属 合同违约 民间借贷 担保 劳动合同 社会保险 医保报销 低保 残疾人补贴 "
    "退役安置 城市管理 占道经营 违章建筑 环境噪声 污水排放 采砂 野生动物 假种子 消费维权 预付卡 "
    "网购退货 个人信息 未成年人网络 教育收费 安全生产 矿山 危险化学品 招标投标 税收优惠 政府信息公开 "
    "行政处罚 行政许可 行政强制 行政复议 行政诉讼 国家赔偿 执法证件 听证 调解 法律援助 公证 仲裁 "
    "信访 举报"
)
ORGANS = _words(
    "市司法局 县人民法院 县公安局 市人力资源和社会保障局 县市场监督管理局 市自然资源局 "
    "县住房和城乡建设局 县民政局 市税务局 镇人民政府 街道办事处 市应急管理局 县林业局 市生态环境局 "
    "县教育局"
)
CLAUSES = [
    "根据{law}第{number}条的规定",
    "{law}第{number}条第{small}款讲得很清楚",
    "在{place}发生过这样一件事",
    "{name}找到{organ}反映{matter}的问题",
    "{organ}在{year}年{month}月作出了{term}的决定",
    "当事人如果不服可以在{days}日内申请{term}",
    "也可以向人民法院提起诉讼",
    "这里要提醒大家注意{matter}和{term}的区别",
    "很多乡亲会问{matter}到底归哪个部门管",
    "答案是由{organ}负责必要时由{organ}配合",
    "证据一定要保存好包括合同收据聊天记录和照片",
    "超过期限就要说明正当理由否则不予受理",
    "我们{place}的干部职工都要带头学习{law}",
    "依法办事遇事找法解决问题用法化解矛盾靠法",
    "情节轻微并及时改正没有造成危害后果的不予处罚",
    "罚款数额在{amount}元以下的可以当场作出",
    "{name}和{name}因为{matter}发生争执闹到了{organ}",
    "经过{organ}调解双方达成了协议",
    "这个案例说明{term}不是一句空话",
    "法律面前人人平等谁也没有超越{law}的特权",
    "各级各部门要落实谁执法谁普法的普法责任制",
    "涉及{matter}的材料要在{days}个工作日内补正",
    "符合条件的{organ}应当受理并出具书面凭证",
    "对老年人残疾人和未成年人要给予{term}",
    "下面结合{year}年修订的{law}来讲一讲",
    "第一要弄清{term}的主体第二要看程序是否合法",
    "拒不履行的由{organ}依法申请强制执行",
    "造成损失的应当依法承担赔偿责任",
    "构成犯罪的依法追究刑事责任",
    "希望大家把{matter}的规定带回去讲给家里人听",
    "{place}去年一共办理{term}案件{amount}件",
    "其中涉及{matter}的占了将近{small}成",
    "办事群众可以到{place}的司法所或者打电话咨询",
    "执法人员应当出示证件并告知{term}的权利",
    "没有出示证件的当事人有权拒绝",
    "请大家记住{days}日这个期限从收到决定书的第二天算起",
    "本案的焦点是{name}的行为是否属于{term}",
    "{organ}认为事实清楚证据确凿适用{law}正确",
    "复议机关经过审理决定撤销并责令重新作出",
    "我们先看条文再看案例最后回答大家的提问",
]
OPENINGS = (
    "各位干部职工各位乡亲大家好",
    "今天的法治微课堂由我来讲",
    "我是来自{organ}的{name}",
    "今天和大家一起学习{law}",
)
TITLES = (
    "{law}解读",
    "{matter}怎么办",
    "{matter}那些事：{law}第{number}条",
    "{place}开展{matter}专项整治",
    "{organ}关于{matter}的通告",
    "以案释法：{matter}与{term}",
    "{year}年{place}{matter}工作情况通报",
    "{law}实施{small}周年问答",
    "谈谈{term}",
)
LONGEST_LINE = 16


@dataclass(frozen=True, slots=True)
class Text:
    title: str
    said_at: datetime
    sentences: tuple[str, ...]


class Author:
    """Always writes the same for the same seed."""

    def __init__(self, number: int) -> None:
        self._random = random.Random(number)
        known = seed()
        self._laws = sorted(known.laws, key=lambda each: (len(each), each))
        self._terms = [each for each in known.terms if each not in known.laws]
        self._random.shuffle(self._laws)
        self._random.shuffle(self._terms)

    def lectures(self, count: int) -> Iterator[Text]:
        for at in range(count):
            yield self._text(FIRST_DAY + timedelta(days=at * 15), SPEECH_SECONDS * CHARACTERS_A_SECOND)

    def articles(self, count: int) -> Iterator[Text]:
        for _ in range(count):
            length = min(6000.0, 120 + self._random.lognormvariate(6.2, 0.7))
            yield self._text(FIRST_DAY + timedelta(minutes=self._random.randrange(5_000_000)), length)

    def _text(self, said_at: datetime, characters: float) -> Text:
        """About a few subjects, drawn once for the text."""
        subject = {
            "law": [self._steep(self._laws) for _ in range(3)],
            "term": [self._steep(self._terms) for _ in range(6)],
            "matter": [self._steep(MATTERS) for _ in range(3)],
            "organ": [f"{self._random.choice(PLACES)}{ending}" for ending in self._random.sample(ORGANS, 3)],
            "place": self._random.sample(PLACES, 2),
        }
        sentences = [self._fill(each, subject) for each in OPENINGS]
        length = sum(map(len, sentences))
        while length < characters:
            sentences.append(self._fill(self._random.choice(CLAUSES), subject))
            length += len(sentences[-1])
        return Text(self._fill(self._random.choice(TITLES), subject), said_at, tuple(sentences))

    def _steep(self, words: Sequence[str]) -> str:
        """Zipf's way: the first words are drawn most."""
        return words[min(len(words) - 1, int(self._random.paretovariate(0.6)) - 1)]

    def _fill(self, clause: str, subject: dict[str, list[str]]) -> str:
        draw = self._random
        values = {key: draw.choice(words) for key, words in subject.items()}
        values["name"] = draw.choice(SURNAMES) + "".join(draw.sample(GIVEN, draw.choice((1, 2))))
        values |= {
            "number": str(draw.randrange(1, 120)),
            "small": str(draw.randrange(2, 9)),
            "days": str(draw.choice((3, 5, 7, 10, 15, 30, 60, 90))),
            "year": str(draw.randrange(2012, 2027)),
            "month": str(draw.randrange(1, 13)),
            "amount": str(draw.choice((200, 500, 1000, 3000, 5000, 10_000, 20_000))),
        }
        return clause.format(**values)


def spoken(text: Text) -> list[Cue]:
    """As cues of at most two lines, at a lecturer's pace, with a breath between sentences."""
    cues: list[Cue] = []
    at = 0.0
    for sentence in text.sentences:
        for start in range(0, len(sentence), 2 * LONGEST_LINE):
            piece = sentence[start : start + 2 * LONGEST_LINE]
            lines = tuple(piece[line : line + LONGEST_LINE] for line in range(0, len(piece), LONGEST_LINE))
            end = at + len(piece) / CHARACTERS_A_SECOND
            cues.append(Cue(int(at * 1000), int(end * 1000) - 80, lines))
            at = end
    return cues


def paragraphs(text: Text, sentences: int = 6) -> list[str]:
    """As an article is written."""
    groups = [text.sentences[at : at + sentences] for at in range(0, len(text.sentences), sentences)]
    return ["，".join(group) + "。" for group in groups]
