import pytest

from schedules.models import Broadcast
from schedules.states import ReplayState
from tests.support.published_subtitles import cues, drafted, given_lecture, published
from tests.support.website import Website
from transcripts.search.indexing import keep_up

FIELDS = ["kind", "number", "title", "seconds", "snippet"]


@pytest.fixture
async def lecture(website: Website) -> Broadcast:
    made = await given_lecture("新法<b>解读</b>", now=website.clock.now())
    await published(made, cues("今天讲复议", "复议<script>的期限", "谢谢大家"), now=website.clock.now())
    await keep_up()
    return made


async def test_everybody_may_search_without_a_login(website: Website, lecture: Broadcast) -> None:
    for person in website.cast:
        response = await website.page(person, "/search?q=复议")
        assert response.status_code == 200, person.name
        assert f'href="/l/{lecture.number}?t=0"' in response.text
        answer = await website.page(person, "/api/v1/search?q=复议")
        assert [each["number"] for each in answer.json()] == [lecture.number], person.name


async def test_what_is_found_is_marked_and_nothing_of_it_is_markup(
    website: Website, lecture: Broadcast
) -> None:
    page = (await website.page(website.cast.anonymous, "/search?q=复议")).text
    assert "<mark>复议</mark>" in page
    assert "<script>的" not in page
    assert "<b>解读" not in page
    assert "&lt;script&gt;的期限" in page
    page = (await website.page(website.cast.anonymous, '/search?q="><script>alert(1)</script>')).text
    assert "<script>alert" not in page


async def test_before_anything_is_asked_the_page_says_how(website: Website) -> None:
    page = (await website.page(website.cast.anonymous, "/search")).text
    assert "想找什么？" in page
    assert (await website.page(website.cast.anonymous, "/search?q=%20！？")).status_code == 200


async def test_nothing_found_names_near_words_and_a_person(website: Website, lecture: Broadcast) -> None:
    page = (await website.page(website.cast.anonymous, "/search?q=负议")).text
    assert "没有找到“负议”" in page
    assert "全部回看" in page


async def test_pages_behind_the_last_and_nonsense_are_not_found(website: Website, lecture: Broadcast) -> None:
    anonymous = website.cast.anonymous
    for query in ("q=复议&page=2", "q=复议&page=0", "q=复议&page=x", "page=99999", "q=复议&page=²"):
        assert (await website.page(anonymous, f"/search?{query}")).status_code == 404, query
    assert (await website.page(anonymous, "/search?q=复议&kind=nothing")).status_code == 200


async def test_the_box_in_the_header_leads_to_the_page(website: Website) -> None:
    page = (await website.page(website.cast.anonymous, "/")).text
    assert 'action="/search"' in page
    assert 'href="/search"' in page


async def test_the_interface_answers_exactly_what_it_says(website: Website, lecture: Broadcast) -> None:
    anonymous = website.cast.anonymous
    [found] = (await website.page(anonymous, "/api/v1/search?q=期限")).json()
    assert list(found) == FIELDS
    assert found == {
        "kind": "lecture",
        "number": lecture.number,
        "title": "新法<b>解读</b>",
        "seconds": 4,
        "snippet": "复议<script>的期限 谢谢大家",
    }
    [titled] = (await website.page(anonymous, "/api/v1/search?q=解读")).json()
    assert titled["seconds"] is None
    assert titled["snippet"].startswith("今天讲复议")
    assert (await website.page(anonymous, "/api/v1/search")).json() == []
    assert (await website.page(anonymous, "/api/v1/search?q=没有的词")).json() == []
    assert (await website.page(anonymous, "/api/v1/search?q=复议&kind=article")).json() == []
    assert (await website.page(anonymous, "/api/v1/search?q=复议&page=2")).json() == []
    assert (await website.page(anonymous, "/api/v1/search?q=复议&page=0")).status_code == 422
    assert (await website.page(anonymous, f"/api/v1/search?q={'复' * 3000}")).json() == []


async def test_no_door_shows_a_draft_or_a_withdrawn_replay(website: Website, lecture: Broadcast) -> None:
    anonymous = website.cast.anonymous
    other = await given_lecture("别的讲座", now=website.clock.now())
    await drafted(other, cues("草稿里的话"), now=website.clock.now())
    await Broadcast.filter(id=lecture.id).update(replay_state=ReplayState.WITHDRAWN)
    for _ in ("before the sweep", "after it"):
        assert (await website.page(anonymous, "/api/v1/search?q=草稿")).json() == []
        assert (await website.page(anonymous, "/api/v1/search?q=期限")).json() == []
        assert "的期限" not in (await website.page(anonymous, "/search?q=期限")).text
        [titled] = (await website.page(anonymous, "/api/v1/search?q=解读")).json()
        assert (titled["seconds"], titled["snippet"]) == (None, "")
        await keep_up()
