"""Scenario 7: who is late may get a 普法提示, who is not may not, and its answer is on the record."""

import re
from datetime import timedelta
from io import BytesIO

import docx

from schedules.models import Prompt
from schedules.prompts.rules import PromptState
from tests.support.cast import UNIT_A
from tests.support.late import START, late_turn, reminder_of
from tests.support.website import Website

READERS = {"administrator", "duty", "official", "auditor"}
ISSUE = {
    "approver": "示例局长",
    "document_number": "黔南司普提〔2026〕1号",
    "issued_on": "2026-11-24",
    "feedback_until": "2026-12-08",
}


async def drafted(website: Website) -> Prompt:
    lecture = await late_turn()
    await reminder_of(lecture, website.clock)
    return await drafted_for(website, lecture.number)


async def drafted_for(website: Website, number: str) -> Prompt:
    path = f"/desk/prompts/new/{number}"
    response = await website.submit(website.cast.administrator, path, {"feedback_until": "2026-12-08"})
    assert response.status_code == 303
    return await Prompt.get()


async def issued(website: Website, prompt: Prompt) -> Prompt:
    fields = ISSUE | {"version": str(prompt.version)}
    await website.submit(website.cast.administrator, f"/desk/prompts/{prompt.id}/issue", fields)
    return await Prompt.get()


async def test_a_late_unit_gets_a_letter_answers_it_and_the_bureau_has_it_on_record(website: Website) -> None:
    administrator, liaison = website.cast.administrator, website.cast.liaison_b
    lecture = await late_turn()
    await reminder_of(lecture, website.clock)
    listed = (await website.page(administrator, "/desk/prompts")).text
    assert f'href="/desk/prompts/new/{lecture.number}"' in listed
    question = (await website.page(administrator, f"/desk/prompts/new/{lecture.number}")).text
    assert "向都匀市起草普法提示？" in question
    assert 'value="2026-12-08"' in question  # ten working days from today
    prompt = await issued(website, await drafted_for(website, lecture.number))
    bar = (await website.page(liaison, "/desk/unit")).text
    assert 'class="prompt-bar"' in bar
    assert "收到普法提示：2026-12-1 没有按期报送" in bar
    assert "黔南司普提〔2026〕1号" in (await website.page(liaison, "/desk/prompts")).text
    other = (await website.page(website.cast.liaison_a, "/desk/unit")).text
    assert 'class="prompt-bar"' not in other
    base = f"/desk/prompts/{prompt.id}"
    letter = await website.page(liaison, f"{base}/letter.docx")
    assert "第五十七条" in "".join(
        paragraph.text for paragraph in docx.Document(BytesIO(letter.content)).paragraphs
    )
    fields = {"version": str(prompt.version), "on": "2026-11-24", "how": "专人送达", "received_by": "示例"}
    await website.submit(administrator, f"{base}/delivery", fields)
    page = (await website.page(liaison, f"{base}/feedback")).text
    assert "请在 2026年12月8日前写明改进措施" in page
    response = await website.submit(liaison, f"{base}/feedback", {"feedback": "已确定主讲人，周五前报送。"})
    assert response.headers["location"] == f"{base}/feedback"
    assert "反馈已提交" in (await website.page(liaison, f"{base}/feedback")).text
    assert 'class="prompt-bar"' not in (await website.page(liaison, "/desk/unit")).text
    record = (await website.page(administrator, base)).text
    for words in ("已反馈", "已确定主讲人，周五前报送。", "示例局长", "专人送达，示例签收"):
        assert words in record
    assert "2026 年已印发 1 份" in (await website.page(website.cast.official, "/desk/prompts")).text


async def test_the_server_refuses_a_letter_to_a_unit_that_is_not_late_enough(website: Website) -> None:
    early = await late_turn(starts_at=START + timedelta(days=1))
    await reminder_of(early, website.clock)
    path = f"/desk/prompts/new/{early.number}"
    page = await website.page(website.cast.administrator, path)
    assert "现在还不能向都匀市发普法提示" in page.text
    assert "报送才逾期 4 个工作日，满 5 个工作日才能起草。" in page.text
    assert 'name="feedback_until"' not in page.text
    response = await website.submit(website.cast.administrator, path, {"feedback_until": "2026-12-08"})
    assert response.status_code == 409
    assert "报送才逾期 4 个工作日" in response.text
    assert await Prompt.all().count() == 0


