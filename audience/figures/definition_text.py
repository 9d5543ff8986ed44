"""The definition in the words that stand under every figure, in exports and in the guide: their one source. Pure."""

from dataclasses import dataclass

from audience.counting.definition import Definition

NOTE = "人次按播放内容的时间计算，不代表身份；集中收看由单位填报，与线上人次分列，不相加。"
"""The one line that stands under a figure where there is no room for more."""


@dataclass(frozen=True, slots=True)
class Term:
    name: str
    text: str


def terms(definition: Definition) -> list[Term]:
    """Each figure with what it counts, in the order in which they stand in reports."""
    return [
        Term(
            "直播普法次数",
            f"在本平台直播、播出满 {definition.live_minutes} 分钟的期次。录好再播的、试推流的和示例不算。",
        ),
        Term(
            "收看人次",
            f"同一浏览器看同一期，实际播放的不同内容满 {definition.visit_seconds} 秒，计 1 人次；"
            "反复看同一段只算一遍，切到后台仍在播放的也算。"
            f"连续 {definition.pause_minutes} 分钟没有播放，之后再看另计一次。刷新页面、重新打开不另计。",
        ),
        Term(
            "直播收看",
            "“已结束”以前看的都算直播，往回拖动也算。断网时看的，重新连上后补报；直播结束后才补到的算回看。",
        ),
        Term("回看", f"“已结束”以后看的，另满 {definition.visit_seconds} 秒才计。"),
        Term("线上收看合计", "直播收看加回看。"),
        Term("属于哪一段时间", "按开始收看的时间（北京时间）归入当天、当月、当年，不论看的是哪一年的讲座。"),
        Term("主讲单位", "主讲这一期的单位，用当时的名称。"),
        Term(
            "收看单位",
            "先看登录账号的单位，其次看本人在页面上的选择，再看打开的链接；"
            "没有的、代码停用或认不出的，计入社会公众。只说明从哪里来看，不代表身份。",
        ),
        Term(
            "集中收看",
            "单位在会议室等场所组织大家一起看的场次和人数，由单位联络员填报。单独列出，不与线上人次相加。",
        ),
        Term("最高同时收看", "直播中，一分钟内有播放的浏览器最多时有多少。"),
        Term(
            "收看人数（估算）",
            "按当天随机标识去重的浏览器数，标识每天更换，所以只有每天、每期的数，没有全年的数。一人用两台设备算两个。",
        ),
        Term(
            "卡顿、延迟和字幕",
            "播放器随收看一起报告：画面停下来等数据的次数、比最新画面晚多少秒、有没有开字幕。只作技术指标。",
        ),
        Term("不计入的", "平台工作人员、排练和试推流、自报身份的机器人；播放时长超过实际经过时间的上报。"),
        Term(
            "月度定版和补计",
            "每月数字在次月第 5 个工作日定版，以后不再改动；定版以后才到的记在“补计”里，另外列出。",
        ),
        Term("旧口径", "本平台开始计数以前的年份，用当年公布的数字并注明来源，不与现在的数字算增减百分比。"),
        Term(
            "对公众隐藏的小数字",
            "公开页面上不满 5 的数字显示为“<5”；能由合计推算出来时，再隐去一个较大的数字。",
        ),
    ]
