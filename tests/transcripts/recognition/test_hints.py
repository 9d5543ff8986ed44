"""What a lecture probably speaks of: its own laws and people first, then what its script has, then the glossary."""

from schedules.models import Broadcast
from transcripts.recognition.hints import LONGEST_WORD, hotwords_of

GLOSSARY = ("行政复议", "具体行政行为", "善意取得", "复议机关")


def lecture() -> Broadcast:
    return Broadcast(
        title="行政复议怎么申请", lecturer_name="示例讲师A", laws=["《行政复议法》", "《立法法》"]
    )


def test_the_most_telling_come_first_and_each_once() -> None:
    script = "向复议机关申请，具体行政行为……"
    assert hotwords_of(lecture(), unit_name="示例局", script=script, glossary=GLOSSARY) == (
        "行政复议法",
        "立法法",
        "示例讲师A",
        "示例局",
        "行政复议怎么申请",
        "具体行政行为",
        "复议机关",
        "行政复议",
        "善意取得",
    )


def test_what_is_empty_or_a_whole_sentence_is_no_hint() -> None:
    told = Broadcast(title=" ", lecturer_name="", laws=["《》", "法" * (LONGEST_WORD + 1)])
    assert hotwords_of(told, unit_name="示例局", script="", glossary=()) == ("示例局",)
