"""Every action that the house records has its words."""

import re
from pathlib import Path

import pytest
from portal.audit_words import ACTIONS, GROUPS, action_words, subject_words, value_words

ROOT = Path(__file__).parents[2]
RECORDED = re.compile(r"(?:\brecord\(\s*|\baudited=)\"([a-z_.]+)\"")
RECORDED_ACTIONS = sorted(
    {
        action
        for folder in ("core", "accounts", "schedules", "streaming", "vod", "site")
        for path in (ROOT / folder).rglob("*.py")
        if path != ROOT / "core" / "audit" / "__init__.py"
        for action in RECORDED.findall(path.read_text(encoding="utf-8"))
    }
)


@pytest.mark.parametrize("action", RECORDED_ACTIONS)
def test_every_recorded_action_has_words(action: str) -> None:
    assert action in ACTIONS
    assert action.partition(".")[0] in GROUPS


def test_actions_and_subjects_read_as_chinese() -> None:
    assert "token.issued" in RECORDED_ACTIONS or "user.created" in RECORDED_ACTIONS
    assert action_words("broadcast.moved") == "期次：改期"
    assert subject_words("broadcast:2026-11-2") == "期次 2026-11-2"
    assert subject_words("audit") == "操作日志"
    assert (action_words("other.thing"), subject_words("other:x")) == ("other：other.thing", "other x")


def test_values_read_as_a_person_writes_them() -> None:
    assert value_words("starts_at", "2026-11-26T07:00:00.000000+00:00") == "2026年11月26日 15:00"
    assert value_words("role", "liaison") == "联络员"
    assert value_words("title", "liaison") == "liaison"
    assert value_words("x", [True, None]) == "是、（空）"
    assert value_words("filters", {"who": "张三"}) == "操作人：张三"
    assert value_words("rows", 0) == "0"
