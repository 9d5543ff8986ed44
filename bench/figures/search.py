"""Searching ten years of lectures and 20,000 articles by /api/v1/search, on SQLite and on PostgreSQL.

Counted in the server's process from the request to the last byte of the answer: reading the question, the database,
places with marks, JSON; without sockets. What the page alone does, looking for suggestions, is counted without its
template. Articles come in by the door that the sections will use.
"""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import perf_counter
from urllib.parse import quote

from portal.app import create_app
from portal.board import BoardFromRows
from starlette.types import ASGIApp, Message

from accounts.models import Unit
from accounts.services import seed_sample_units
from bench.corpus import ARTICLES, LECTURES, Author, Text, paragraphs, spoken
from bench.figure import Bench, Row, log
from bench.stats import percentile
from core.clock import SystemClock
from core.database import database, transaction
from core.jobs import make_context
from core.secrets import load_app_secrets
from core.settings import Settings, load_settings
from schedules.models import Broadcast
from schedules.services import NewBroadcast, create_broadcast
from schedules.states import AirState
from tests.support.postgres import running_cluster
from transcripts.cues.draft import DraftCue
from transcripts.editing.versions import add_version
from transcripts.glossary.services import ensure_terms
from transcripts.models import SubtitleState, Transcript, VersionKind
from transcripts.search.documents import Document, Passage, forget, register
from transcripts.search.indexing import index_size, rebuild
from transcripts.search.searching import search

P95_MS = 50.0
SUGGESTED = "nothing to be found, with suggestions"
QUESTIONS = {
    "two characters, common": ("复议", "诉讼", "处罚", "法律"),
    "two characters, rare": ("彩礼", "采砂", "仲裁", "溺水"),
    "one character": ("税", "罚", "矿", "婚"),
    "four characters": ("行政复议", "行政处罚", "法律援助", "征收补偿"),
    "a long phrase": (
        "构成犯罪的依法追究刑事责任",
        "执法人员应当出示证件并告知",
        "落实谁执法谁普法的普法责任制",
    ),
    "an article in Chinese numerals": ("第十一条", "第三十三条", "第一百零一条"),
    "an article in Arabic digits": ("第11条", "第33条第2款", "101条"),
    "two words": ("工伤 补正", "荔波 婚姻", "龙里 森林防火"),
    "four words": ("行政复议 期限 证据 调解", "工资 合同 法院 强制执行"),
    "a synonym": ("欠薪", "赔钱", "拆迁", "告政府"),
    "traditional characters, full width": ("行政復議", "勞動合同", "第１１條"),
    "a title": ("森林防火怎么办", "谈谈听证", "以案释法"),
    SUGGESTED: ("行政负义", "彩里", "量子力学"),
    "hostile": ('" OR 1=1 --', "复" * 10_000, "NEAR(法 律)* ^:'"),
}


@dataclass
class Articles:
    """A `Source` of made-up articles."""

    kind: str = "article"
    label: str = "文章"
    texts: dict[str, Text] = field(default_factory=dict)

    async def stamps(self) -> Mapping[str, str]:
        return {number: text.title for number, text in self.texts.items()}

    async def document(self, number: str) -> Document | None:
        text = self.texts[number]
        passages = tuple(Passage(each) for each in paragraphs(text))
        return Document(self.kind, number, text.title, f"/a/{number}", text.said_at, (), passages)

    async def shown(self, numbers: Collection[str]) -> Mapping[str, bool]:
        return {number: True for number in numbers if number in self.texts}


async def run(bench: Bench) -> AsyncIterator[Row]:
    if not bench.ours:
        return
    async with bench.folder() as folder:
        async for row in on("SQLite", load_settings(data_dir=folder), bench):
            yield row
    async with bench.folder() as folder, postgres() as url:
        async for row in on("PostgreSQL", load_settings(data_dir=folder, database_url=url), bench):
            yield row


@asynccontextmanager
async def postgres() -> AsyncIterator[str]:
    """A cluster of the bench's own with an empty database."""
    starting = running_cluster()
    cluster = await asyncio.to_thread(starting.__enter__)
    try:
        yield await cluster.create_database()
    finally:
        await asyncio.to_thread(starting.__exit__, None, None, None)


