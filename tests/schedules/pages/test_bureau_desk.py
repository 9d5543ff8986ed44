import re
from datetime import UTC, datetime

from accounts.models import Unit
from schedules.models import Material, Postponement, PostponementState, Review
from schedules.states import PlanState, ReplayState
from schedules.turns.postponements import ask_postponement
from tests.support.cast import UNIT_A, UNIT_B, second_administrator
from tests.support.plan import issued
from tests.support.turn_pages import (
    CHECKS,
    NUMBER,
    in_bureau_review,
    in_unit_review,
    lecture_now,
    liaison_actor,
    told,
)
from tests.support.website import Website

BASE = f"/desk/review/{NUMBER}"
ACTS = ("return", "postpone", "cancel", "replay", "issue", "resume", "running-number")
REASON = {"reason": "引用条款已修订"}


async def version() -> dict[str, str]:
    return {"version": str((await lecture_now()).version)}


async def test_the_desk_is_the_bureaus_and_the_review_is_read_by_the_auditor_too(website: Website) -> None:
    await in_bureau_review(website)
    bureau = ("administrator", "duty")
    for person in website.cast:
        desk = await website.page(person, "/desk")
        assert desk.status_code == (200 if person.name in bureau else 303), person.name
        for path, readers in ((BASE, (*bureau, "auditor")), ("/desk/duty", bureau)):
            expected = 303 if person.user is None else 200 if person.name in readers else 403
            assert (await website.page(person, path)).status_code == expected, (path, person.name)


async def test_only_an_administrator_decides_anything(website: Website) -> None:
    before = await in_bureau_review(website)
    paths = [f"{BASE}/{act}" for act in (*ACTS, "pass", "liaison-link")] + [f"/desk/duty/{NUMBER}"]
    for path in paths:
        for person in website.cast:
            if person.name != "administrator":
                sent = CHECKS | REASON | await version()
                response = await website.submit(person, path, sent)
                assert response.status_code == (303 if person.user is None else 403), (path, person.name)
    assert (await lecture_now()).version == before.version
    assert 'name="content_name"' not in (await website.page(website.cast.duty, BASE)).text


async def test_what_waits_is_large_and_first_then_what_is_late_then_the_month(website: Website) -> None:
    await in_bureau_review(website)
    soon = datetime(2026, 11, 30, 7, tzinfo=UTC)  # so its hand-in was due before today
    await issued("2026-11-2", UNIT_B, website.clock, website.settings, starts_at=soon)
    text = (await website.page(website.cast.administrator, "/desk")).text
    first, is_late, month = text.index("去审核"), text.index("已经晚了"), text.index("本月安排")
    assert first < is_late < month
    assert "乡村振兴如何依法用地" in text[:is_late]
    assert "报送逾期" in text[is_late:month]
    assert "没有值班员" in text[month:]
    nav = text[text.index('aria-label="工作台"') : text.index('class="desk-main"')]
    assert '<span class="count">1<span class="visually-hidden"> 件等着办' in nav


async def test_an_empty_desk_says_that_nothing_waits(website: Website) -> None:
    text = (await website.page(website.cast.administrator, "/desk")).text
    assert "没有等您办的事" in text
    assert "本月没有讲座" in text


async def test_three_checks_each_with_name_and_opinion_pass_it_once(website: Website) -> None:
    await in_bureau_review(website)
    half = CHECKS | await version() | {"rights_name": "", "secrecy_opinion": " "}
    response = await website.submit(website.cast.administrator, f"{BASE}/pass", half)
    assert response.status_code == 422
    assert set(re.findall(r'id="error-(\w+)"', response.text)) == {"rights_name", "secrecy_opinion"}
    assert response.text.count('value="示例审核员"') == 2
    sent = CHECKS | await version()
    first = await website.submit(website.cast.administrator, f"{BASE}/pass", sent)
    assert first.status_code == 303, first.text
    assert (await lecture_now()).plan_state is PlanState.SCHEDULED
    assert await Material.filter(frozen_at=None).count() == 0
    twice = await website.submit(website.cast.administrator, f"{BASE}/pass", sent)
    assert twice.status_code == 409
    assert await Review.filter(stage="bureau").count() == 1
    assert "SHA-256" in (await website.page(website.cast.administrator, BASE)).text


