import re

from core.grants import LinkPurpose
from schedules.models import HandIn, Review
from schedules.states import PlanState
from tests.support.cast import UNIT_B
from tests.support.turn_pages import NUMBER, in_bureau_review, in_unit_review, lecture_now, opened_link, told
from tests.support.website import Website

APPROVE, LECTURER = f"/approve/{NUMBER}", f"/lecturer/{NUMBER}"


async def test_only_who_opened_the_link_comes_in_whoever_else_is_logged_in(website: Website) -> None:
    await in_unit_review(website)
    approver = await opened_link(website, LinkPurpose.APPROVER, "示例分管领导")
    lecturer = await opened_link(website, LinkPurpose.LECTURER, "示例讲师A")
    for path, who in ((APPROVE, approver), (LECTURER, lecturer)):
        for person in (*website.cast, approver, lecturer):
            response = await website.page(person, path)
            assert response.status_code == (200 if person is who else 403), (path, person.name)
            sent = await website.submit(person, path, {"version": "0", "decision": "x"})
            assert person is who or sent.status_code == 403, (path, person.name)


async def test_a_link_opens_its_own_lecture_and_no_other(website: Website) -> None:
    await in_unit_review(website)
    await told(website, "2026-12-1", UNIT_B)
    approver = await opened_link(website, LinkPurpose.APPROVER, "示例分管领导")
    assert (await website.page(approver, "/approve/2026-12-1")).status_code == 403
    assert (await website.page(approver, LECTURER)).status_code == 403


async def test_the_approver_sees_what_was_handed_in_and_passes_it_once(website: Website) -> None:
    lecture = await in_unit_review(website)
    approver = await opened_link(website, LinkPurpose.APPROVER, "示例分管领导")
    page = (await website.page(approver, APPROVE)).text
    for words in (
        "乡村振兴如何依法用地",
        "土地管理法",
        "材料.pdf",
        "同意录制",
        "审核人：<strong>示例分管领导",
    ):
        assert words in page, words
    sent = {"version": str(lecture.version), "decision": "pass", "opinion": "同意"}
    assert (await website.submit(approver, APPROVE, sent)).status_code == 303
    assert (await lecture_now()).plan_state is PlanState.BUREAU_REVIEW
    review = await Review.get()
    assert (review.person, review.opinion) == ("示例分管领导", "同意")
    assert (await website.submit(approver, APPROVE, sent)).status_code == 409
    assert await Review.all().count() == 1
    assert "没有别的事要办" in (await website.page(approver, APPROVE)).text


async def test_sending_back_needs_its_reason(website: Website) -> None:
    lecture = await in_unit_review(website)
    approver = await opened_link(website, LinkPurpose.APPROVER, "示例分管领导")
    sent = {"version": str(lecture.version), "decision": "return", "opinion": " "}
    bare = await website.submit(approver, APPROVE, sent)
    assert bare.status_code == 422
    assert re.findall(r'id="error-(\w+)"', bare.text) == ["opinion"]
    sent["opinion"] = "讲稿第三页的条款已经修订"
    assert (await website.submit(approver, APPROVE, sent)).status_code == 303
    assert (await lecture_now()).plan_state is PlanState.AWAITING


async def test_what_the_bureau_has_already_is_not_sent_back_by_the_approver(website: Website) -> None:
    lecture = await in_bureau_review(website)
    approver = await opened_link(website, LinkPurpose.APPROVER, "示例分管领导")
    sent = {"version": str(lecture.version), "decision": "return", "opinion": "再改改"}
    assert (await website.submit(approver, APPROVE, sent)).status_code == 409
    assert (await lecture_now()).plan_state is PlanState.BUREAU_REVIEW


async def test_nobody_passes_what_he_handed_in_himself(website: Website) -> None:
    lecture = await in_unit_review(website)
    same = await opened_link(website, LinkPurpose.APPROVER, "示例联络员甲")
    page = (await website.page(same, APPROVE)).text
    assert "您不能审核这一期" in page
    assert 'value="pass"' not in page
    sent = {"version": str(lecture.version), "decision": "pass", "opinion": ""}
    assert (await website.submit(same, APPROVE, sent)).status_code == 403
    assert (await lecture_now()).plan_state is PlanState.UNIT_REVIEW


async def test_the_lecturers_own_word_stands_in_the_hand_in(website: Website) -> None:
    await in_unit_review(website)
    lecturer = await opened_link(website, LinkPurpose.LECTURER, "示例讲师A")
    assert "请核对下面的信息" in (await website.page(lecturer, LECTURER)).text
    sent = {"consent_recording": "yes"}
    assert (await website.submit(lecturer, LECTURER, sent)).status_code == 303
    row = await HandIn.get()
    assert (row.consent_recording, row.consent_publication) == (True, False)
    assert (row.consent_by_lecturer, row.consent_by) == (True, "示例讲师A")
    page = (await website.page(lecturer, LECTURER)).text
    assert "本人确认" in page
    assert page.count(" checked") == 1


async def test_the_link_of_a_lecturer_who_was_replaced_is_void(website: Website) -> None:
    lecture = await in_unit_review(website)
    lecturer = await opened_link(website, LinkPurpose.LECTURER, "示例讲师A")
    lecture.lecturer_name = "示例讲师B"
    await lecture.save()
    assert (await website.page(lecturer, LECTURER)).status_code == 403
