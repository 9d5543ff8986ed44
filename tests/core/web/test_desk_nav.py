from datetime import UTC, datetime
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.web.desk_nav import DeskNav, DeskPlace, nearest_place
from core.web.identity import Visitor

NOW = datetime(2026, 11, 24, 7, tzinfo=UTC)


def visitor(role: str) -> Visitor:
    return Visitor(uuid4(), role, "示例", role)


async def three(_visitor: Visitor, _now: datetime) -> int:
    return 3


NAV = DeskNav(
    [
        DeskPlace("/account/sessions", "monitor-play", "登录情况", group="account"),
        DeskPlace("/desk/year", "calendar-days", "全年排期", ("official", "administrator"), "plan"),
        DeskPlace("/desk", "inbox", "待办", ("administrator",), "work", three, "项"),
        DeskPlace("/desk/unit", "house", "我的轮值", ("liaison",), "work"),
    ]
)


async def test_places_stand_in_the_order_of_their_groups() -> None:
    groups = await NAV.groups(visitor("administrator"), "/desk", NOW)
    assert [group.heading for group in groups] == ["待办", "计划", "我的账号"]
    assert [entry.count for group in groups for entry in group.entries] == [3, 0, 0]


async def test_nobody_sees_what_is_for_others() -> None:
    groups = await NAV.groups(visitor("liaison"), "/desk/unit", NOW)
    assert [entry.label for group in groups for entry in group.entries] == ["我的轮值", "登录情况"]


def test_everybody_has_a_page_to_begin_with() -> None:
    firsts = {role: NAV.first(visitor(role)) for role in ("administrator", "official", "liaison", "auditor")}
    assert firsts == {
        "administrator": "/desk",
        "official": "/desk/year",
        "liaison": "/desk/unit",
        "auditor": "/account/sessions",
    }


async def test_the_place_above_a_page_is_marked_when_the_page_itself_is_no_place() -> None:
    for here, expected in (("/desk/year", ("全年排期", "page")), ("/desk/year/2027", ("全年排期", "true"))):
        groups = await NAV.groups(visitor("official"), here, NOW)
        marked = [
            (entry.label, entry.current) for group in groups for entry in group.entries if entry.current
        ]
        assert marked == [expected]


def test_two_places_with_one_address_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="one address"):
        DeskNav([DeskPlace("/desk", "inbox", "甲"), DeskPlace("/desk", "inbox", "乙")])


@given(st.lists(st.sampled_from(["/desk", "/desk/unit", "/desk/units", "/desk/unit/hand-in", "/account"])))
def test_the_nearest_place_is_here_or_above_and_none_is_nearer(paths: list[str]) -> None:
    here = "/desk/unit/hand-in/2026-11-1"
    above = [path for path in paths if here.startswith(path + "/")]
    assert nearest_place(here, paths) == max(above, key=len, default=None)
