"""实时字幕 at the desk: who may switch them, what is asked, what is said of how they go."""

from typing import Any

import pytest

from core.audit.models import AuditEntry
from core.settings import Settings
from schedules.models import Broadcast
from schedules.states import AirState, Language, PlanState
from tests.support.cast import Person
from tests.support.website import Website
from transcripts.live.switch import live_captions_of, stop_by_house, tell
from transcripts.models import CaptionState, LiveCaptions

ON = {"version": "0", "decision": "on", "reason": "听障观众需要"}
OFF = {"version": "0", "decision": "off", "reason": "听错太多"}


@pytest.fixture
def engine() -> str:
    return "tests.support.slow_engine:open_engine"


@pytest.fixture
def sqlite_settings(sqlite_settings: Settings, engine: str) -> Settings:
    return sqlite_settings.model_copy(update={"speech_engine": engine})


async def lecture_of(website: Website, duty: Person | None = None, **values: Any) -> Broadcast:
    lecture = await website.lecture("有字幕的那一讲")
    if duty is not None and duty.user is not None:
        values["duty_officer_id"] = duty.user.id
    if values:
        await Broadcast.filter(id=lecture.id).update(**values)
    return lecture


def path_of(lecture: Broadcast) -> str:
    return f"/desk/broadcasts/{lecture.number}/captions"


async def row_of(lecture: Broadcast) -> LiveCaptions:
    row = await live_captions_of(lecture.id)
    assert row is not None
    return row


async def test_only_an_administrator_turns_them_on_and_they_are_off_until_then(website: Website) -> None:
    lecture = await lecture_of(website, website.cast.duty)
    for person in website.cast:
        expected = 303 if person.user is None else 200 if person.name == "administrator" else 403
        assert (await website.page(person, path_of(lecture))).status_code == expected, person.name
        if person.name != "administrator":
            refused = await website.submit(person, path_of(lecture), ON)
            assert refused.status_code == (303 if person.user is None else 403), person.name
        bureau = person.name in ("administrator", "duty")
        panel = await website.page(person, path_of(lecture) + "/panel")
        assert panel.status_code == (303 if person.user is None else 200 if bureau else 403), person.name
    assert await live_captions_of(lecture.id) is None


async def test_turning_on_asks_for_a_reason_which_is_in_the_audit_log(website: Website) -> None:
    lecture = await lecture_of(website)
    administrator = website.cast.administrator
    page = (await website.page(administrator, path_of(lecture))).text
    assert "实时字幕，可能有误" in page
    unsaid = await website.submit(administrator, path_of(lecture), ON | {"reason": " "})
    assert unsaid.status_code == 422
    assert "请写明原因" in unsaid.text
    done = await website.submit(administrator, path_of(lecture), ON)
    assert (done.status_code, done.headers["location"]) == (303, f"/desk/broadcasts/{lecture.number}")
    row = await row_of(lecture)
    assert (row.is_on, row.state, row.reason) == (True, CaptionState.WAITING, "听障观众需要")
    entry = await AuditEntry.get(action="captions.on")
    assert (entry.subject, "听障观众需要" in entry.after) == (f"broadcast:{lecture.number}", True)
    log = (await website.page(website.cast.auditor, "/desk/audit")).text
    assert "打开实时字幕" in log
    desk = (await website.page(administrator, f"/desk/broadcasts/{lecture.number}")).text
    assert f'data-refresh="{path_of(lecture)}/panel"' in desk
    assert "关闭实时字幕…" in desk


async def test_the_officer_on_duty_for_it_may_turn_them_off_and_who_is_late_does_not_turn_them_on_again(
    website: Website,
) -> None:
    lecture = await lecture_of(website, website.cast.duty)
    await website.submit(website.cast.administrator, path_of(lecture), ON)
    done = await website.submit(website.cast.duty, path_of(lecture), OFF)
    assert done.status_code == 303
    assert (await row_of(lecture)).is_on is False
    assert "示例值班员关闭，原因：听错太多" in (await panel(website, lecture))
    late = await website.submit(website.cast.administrator, path_of(lecture), OFF)
    assert late.status_code == 409
    assert (await row_of(lecture)).is_on is False

    other = await lecture_of(website)
    await website.submit(website.cast.administrator, path_of(other), ON)
    assert (await website.submit(website.cast.duty, path_of(other), OFF)).status_code == 403
    assert (await row_of(other)).is_on is True
    again = await website.submit(website.cast.administrator, path_of(other), ON)
    assert again.status_code == 409


async def panel(website: Website, lecture: Broadcast) -> str:
    return (await website.page(website.cast.administrator, path_of(lecture) + "/panel")).text


@pytest.mark.parametrize("engine", ["whisper"])
async def test_without_a_model_it_says_so_with_the_command_and_is_not_offered(website: Website) -> None:
    lecture = await lecture_of(website)
    shown = await panel(website, lecture)
    assert "weiketang models install" in shown
    assert "打开实时字幕…" not in shown
    assert (await website.submit(website.cast.administrator, path_of(lecture), ON)).status_code == 409
    assert await live_captions_of(lecture.id) is None


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"language": Language.MIAO}, "实时字幕只认普通话"),
        ({"plan_state": PlanState.CANCELLED}, "不能打开实时字幕"),
    ],
)
async def test_a_lecture_that_cannot_have_them_says_why(
    website: Website, values: dict[str, Any], words: str
) -> None:
    lecture = await lecture_of(website, **values)
    assert words in await panel(website, lecture)
    refused = await website.submit(website.cast.administrator, path_of(lecture), ON)
    assert refused.status_code == 409
    assert words in refused.text


async def test_an_ended_lecture_has_no_switch_any_more(website: Website) -> None:
    lecture = await lecture_of(website)
    await website.move(lecture, AirState.LIVE)
    await website.move(lecture, AirState.ENDED)
    assert (await website.page(website.cast.administrator, path_of(lecture))).status_code == 409
    assert "live-captions" not in await panel(website, lecture)


async def test_the_desk_says_how_they_go_and_why_the_house_has_turned_them_off(website: Website) -> None:
    lecture = await lecture_of(website)
    await website.submit(website.cast.administrator, path_of(lecture), ON)
    assert "等开播" in await panel(website, lecture)
    await website.move(lecture, AirState.LIVE)
    assert "还没有回音" in await panel(website, lecture)
    now = website.clock.now()
    await tell(lecture.id, CaptionState.STARTING, delay_ms=None, now=now)
    assert "正在装入语音模型" in await panel(website, lecture)
    await tell(lecture.id, CaptionState.ON, delay_ms=3120, now=now)
    shown = await panel(website, lecture)
    assert "正在显示" in shown
    assert "晚大约 3.1 秒" in shown
    status = await website.page(website.cast.anonymous, f"/api/v1/broadcasts/{lecture.number}/status")
    assert status.json()["captions"] is True
    website.clock.advance(11)
    assert "还没有回音" in await panel(website, lecture)
    await stop_by_house(lecture.id, "这台机器跟不上。", now=now)
    shown = await panel(website, lecture)
    assert "已自动关闭" in shown
    assert "这台机器跟不上" in shown
    assert "打开实时字幕…" in shown
    await tell(
        lecture.id, CaptionState.ON, delay_ms=1, now=now
    )  # late word of a process that is being stopped
    assert (await row_of(lecture)).state is CaptionState.STOPPED
    assert (await AuditEntry.get(action="captions.stopped")).actor_name == "系统"