async def test_two_administrators_the_second_sees_what_the_first_did(website: Website) -> None:
    await in_bureau_review(website)
    second = await second_administrator(website.settings, website.clock)
    seen = await version()
    await website.submit(website.cast.administrator, f"{BASE}/postpone", seen | REASON)
    later = CHECKS | seen
    response = await website.submit(second, f"{BASE}/pass", later)
    assert response.status_code == 409
    assert "刚刚被示例管理员改过" in response.text
    sent = seen | {"reason": "我也要退回"}
    again = await website.submit(second, f"{BASE}/cancel", sent)
    assert again.status_code == 409
    assert "我也要退回" in again.text
    assert (await lecture_now()).plan_state is PlanState.POSTPONED


async def test_a_return_needs_its_reason_and_names_the_lecture(website: Website) -> None:
    await in_bureau_review(website)
    page = (await website.page(website.cast.administrator, f"{BASE}/return")).text
    assert "把《乡村振兴如何依法用地》退回" in page
    bare = await website.submit(website.cast.administrator, f"{BASE}/return", await version())
    assert re.findall(r'id="error-(\w+)"', bare.text) == ["reason"]
    sent = await version() | REASON
    assert (await website.submit(website.cast.administrator, f"{BASE}/return", sent)).status_code == 303
    assert (await lecture_now()).plan_state is PlanState.AWAITING
    assert "引用条款已修订" in (await website.page(website.cast.administrator, BASE)).text


async def test_a_postponed_lecture_says_both_times_and_can_be_given_a_day_again(website: Website) -> None:
    await in_bureau_review(website)
    sent = await version() | REASON | {"date": "2026-12-31", "time": "15:00"}
    assert (await website.submit(website.cast.administrator, f"{BASE}/postpone", sent)).status_code == 303
    page = (await website.page(website.cast.administrator, BASE)).text
    assert "原定" in page
    assert "现定" in page
    opened = await version() | REASON
    await website.submit(website.cast.administrator, f"{BASE}/postpone", opened)
    assert (await lecture_now()).plan_state is PlanState.POSTPONED
    without = await website.submit(website.cast.administrator, f"{BASE}/resume", await version())
    assert 'id="error-date"' in without.text
    day = await version() | {"date": "2027-01-14", "time": "15:00"}
    assert (await website.submit(website.cast.administrator, f"{BASE}/resume", day)).status_code == 303
    assert (await lecture_now()).plan_state is PlanState.BUREAU_REVIEW


async def test_calling_off_and_taking_down_ask_first_in_words_that_name_it(website: Website) -> None:
    await in_bureau_review(website)
    await website.submit(website.cast.administrator, f"{BASE}/pass", CHECKS | await version())
    page = (await website.page(website.cast.administrator, f"{BASE}/replay")).text
    assert "《乡村振兴如何依法用地》的回看" in page
    sent = await version() | {"choice": "withdrawn", "reason": ""}
    bare = await website.submit(website.cast.administrator, f"{BASE}/replay", sent)
    assert 'id="error-reason"' in bare.text
    sent["reason"] = "主讲人撤回同意"
    assert (await website.submit(website.cast.administrator, f"{BASE}/replay", sent)).status_code == 303
    assert (await lecture_now()).replay_state is ReplayState.WITHDRAWN
    question = (await website.page(website.cast.administrator, f"{BASE}/cancel")).text
    assert "取消《乡村振兴如何依法用地》？" in question
    sent = await version() | {"reason": "机构调整"}
    assert (await website.submit(website.cast.administrator, f"{BASE}/cancel", sent)).status_code == 303
    assert (await lecture_now()).plan_state is PlanState.CANCELLED