async def test_each_page_is_for_those_it_concerns_and_nobody_else(website: Website) -> None:
    prompt = await issued(website, await drafted(website))
    base = f"/desk/prompts/{prompt.id}"
    allowed = {
        "/desk/prompts": READERS | {"liaison-a", "liaison-b"},
        "/desk/prompts/new/2026-12-1": {"administrator"},
        base: READERS,
        f"{base}/letter.docx": READERS | {"liaison-b"},
        f"{base}/feedback": {"liaison-b"},
    }
    for path, names in allowed.items():
        for person in website.cast:
            response = await website.page(person, path)
            expected = 303 if person.user is None else 200 if person.name in names else 403
            assert response.status_code == expected, (path, person.name)
    other = (await website.page(website.cast.liaison_a, "/desk/prompts")).text
    assert "都匀市" not in other
    assert "没有普法提示" in other


async def test_nobody_but_those_who_may_changes_anything(website: Website) -> None:
    prompt = await drafted(website)
    base = f"/desk/prompts/{prompt.id}"
    acts = {
        "/desk/prompts/new/2026-12-1": {"administrator"},
        f"{base}/issue": {"administrator"},
        f"{base}/delivery": {"administrator"},
        f"{base}/withdraw": {"administrator"},
        f"{base}/feedback": set[str](),  # not issued: not even its own unit sees it
    }
    for path, names in acts.items():
        for person in website.cast:
            if person.name in names:
                continue
            response = await website.submit(person, path, ISSUE | {"reason": "x", "feedback": "x"})
            assert response.status_code == (303 if person.user is None else 403), (path, person.name)
            assert response.headers.get("location", "/login").startswith("/login")
    assert (await Prompt.get()).state is PromptState.DRAFT


async def test_faults_are_said_at_their_fields_and_what_was_typed_stays(website: Website) -> None:
    prompt = await drafted(website)
    base = f"/desk/prompts/{prompt.id}"
    cases = {
        "issue": (ISSUE | {"document_number": "", "approver": "示例局长"}, "document_number"),
        "withdraw": ({"reason": ""}, "reason"),
    }
    for act, (fields, field) in cases.items():
        sent = fields | {"version": str(prompt.version)}
        response = await website.submit(website.cast.administrator, f"{base}/{act}", sent)
        assert response.status_code == 422
        assert re.findall(r'id="error-(\w+)"', response.text) == [field]
    assert "示例局长" not in response.text
    letter = await issued(website, prompt)
    response = await website.submit(
        website.cast.liaison_b, f"/desk/prompts/{letter.id}/feedback", {"feedback": " "}
    )
    assert response.status_code == 422
    assert "请填写改进措施和落实情况。" in response.text


async def test_sent_twice_it_is_issued_once(website: Website) -> None:
    prompt = await drafted(website)
    fields = ISSUE | {"version": str(prompt.version)}
    path = f"/desk/prompts/{prompt.id}/issue"
    assert (await website.submit(website.cast.administrator, path, fields)).status_code == 303
    again = await website.submit(website.cast.administrator, path, fields)
    assert again.status_code == 409
    assert "已印发" in again.text


async def test_a_withdrawn_letter_says_so_to_both_sides_and_is_not_counted(website: Website) -> None:
    prompt = await issued(website, await drafted(website))
    fields = {"version": str(prompt.version), "reason": "单位已经当面说明"}
    base = f"/desk/prompts/{prompt.id}"
    await website.submit(website.cast.administrator, f"{base}/withdraw", fields)
    assert "单位已经当面说明" in (await website.page(website.cast.administrator, base)).text
    unit = await website.page(website.cast.liaison_b, f"{base}/feedback")
    assert "已经撤回" in unit.text
    assert "单位已经当面说明" in unit.text
    assert "已印发 0 份" in (await website.page(website.cast.auditor, "/desk/prompts")).text
    assert UNIT_A not in unit.text


async def test_a_letter_nobody_knows_is_not_found(website: Website) -> None:
    path = "/desk/prompts/00000000-0000-4000-8000-000000000000"
    for tail in ("", "/letter.docx"):
        assert (await website.page(website.cast.administrator, path + tail)).status_code == 404
