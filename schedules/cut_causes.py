"""Why a lecture is cut off: the short list that a person on duty chooses from. Pure."""

from collections.abc import Mapping
from enum import StrEnum


class CutCause(StrEnum):
    CONTENT = "content"
    LEAK = "leak"
    HIJACKED = "hijacked"
    DEFECT = "defect"
    ORDERED = "ordered"
    OTHER = "other"


CUT_CAUSE_LABELS: Mapping[CutCause, str] = {
    CutCause.CONTENT: "内容安全",
    CutCause.LEAK: "泄露秘密或个人信息",
    CutCause.HIJACKED: "推流被冒用",
    CutCause.DEFECT: "画面或声音异常",
    CutCause.ORDERED: "上级要求",
    CutCause.OTHER: "其他",
}