async def test_the_offices_own_count_is_written_in_and_shown_beside_the_number(website: Website) -> None:
    await in_bureau_review(website)
    await website.submit(website.cast.administrator, f"{BASE}/pass", CHECKS | await version())
    path = f"{BASE}/running-number"
    for wrong in ("0", "10000", "-1", "二十二", "1.5"):
        sent = await version() | {"running": wrong}
        refused = await website.submit(website.cast.administrator, path, sent)
        assert (refused.status_code, 'id="error-running"' in refused.text) == (422, True), wrong
    seen = await version()
    for given in ("22", "23"):  # the second was written on the page as it was before the first
        answer = await website.submit(website.cast.administrator, path, seen | {"running": given})
        assert answer.status_code == (303 if given == "22" else 409)
    assert (await lecture_now()).running_number == 22
    for page in (f"/l/{NUMBER}", "/schedule?year=2026"):
        text = re.sub(r"<[^>]+>", "", (await website.page(website.cast.anonymous, page)).text)
        assert f"第 22 期（编号 {NUMBER}）" in text, page
    assert f"{NUMBER}（第 22 期）" in (await website.page(website.cast.administrator, BASE)).text
    await website.submit(website.cast.administrator, path, await version() | {"running": ""})
    assert (await lecture_now()).running_number is None


async def test_a_wish_to_postpone_is_answered_and_a_refusal_needs_its_reason(website: Website) -> None:
    lecture = await told(website)
    by, now = liaison_actor(website), website.clock.now()
    await ask_postponement(NUMBER, reason="撞上换届", wanted=None, version=lecture.version, by=by, now=now)
    assert "延期申请" in (await website.page(website.cast.administrator, "/desk")).text
    path = f"{BASE}/postponement"
    assert "撞上换届" in (await website.page(website.cast.administrator, path)).text
    sent = await version() | {"decision": "refuse"}
    bare = await website.submit(website.cast.administrator, path, sent)
    assert 'id="error-reason"' in bare.text
    sent |= {"reason": "材料已经齐了"}
    assert (await website.submit(website.cast.administrator, path, sent)).status_code == 303
    assert (await Postponement.get()).state is PostponementState.REFUSED
    assert (await website.submit(website.cast.administrator, path, sent)).status_code == 409


async def test_a_new_link_for_the_liaison_is_one_press(website: Website) -> None:
    await in_unit_review(website)
    response = await website.submit(website.cast.administrator, f"{BASE}/liaison-link")
    assert response.status_code == 200
    assert re.search(r'value="[^"]*/link/[\w-]+"', response.text)


async def test_the_bureaus_own_lecture_is_reviewed_by_a_second_person(website: Website) -> None:
    lecture = await in_bureau_review(website)
    assert lecture.unit_id == website.settings.bureau_unit_code
    sent = CHECKS | await version() | {"content_name": "示例分管领导"}
    response = await website.submit(website.cast.administrator, f"{BASE}/pass", sent)
    assert response.status_code == 403
    assert "第二个人" in response.text
    assert (await lecture_now()).plan_state is PlanState.BUREAU_REVIEW


async def test_each_lecture_gets_its_duty_officer(website: Website) -> None:
    await told(website)
    duty, liaison = website.cast.duty.user, website.cast.liaison_a.user
    assert duty is not None
    assert liaison is not None
    path = f"/desk/duty/{NUMBER}"
    forged = await version() | {"officer": str(liaison.id)}
    assert (await website.submit(website.cast.administrator, path, forged)).status_code == 422
    sent = await version() | {"officer": str(duty.id)}
    assert (await website.submit(website.cast.administrator, path, sent)).status_code == 303
    assert (await lecture_now()).duty_officer_id == duty.id
    assert (await website.submit(website.cast.administrator, path, sent)).status_code == 409
    page = (await website.page(website.cast.duty, "/desk/duty")).text
    assert "示例值班员" in page
    assert "<select" not in page


async def test_the_duty_table_says_when_nothing_starts_without_an_officer(website: Website) -> None:
    words = "没有安排值班员的讲座不能开播"
    await told(website)
    assert words not in (await website.page(website.cast.duty, "/desk/duty")).text
    await Unit.filter(code=UNIT_A).update(is_sample=False)  # a real roster: `auto` asks for one
    assert words in (await website.page(website.cast.duty, "/desk/duty")).text


async def test_numbers_that_are_none_are_not_there(website: Website) -> None:
    for path in ("/desk/review/2099-1-1", "/desk/review/x", "/desk/review/2099-1-1/cancel"):
        assert (await website.page(website.cast.administrator, path)).status_code == 404
    assert (await website.submit(website.cast.administrator, "/desk/duty/2099-1-1")).status_code == 404