async def on(name: str, settings: Settings, bench: Bench) -> AsyncIterator[Row]:
    author = Author(7)
    articles = Articles(
        texts={f"a{at}": text for at, text in enumerate(author.articles(bench.choose(ARTICLES, 1000)))}
    )
    register(articles)
    try:
        async with database(settings):
            lectures = bench.choose(LECTURES, 24)
            await ensure_terms()
            await give(list(author.lectures(lectures)))
            begun = perf_counter()
            documents = [step async for step in rebuild()][-1][1]
            spent = perf_counter() - begun
            log.info("search: %s rebuilt %d documents in %.1f s", name, documents, spent)
            what = f"index of {lectures} lectures and {len(articles.texts)} articles"
            yield Row(name, f"{what}: rebuilt in", spent, "s")
            yield Row(name, f"{what}: size on disk, texts not counted", await index_size() / 1_048_576, "MiB")
            rounds = bench.choose(25, 3)
            async for row in answers(name, settings, rounds):
                yield row
    finally:
        forget(articles.kind)


async def give(texts: list[Text]) -> None:
    """Lectures that were given, with published subtitles."""
    await seed_sample_units()
    units = await Unit.all().values_list("code", flat=True)
    for at, text in enumerate(texts):
        async with transaction():
            new = NewBroadcast(text.title[:120], str(units[at % len(units)]))
            broadcast = await create_broadcast(new, now=text.said_at)
            await Broadcast.filter(id=broadcast.id).update(
                air_state=AirState.ENDED, first_live_at=text.said_at, ended_at=text.said_at
            )
            transcript = await Transcript.create(
                broadcast_id=broadcast.id, created_at=text.said_at, changed_at=text.said_at
            )
            cues = [DraftCue(f"c{number}", cue) for number, cue in enumerate(spoken(text))]
            await add_version(transcript, VersionKind.IMPORTED, cues, by=None, now=text.said_at)
            transcript.state = SubtitleState.PUBLISHED
            transcript.published_version, transcript.published_at = 1, text.said_at
            await transcript.save()


async def answers(name: str, settings: Settings, rounds: int) -> AsyncIterator[Row]:
    clock = SystemClock()
    context = make_context(settings, clock)
    secrets = await asyncio.to_thread(load_app_secrets, settings)
    app = create_app(settings, secrets, context, BoardFromRows(settings, clock), pages=False)
    spent: dict[str, list[float]] = {kind: [] for kind in QUESTIONS}
    for kind, questions in QUESTIONS.items():
        for at in range(rounds + 1):
            for question in questions:
                wait = await (suggest(settings, question) if kind == SUGGESTED else ask(app, question))
                if at:  # the first round warms the caches that a running server has
                    spent[kind].append(wait)
    for kind, waits in spent.items():
        log.info("search: %s %s p95 %.1f ms", name, kind, percentile(waits, 0.95))
        yield Row(name, f"{kind}: p50", percentile(waits, 0.5), "ms")
        yield Row(name, f"{kind}: p95", percentile(waits, 0.95), "ms", P95_MS)
    whole = [each for waits in spent.values() for each in waits]
    yield Row(name, "all kinds: p50", percentile(whole, 0.5), "ms")
    yield Row(name, "all kinds: p95", percentile(whole, 0.95), "ms", P95_MS)


async def suggest(settings: Settings, question: str) -> float:
    """Milliseconds until it is known what the person may have meant. Raises AssertionError for something found."""
    begun = perf_counter()
    results = await search(question, settings)
    spent = (perf_counter() - begun) * 1000
    assert not results.found, question
    return spent


async def ask(app: ASGIApp, question: str) -> float:
    """Milliseconds until the answer is whole. Raises AssertionError for any other answer than 200."""
    query = f"q={quote(question)}".encode()
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": "/api/v1/search",
        "raw_path": b"/api/v1/search",
        "query_string": query,
        "headers": [(b"host", b"127.0.0.1")],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    statuses: list[int] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    begun = perf_counter()
    await app(scope, receive, send)
    spent = (perf_counter() - begun) * 1000
    assert statuses == [200], f"{statuses} for {question[:40]}"
    return spent
