"""紧急切断 at the desk: who may, what is asked, and what everybody else then sees."""

from schedules.models import Broadcast, CutOff
from schedules.queries import by_number
from schedules.states import AirState
from tests.support.cast import Person
from tests.support.website import Website

FORM = {"version": "0", "choice": "content", "reason": "画面里有涉密文件"}


async def live(website: Website, duty: Person | None = None) -> Broadcast:
    lecture = await website.lecture("切断的那一讲")
    await website.move(lecture, AirState.LIVE)
    if duty is not None and duty.user is not None:
        await Broadcast.filter(id=lecture.id).update(duty_officer_id=duty.user.id)
    return lecture


async def test_only_administrators_and_the_officer_on_duty_for_it_may_cut_a_lecture_off(
    website: Website,
) -> None:
    for on_duty in (None, website.cast.duty):
        lecture = await live(website, on_duty)
        path = f"/desk/broadcasts/{lecture.number}/cut"
        allowed = {"administrator", "duty"} if on_duty else {"administrator"}
        for person in website.cast:
            expected = 303 if person.user is None else 200 if person.name in allowed else 403
            assert (await website.page(person, path)).status_code == expected, person.name
            if person.name not in allowed:
                refused = await website.submit(person, path, FORM)
                assert refused.status_code == (303 if person.user is None else 403), person.name
        assert (await by_number(lecture.number)).cut_off_at is None
    page = (await website.page(website.cast.duty, f"/desk/broadcasts/{lecture.number}")).text
    assert "紧急切断…" in page


async def test_a_cut_is_asked_for_its_cause_and_everybody_sees_that_it_was_stopped(website: Website) -> None:
    lecture = await live(website, website.cast.duty)
    path = f"/desk/broadcasts/{lecture.number}/cut"
    unsaid = await website.submit(website.cast.duty, path, FORM | {"choice": ""})
    assert unsaid.status_code == 422
    assert "请选择切断的原因" in unsaid.text
    assert FORM["reason"] in unsaid.text
    done = await website.submit(website.cast.duty, path, FORM)
    assert (done.status_code, done.headers["location"]) == (303, f"/desk/broadcasts/{lecture.number}")
    made = await CutOff.get(broadcast_id=lecture.id)
    assert (made.person, made.reason) == ("示例值班员", "内容安全：画面里有涉密文件")

    page = (await website.page(website.cast.anonymous, f"/l/{lecture.number}")).text
    assert "直播已中止" in page
    assert "涉密" not in page
    assert "lecture-player" not in page
    address = f"/api/v1/broadcasts/{lecture.number}/status"
    status = (await website.page(website.cast.anonymous, address)).json()
    assert (status["cut_off"], status["has_media"], status["playlist_url"]) == (True, False, None)
    home = (await website.page(website.cast.anonymous, "/")).text
    assert "直播已中止" in home
    assert f'data-number="{lecture.number}"' not in home
    desk = (await website.page(website.cast.administrator, f"/desk/broadcasts/{lecture.number}")).text
    assert "已紧急切断" in desk
    log = (await website.page(website.cast.auditor, "/desk/audit")).text
    assert "紧急切断" in log


async def test_only_an_administrator_undoes_a_cut_and_says_why(website: Website) -> None:
    lecture = await live(website, website.cast.duty)
    await website.submit(website.cast.administrator, f"/desk/broadcasts/{lecture.number}/cut", FORM)
    path = f"/desk/broadcasts/{lecture.number}/cut/undo"
    for person in website.cast:
        expected = 303 if person.user is None else 200 if person.name == "administrator" else 403
        assert (await website.page(person, path)).status_code == expected, person.name
    assert (await website.submit(website.cast.duty, path, FORM)).status_code == 403
    nothing_said = await website.submit(website.cast.administrator, path, FORM | {"reason": ""})
    assert nothing_said.status_code == 422
    done = await website.submit(website.cast.administrator, path, FORM | {"reason": "点错了"})
    assert done.status_code == 303
    assert (await by_number(lecture.number)).cut_off_at is None
    page = (await website.page(website.cast.anonymous, f"/l/{lecture.number}")).text
    assert "lecture-player" in page


async def test_what_is_not_on_the_air_is_not_offered_to_be_cut_off(website: Website) -> None:
    lecture = await website.lecture()
    desk = await website.page(website.cast.administrator, f"/desk/broadcasts/{lecture.number}")
    assert "紧急切断" not in desk.text
    path = f"/desk/broadcasts/{lecture.number}/cut"
    assert (await website.page(website.cast.administrator, path)).status_code == 409
