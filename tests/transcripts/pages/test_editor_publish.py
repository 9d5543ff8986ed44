"""校对完成, 发布, 撤下 with the whole cast: the unit corrects, the bureau publishes, then the public reads it."""

import pytest

from tests.support.subtitle_pages import CORRECTORS, lecture, only_these_see, others_may_not_send, send
from tests.support.subtitles import SAID, heard, now_of
from tests.support.website import Website
from transcripts.models import Transcript

ADMINISTRATOR = ("administrator",)


async def handed_over(website: Website, **values: object) -> tuple[str, str, Transcript]:
    base, row, transcript = await lecture(website, **values)
    answer = await website.submit(website.cast.liaison_a, f"{base}/hand-over", {"revision": "1"})
    assert answer.status_code == 303
    assert (await now_of(transcript)).handed_over_by == "示例联络员甲"
    return base, row.number, transcript


async def test_the_unit_and_the_bureau_hand_over_and_nobody_else(website: Website) -> None:
    base, _, transcript = await lecture(website)
    await others_may_not_send(website, f"{base}/hand-over", {"revision": "1"}, CORRECTORS)
    assert (await now_of(transcript)).handed_over_at is None
    await website.submit(website.cast.liaison_a, f"{base}/hand-over", {"revision": "1"})
    page = (await website.page(website.cast.liaison_a, base)).text
    assert "校对完成，已交给州局发布。" in page
    assert "示例联络员甲 已在" in page
    assert "校对完成</button>" not in page


async def test_only_an_administrator_publishes_and_takes_back(website: Website) -> None:
    base, _, transcript = await handed_over(website)
    for path, fields in (("publish", {"revision": "1"}), ("unpublish", {"version": "1", "reason": "写错了"})):
        await others_may_not_send(website, f"{base}/{path}", fields, ADMINISTRATOR)
    await only_these_see(website, f"{base}/publish", ADMINISTRATOR)
    await only_these_see(website, f"{base}/unpublish", ADMINISTRATOR, status=409)  # nothing published yet
    assert (await now_of(transcript)).published_version == 0
    for person in (website.cast.liaison_a, website.cast.duty):
        assert "发布…" not in (await website.page(person, base)).text


async def test_what_was_published_is_read_and_found_by_everybody_until_it_is_taken_back(
    website: Website,
) -> None:
    base, number, _ = await handed_over(website)
    for person in website.cast:
        assert "什么情况可以申请" not in (await website.page(person, f"/l/{number}")).text
    page = await website.page(website.cast.administrator, f"{base}/publish")
    assert "示例联络员甲" in page.text
    done = await website.submit(website.cast.administrator, f"{base}/publish", {"revision": "1"})
    assert done.headers["location"] == base
    for person in website.cast:
        assert "什么情况可以申请" in (await website.page(person, f"/l/{number}")).text
        assert f"/l/{number}" in (await website.page(person, "/search?q=什么情况")).text
    assert "现在公开的是版本 1" in (await website.page(website.cast.liaison_a, base)).text

    empty = await website.submit(
        website.cast.administrator, f"{base}/unpublish", {"version": "1", "reason": ""}
    )
    assert empty.status_code == 422
    await website.submit(
        website.cast.administrator, f"{base}/unpublish", {"version": "1", "reason": "人名写错"}
    )
    for person in website.cast:
        assert "什么情况可以申请" not in (await website.page(person, f"/l/{number}")).text
        assert f'href="/l/{number}' not in (await website.page(person, "/search?q=什么情况")).text


async def test_doubtful_cues_are_listed_and_ticked(website: Website) -> None:
    base, _, transcript = await handed_over(website, cues=heard(*SAID, prob=0.2))
    page = (await website.page(website.cast.administrator, f"{base}/publish")).text
    assert "上面 4 条我都看过，可以公开" in page
    refused = await website.submit(website.cast.administrator, f"{base}/publish", {"revision": "1"})
    assert refused.status_code == 422
    assert "4 条识别没把握" in refused.text
    assert (await now_of(transcript)).published_version == 0
    fields = {"revision": "1", "looked": "yes"}
    assert (await website.submit(website.cast.administrator, f"{base}/publish", fields)).status_code == 303


async def test_what_is_held_is_shown_with_its_reason_and_no_way_to_publish(website: Website) -> None:
    base, _, transcript = await lecture(website, cues=heard("字幕由志愿者提供", held="静音处的文字"))
    answer = await website.submit(website.cast.liaison_a, f"{base}/hand-over", {"revision": "1"})
    page = (await website.page(website.cast.liaison_a, answer.headers["location"])).text
    assert "还有 1 条待核对的没有人看过" in page
    publish = (await website.page(website.cast.administrator, f"{base}/publish")).text
    assert "静音处的文字" in publish
    assert "发布字幕</button>" not in publish
    forced = await website.submit(
        website.cast.administrator, f"{base}/publish", {"revision": "1", "looked": "yes"}
    )
    assert forced.status_code == 409
    assert (await now_of(transcript)).published_version == 0


async def test_a_double_click_and_a_stale_page_publish_once(website: Website) -> None:
    base, _, transcript = await handed_over(website)
    fields = {"revision": "1"}
    statuses = [
        (await website.submit(website.cast.administrator, f"{base}/publish", fields)).status_code
        for _ in range(2)
    ]
    assert statuses == [303, 409]
    changed = {"revision": 1, "cues": [{"id": "cue1", "start_ms": 2000, "end_ms": 4000, "lines": ["改过"]}]}
    assert (await send(website, website.cast.liaison_a, f"{base}/save", changed)).status_code == 200
    stale = await website.submit(website.cast.liaison_a, f"{base}/hand-over", {"revision": "1"})
    page = (await website.page(website.cast.liaison_a, stale.headers["location"])).text
    assert "刚刚被示例联络员甲改过" in page
    assert (await now_of(transcript)).published_version == 1


@pytest.mark.parametrize("path", ["hand-over", "publish"])
@pytest.mark.parametrize("fields", [{}, {"revision": "x"}, {"revision": "-1"}])
async def test_forms_of_ones_own_are_refused(website: Website, path: str, fields: dict[str, str]) -> None:
    base, _, transcript = await lecture(website)
    answer = await website.submit(website.cast.administrator, f"{base}/{path}", fields)
    assert answer.status_code == 422
    row = await now_of(transcript)
    assert (row.handed_over_at, row.published_version) == (None, 0)


async def test_another_sites_form_publishes_nothing(website: Website) -> None:
    base, _, transcript = await handed_over(website)
    answer = await website.submit(
        website.cast.administrator,
        f"{base}/publish",
        {"revision": "1"},
        headers={"sec-fetch-site": "cross-site"},
    )
    assert answer.status_code == 403
    assert (await now_of(transcript)).published_version == 0
