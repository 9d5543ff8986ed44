"""请主讲人核对用词: asked by who corrects, answered by the lecturer behind a one-time link, offered in the editor."""

import re

import httpx2
import pytest

from schedules.models import Broadcast
from schedules.replay_states import ReplayState
from tests.support.cast import Person
from tests.support.subtitle_pages import CORRECTORS, lecture, only_these_see, others_may_not_send
from tests.support.subtitles import SAID, heard
from tests.support.website import Website
from transcripts.models import TermAnswer, TermQuestion

LECTURER = Person("lecturer")
"""Somebody with nothing but the link."""


async def asked(website: Website, *cues: str) -> tuple[str, Broadcast, str]:
    """The editor's path, the lecture, the link's path."""
    base, row, _ = await lecture(website, cues=heard(*SAID, prob=0.3))
    browser = await website.browser(website.cast.liaison_a)
    answer = await browser.post(
        f"{base}/ask", data={"cue": list(cues)}, headers={"sec-fetch-site": "same-origin"}
    )
    assert answer.status_code == 200, answer.text
    link = re.search(r'value="[^"]*(/link/[^"]+)"', answer.text)
    assert link is not None
    return base, row, link[1]


async def enter(website: Website, link: str) -> httpx2.Response:
    """Open the link and press its button."""
    shown = await website.page(LECTURER, link)
    assert shown.status_code == 200
    return await website.submit(LECTURER, link)


async def test_only_who_corrects_asks(website: Website) -> None:
    base, _, _ = await lecture(website, cues=heard(*SAID, prob=0.3))
    await only_these_see(website, f"{base}/ask", CORRECTORS)
    await others_may_not_send(website, f"{base}/ask", {"cue": "cue1"}, CORRECTORS)
    assert await TermQuestion.all().count() == 0


async def test_the_lecturer_answers_by_the_link_and_the_editor_offers_it(website: Website) -> None:
    base, row, link = await asked(website, "cue0", "cue1")
    place = f"/lecturer/{row.number}/terms"
    assert (await enter(website, link)).headers["location"] == place
    page = (await website.page(LECTURER, place)).text
    assert "示例讲师A，您好。" in page
    assert "今天讲行政负义法" in page
    assert "向哪个机关申请" not in page  # it was not asked about
    questions = {each.cue: each for each in await TermQuestion.all()}
    fields = {
        f"said-{questions['cue0'].id}": "right",
        f"said-{questions['cue1'].id}": "corrected",
        f"text-{questions['cue1'].id}": " 今天讲  行政复议法 ",
    }
    done = await website.submit(LECTURER, place, fields)
    assert done.headers["location"] == place
    assert "记下了 2 处，谢谢。" in (await website.page(LECTURER, place)).text
    answers = (await website.page(website.cast.liaison_a, f"{base}/draft")).json()["answers"]
    assert [(each["cue"], each["right"], each["suggestion"]) for each in answers] == [
        ("cue0", True, ""),
        ("cue1", False, "今天讲 行政复议法"),
    ]
    assert (
        "示例讲师A：应为“今天讲 行政复议法”"
        in (await website.page(website.cast.liaison_a, f"{base}/ask")).text
    )


async def test_the_page_is_for_whoever_has_the_link_alone(website: Website) -> None:
    _, row, link = await asked(website, "cue1")
    place = f"/lecturer/{row.number}/terms"
    for person in website.cast:
        answer = await website.page(person, place)
        assert answer.status_code == 403, person.name
        assert "行政负义" not in answer.text
        assert (await website.submit(person, place, {})).status_code == 403
    await enter(website, link)
    assert (await website.page(LECTURER, place)).status_code == 200
    again = await website.page(Person("somebody-else"), link)  # the link holds once
    assert again.status_code == 410 or "已经" in again.text
    _, other, _ = await lecture(website, title="另一讲")
    assert (await website.page(LECTURER, f"/lecturer/{other.number}/terms")).status_code == 403
    assert (await website.page(LECTURER, f"/desk/subtitles/{row.number}")).status_code == 303


async def test_with_another_lecturer_the_link_is_void(website: Website) -> None:
    _, row, link = await asked(website, "cue1")
    await enter(website, link)
    await Broadcast.filter(id=row.id).update(lecturer_name="示例讲师B")
    answer = await website.page(LECTURER, f"/lecturer/{row.number}/terms")
    assert answer.status_code == 403
    assert "主讲人已经变了" in answer.text


async def test_what_is_missing_stands_at_its_field_and_nothing_typed_is_lost(website: Website) -> None:
    _, row, link = await asked(website, "cue0", "cue1")
    place = f"/lecturer/{row.number}/terms"
    await enter(website, link)
    first, second = [str(each.id) for each in await TermQuestion.all()]
    fields = {f"said-{first}": "corrected", f"text-{first}": " ", f"said-{second}": "corrected"}
    fields[f"text-{second}"] = "这是写好的一处"
    refused = await website.submit(LECTURER, place, fields)
    assert refused.status_code == 422
    assert f'id="error-{first}"' in refused.text
    assert "这是写好的一处" in refused.text
    assert await TermQuestion.filter(answer=TermAnswer.OPEN).count() == 2


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"said-nonsense": "right"},
        {"said-00000000-0000-0000-0000-000000000000": "open"},
        {"said-00000000-0000-0000-0000-000000000000": "whatever"},
    ],
)
async def test_nothing_said_changes_nothing(website: Website, fields: dict[str, str]) -> None:
    _, row, link = await asked(website, "cue1")
    await enter(website, link)
    answer = await website.submit(LECTURER, f"/lecturer/{row.number}/terms", fields)
    assert answer.status_code == 409
    assert "请先选“没错”或写明正确的说法" in answer.text


async def test_markup_of_the_lecturer_is_words(website: Website) -> None:
    base, row, link = await asked(website, "cue1")
    await enter(website, link)
    question = await TermQuestion.get()
    evil = '"><script>alert(1)</script>'
    fields = {f"said-{question.id}": "corrected", f"text-{question.id}": evil}
    await website.submit(LECTURER, f"/lecturer/{row.number}/terms", fields)
    for page in (
        await website.page(LECTURER, f"/lecturer/{row.number}/terms"),
        await website.page(website.cast.liaison_a, f"{base}/ask"),
    ):
        assert "<script>alert" not in page.text


async def test_without_a_tick_or_a_lecturer_it_is_said_what_to_do(website: Website) -> None:
    base, row, _ = await lecture(website, cues=heard(*SAID, prob=0.3))
    person = website.cast.liaison_a
    for fields, words in (({}, "请至少勾选一处"), ({"cue": "no-such"}, "请至少勾选一处")):
        answer = await website.submit(person, f"{base}/ask", fields)
        assert answer.status_code == 422
        assert words in answer.text
    await Broadcast.filter(id=row.id).update(lecturer_name="")
    assert "没有登记主讲人" in (await website.submit(person, f"{base}/ask", {"cue": "cue1"})).text


async def test_a_withheld_replay_is_said_not_to_play(website: Website) -> None:
    _, row, link = await asked(website, "cue1")
    await enter(website, link)
    await Broadcast.filter(id=row.id).update(replay_state=ReplayState.WITHHELD)
    page = (await website.page(LECTURER, f"/lecturer/{row.number}/terms")).text
    assert "这里放不出录音" in page
    assert "<lecture-player>" not in page
