"""On SQLite and on PostgreSQL alike."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from tortoise.context import TortoiseContext

from accounts.services import seed_sample_units
from core.clock import ManualClock
from core.database import database, transaction
from core.settings import Settings
from schedules.models import Broadcast
from schedules.states import AirState, PlanState, ReplayState
from tests.support.articles import Articles
from tests.support.published_subtitles import cues, drafted, given_lecture, published
from transcripts.models import GlossaryTerm, SearchDocument
from transcripts.models.glossary import TermKind
from transcripts.search.documents import forget, register
from transcripts.search.indexing import index_lecture, keep_up, rebuild
from transcripts.search.searching import search

HOSTILE = [
    '"',
    '"复议',
    "复议 OR 1=1",
    "NEAR(复议 税)",
    "title : 复议",
    "复议*",
    "^复议",
    "-复议",
    "'; DROP TABLE search_document; --",
    "复议' <-> '税' & !",
    "a:*",
    "\\",
    "复" * 10_000,
    "x" * 10_000,
    " ".join(["复议"] * 5000),
    "\0",
    "复\0议",
    "😀👍🏽",
    "\ud800".encode("utf-16", "surrogatepass").decode("utf-16", "replace"),
    "%",
    "_",
    "（（（",
    "\u202e复议",
    "​",
    "<script>alert(1)</script>",
]


@pytest.fixture
def articles() -> Iterator[Articles]:
    made = Articles()
    register(made)
    yield made
    forget("article")


@pytest.fixture(autouse=True)
async def units(db: TortoiseContext) -> None:
    await seed_sample_units()


async def numbers(typed: str, settings: Settings, *, kind: str | None = None) -> list[str]:
    return [each.number for each in (await search(typed, settings, kind=kind)).found]


async def speech(clock: ManualClock, title: str, *lines: str, **fields: Any) -> Broadcast:
    broadcast = await given_lecture(title, now=clock.now(), **fields)
    await published(broadcast, cues(*lines), now=clock.now())
    return broadcast


WORDS = {
    "复议": True,
    "普法": True,
    "复": True,
    "行政复议": True,
    "申请行政复议": True,
    "行政復議": True,
    "第十一条": True,
    "第11条": True,
    "第１１条": True,
    "十一条": True,
    "11条": True,
    "第十条": False,
    "第111条": False,
    "wto": True,
    "ＷＴＯ": True,
    "WT": False,
    "复议 普法": True,
    "复议 税务": False,
    "议普": False,
    "都匀": False,
    "州司法局": True,
    "消防": False,
}


async def test_words_are_found_by_their_characters(db_settings: Settings, clock: ManualClock) -> None:
    lecture = await speech(
        clock, "新法解读", "今天讲普法", "大家可以申请行政", "复议依据第十一条", "还有WTO规则"
    )
    await keep_up()
    found = {typed: await numbers(typed, db_settings) for typed in WORDS}
    assert found == {typed: [lecture.number] if is_found else [] for typed, is_found in WORDS.items()}


async def test_title_before_heading_before_speech_and_the_latest_first(
    db_settings: Settings, clock: ManualClock
) -> None:
    now = clock.now()
    in_speech = await speech(clock, "欠条怎么写", "也讲一点工伤", first_live_at=now - timedelta(days=1))
    in_laws = await given_lecture(
        "社会保险", now=now, laws=["工伤保险条例"], first_live_at=now - timedelta(days=9)
    )
    old = await given_lecture("工伤认定", now=now, first_live_at=now - timedelta(days=400))
    new = await given_lecture("工伤赔偿", now=now, first_live_at=now - timedelta(days=30))
    await keep_up()
    expected = [new.number, old.number, in_laws.number, in_speech.number]
    assert await numbers("工伤", db_settings) == expected


async def test_several_words_rank_by_where_all_of_them_stand(
    db_settings: Settings, articles: Articles
) -> None:
    """Against the order of time, which decides between equals only."""
    articles.add("both in the title", "荔波的婚姻登记", days=1)
    articles.add("one in the title", "荔波办事指南", "婚姻登记在哪里", days=2)
    articles.add("both in the text", "办事指南", "荔波县的", "婚姻登记", days=3)
    articles.add("later", "办事指南", "婚姻登记", "在荔波", days=4)
    articles.add("one only", "荔波", "不讲别的", days=5)
    articles.add("torn apart", "荔枝婚", "波姻", days=6)
    await keep_up()
    expected = ["both in the title", "one in the title", "later", "both in the text"]
    assert await numbers("荔波 婚姻", db_settings) == expected
    assert await numbers("婚姻登记 荔波", db_settings) == expected


async def test_more_than_can_be_leafed_through_is_told(db_settings: Settings, articles: Articles) -> None:
    for at in range(6):
        articles.add(str(at), "复议问答" if at % 2 else "问答", "复议", days=at)
    await keep_up()
    few = db_settings.model_copy(update={"search_page_rows": 2, "search_most_pages": 2})
    first, second = [await search("复议", few, page=page) for page in (1, 2)]
    assert [each.number for each in (*first.found, *second.found)] == ["5", "3", "1", "4"]
    assert (first.total, first.pages, first.is_more) == (4, 2, True)
    assert (await search("复议", few, page=3)).found == ()
    enough = db_settings.model_copy(update={"search_page_rows": 3, "search_most_pages": 2})
    whole = await search("复议", enough)
    assert (whole.total, whole.pages, whole.is_more) == (6, 2, False)


async def test_places_have_their_seconds_and_a_lecture_is_one_result(
    db_settings: Settings, clock: ManualClock
) -> None:
    await speech(
        clock,
        "新法解读",
        "先说复议",
        "别的话题" * 15,
        "再说复议",
    )
    await keep_up()
    found = (await search("复议", db_settings)).found
    assert [(each.title, [place.seconds for place in each.places]) for each in found] == [
        ("新法解读", [0, 8])
    ]
    assert found[0].seconds == 0
    assert "复议" in found[0].snippet


async def test_a_word_is_found_by_its_synonyms(db_settings: Settings, clock: ManualClock) -> None:
    lecture = await speech(clock, "农民工维权", "老板拖欠工资怎么办")
    await keep_up()
    result = (await search("欠薪", db_settings)).found[0]
    assert result.number == lecture.number
    assert [piece.text for piece in result.places[0].pieces if piece.is_hit] == ["拖欠工资"]


async def test_the_house_may_name_its_own_synonyms(
    db_settings: Settings, clock: ManualClock, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("words") / "synonyms.txt"
    path.write_text("# 本地说法\n晒坝=晒谷场\n", encoding="utf-8")
    lecture = await speech(clock, "邻里纠纷", "占用晒谷场怎么办")
    await keep_up()
    settings = db_settings.model_copy(update={"search_synonyms_path": path})
    assert await numbers("晒坝", db_settings) == []
    assert await numbers("晒坝", settings) == [lecture.number]


async def test_a_draft_is_never_found(db_settings: Settings, clock: ManualClock) -> None:
    lecture = await given_lecture("新法解读", now=clock.now())
    await drafted(lecture, cues("行政负义"), now=clock.now())
    await keep_up()
    assert await numbers("负义", db_settings) == []
    await published(lecture, cues("行政复议"), now=clock.now())
    await drafted_again(lecture, clock)
    await keep_up()
    assert await numbers("复议", db_settings) == [lecture.number]
    assert await numbers("草稿", db_settings) == []


async def drafted_again(lecture: Broadcast, clock: ManualClock) -> None:
    """Somebody goes on correcting after it was published."""
    from transcripts.editing.versions import add_version
    from transcripts.models import Transcript, VersionKind

    transcript = await Transcript.get(broadcast_id=lecture.id)
    await add_version(transcript, VersionKind.EDITED, cues("新的草稿"), by=None, now=clock.now())


@pytest.mark.parametrize(
    "fields",
    [
        {"replay_state": ReplayState.WITHHELD},
        {"replay_state": ReplayState.WITHDRAWN},
        {"air_state": AirState.LIVE},
    ],
)
async def test_of_a_replay_that_is_not_public_only_the_title_is_found(
    fields: dict[str, Any], db_settings: Settings, clock: ManualClock
) -> None:
    lecture = await speech(clock, "新法解读", "秘密的话", **fields)
    await keep_up()
    assert await numbers("秘密", db_settings) == []
    assert await numbers("解读", db_settings) == [lecture.number]


@pytest.mark.parametrize(
    "fields",
    [
        {"plan_state": PlanState.DRAFT},
        {"plan_state": PlanState.CANCELLED, "announced_at": None},
        {"first_live_at": None},
    ],
)
async def test_what_the_public_may_not_know_is_not_found(
    fields: dict[str, object], db_settings: Settings, clock: ManualClock
) -> None:
    lecture = await given_lecture("新法解读", now=clock.now())
    await published(lecture, cues("复议"), now=clock.now())
    await Broadcast.filter(id=lecture.id).update(**fields)
    await keep_up()
    assert await numbers("解读", db_settings) == await numbers("复议", db_settings) == []


async def test_what_is_withdrawn_is_hidden_at_once_and_leaves_the_index_with_the_next_sweep(
    db_settings: Settings, clock: ManualClock
) -> None:
    lecture = await speech(clock, "新法解读", "讲复议", "讲公开")
    await keep_up()
    await Broadcast.filter(id=lecture.id).update(replay_state=ReplayState.WITHDRAWN)
    assert await numbers("公开", db_settings) == []
    [titled] = (await search("解读", db_settings)).found
    assert titled.opening == ""
    assert titled.places == ()
    await keep_up()
    assert (await SearchDocument.get()).passages == []
    await Broadcast.filter(id=lecture.id).update(replay_state=ReplayState.PUBLIC)
    await keep_up()
    assert await numbers("公开", db_settings) == [lecture.number]
    await Broadcast.filter(id=lecture.id).update(plan_state=PlanState.DRAFT)
    assert await numbers("解读", db_settings) == []
    assert (await keep_up()).removed == 1
    assert await SearchDocument.all().count() == 0


async def test_titles_and_names_that_change_are_found_by_their_new_ones(
    db_settings: Settings, clock: ManualClock
) -> None:
    lecture = await given_lecture("旧题目", now=clock.now())
    await keep_up()
    assert (await keep_up()).indexed == 0
    await Broadcast.filter(id=lecture.id).update(title="新标题", unit_name="合并后的单位")
    assert (await keep_up()).indexed == 1
    assert await numbers("旧题目", db_settings) == []
    assert await numbers("新标题", db_settings) == await numbers("合并后", db_settings) == [lecture.number]


async def test_publishing_indexes_at_once_or_not_at_all(db_settings: Settings, clock: ManualClock) -> None:
    lecture = await given_lecture("新法解读", now=clock.now())
    with pytest.raises(RuntimeError, match="half way"):
        await publish_and_fail(lecture, clock)
    assert await numbers("复议", db_settings) == []
    async with transaction():
        await published(lecture, cues("行政复议"), now=clock.now())
        await index_lecture(lecture.id)
    assert await numbers("复议", db_settings) == [lecture.number]
    assert (await keep_up()).indexed == 0


async def publish_and_fail(lecture: Broadcast, clock: ManualClock) -> None:
    async with transaction():
        await published(lecture, cues("行政复议"), now=clock.now())
        await index_lecture(lecture.id)
        raise RuntimeError("half way")


async def test_rebuilding_finds_the_same_and_throws_away_what_is_left_over(
    db_settings: Settings, clock: ManualClock, articles: Articles
) -> None:
    for at in range(120):
        articles.add(str(at), f"文章{at}", "讲行政复议", days=at)
    lecture = await speech(clock, "新法解读", "讲行政复议")
    await keep_up()
    before = await numbers("复议", db_settings)
    steps = [step async for step in rebuild()]
    assert steps[-1] == (121, 121)
    assert await numbers("复议", db_settings) == before
    del articles.rows["119"]
    assert lecture.number in await numbers("复议", db_settings)
    assert "119" not in await numbers("复议", db_settings, kind="article")


async def test_an_area_adds_documents_of_its_own_kind(
    db_settings: Settings, clock: ManualClock, articles: Articles
) -> None:
    articles.add("a1", "复议指南", "怎样申请", "去哪里申请复议")
    lecture = await speech(clock, "新法解读", "讲复议")
    await keep_up()
    assert await numbers("复议", db_settings) == ["a1", lecture.number]
    assert await numbers("复议", db_settings, kind="lecture") == [lecture.number]
    assert await numbers("复议", db_settings, kind="other") == []
    article = (await search("去哪里", db_settings)).found[0]
    assert (article.kind, article.seconds, article.path) == ("article", None, "/a/a1")
    forget("article")
    assert await numbers("复议", db_settings) == [lecture.number]
    assert (await keep_up()).removed == 1


async def test_a_very_long_text_is_found_to_its_end(db_settings: Settings, articles: Articles) -> None:
    seam = "甲" * 3990 + "跨过接缝的一句话" + "乙" * 30_000
    articles.add("long", "长文", seam + "最末的词")
    articles.add("longest", "更长", "丙" * 1_200_000)
    await keep_up()
    assert await numbers("跨过接缝的一句话", db_settings) == ["long"]
    assert await numbers("最末的词", db_settings) == ["long"]
    assert await numbers("一句话 最末的词", db_settings) == ["long"]


async def test_results_are_leafed_through_without_losing_or_doubling_any(
    db_settings: Settings, articles: Articles
) -> None:
    for at in range(45):
        articles.add(str(at), f"复议问答{at}", days=at // 7)
    await keep_up()
    pages = [await search("复议", db_settings, page=page) for page in (1, 2, 3, 4)]
    assert [len(each.found) for each in pages] == [20, 20, 5, 0]
    assert {each.number for page in pages for each in page.found} == set(articles.rows)
    assert (pages[0].total, pages[0].pages) == (45, 3)


async def test_whatever_is_typed_is_a_question_and_never_an_error(
    db_settings: Settings, clock: ManualClock
) -> None:
    await speech(clock, "新法解读", "讲复议")
    await keep_up()
    for typed in HOSTILE:
        results = await search(typed, db_settings)
        assert len(results.question.words) <= db_settings.search_query_words, typed
    assert await SearchDocument.all().count() == 1


async def test_nothing_found_suggests_what_looks_or_sounds_alike(
    db_settings: Settings, clock: ManualClock
) -> None:
    for text in ("行政复议", "行政许可", "海商法"):
        await GlossaryTerm.create(text=text, kind=TermKind.TERM, added_at=clock.now())
    await speech(clock, "新法解读", "讲行政复议和行政许可")
    await keep_up()
    results = await search("行政负义", db_settings)
    assert results.found == ()
    assert results.suggestions[0] == "行政复议"
    assert "海商法" not in results.suggestions


async def test_the_tables_of_the_index_are_made_for_an_old_database_too(
    db_settings: Settings, db: TortoiseContext
) -> None:
    await db.db().execute_script("DROP TABLE search_index")
    async with database(db_settings):
        assert (await keep_up()).indexed == 0
        assert await numbers("复议", db_settings) == []
