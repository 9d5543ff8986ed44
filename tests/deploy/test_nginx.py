"""The proxy's configuration, read and run by a real nginx in front of an origin that counts what reaches it."""

import asyncio
import re
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from core.settings import load_settings
from core.web.file_forms import TEXTS_BYTES
from schedules.pages.hand_in import FILES_AT_ONCE
from schedules.workdays.announcement import LARGEST_FILE
from tests.support.loopback import loopback
from tests.support.nginx import DEPLOY, configure, free_port, nginx_command, nginx_folder, running_nginx

MIB = 1024 * 1024
HELD_SECONDS = 4.0  # one TARGETDURATION
PART = "/media/2026-11-2/token/1/source/7.2.m4s"
BODY = b"0123456789" * 500


@dataclass
class Seen:
    method: str
    target: str
    headers: dict[str, str]
    connection: int


@dataclass
class Upstream:
    """Answers as web and media would, and keeps what it was asked."""

    seen: list[Seen] = field(default_factory=list)
    connections: int = 0

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        connection = self.connections
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
                method, target, _ = head[0].split(" ")
                headers = {
                    name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:])
                }
                await reader.readexactly(int(headers.get("content-length", "0")))
                self.seen.append(Seen(method, target, headers, connection))
                writer.write(await self.answer(method, target))
                await writer.drain()

    async def answer(self, method: str, target: str) -> bytes:
        keep, extra = "public, max-age=60", ""
        if "held" in target:
            await asyncio.sleep(HELD_SECONDS)
        elif "slow" in target:
            await asyncio.sleep(0.2)
        if target.startswith(("/live/", "/replay/")):
            extra = "vary: Accept-Encoding\r\n"
        if "over" in target:
            keep = "public, max-age=3600, s-maxage=1"
        if "late" in target or not target.startswith(("/live/", "/replay/", "/media/", "/static/")):
            keep = "no-store"
        head = f"HTTP/1.1 200 OK\r\ncontent-length: {len(BODY)}\r\ncache-control: {keep}\r\n{extra}\r\n"
        return head.encode() + (b"" if method == "HEAD" else BODY)

    def asked(self, start: str) -> list[Seen]:
        return [each for each in self.seen if each.target.startswith(start)]


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


@pytest.fixture
def folder() -> Iterator[Path]:
    with nginx_folder() as folder:
        yield folder


@pytest.mark.parametrize("upstreams", ["upstreams.local.conf", "upstreams.conf"])
def test_nginx_takes_the_configuration(folder: Path, upstreams: str) -> None:
    text = (DEPLOY / upstreams).read_text()
    for service in ("web", "media"):  # names that only the containers' network knows
        text = text.replace(f"server {service}:8000", "server 127.0.0.1:8000")
    main = configure(folder, listen=f"listen 127.0.0.1:{free_port()};", upstreams=text)
    done = subprocess.run(nginx_command(main, "-t"), capture_output=True, text=True, check=False)
    said = done.stderr + (folder / "error.log").read_text()
    assert done.returncode == 0, said
    assert "[warn]" not in said


def test_the_shipped_listen_lines_are_taken_too(folder: Path) -> None:
    listen = (DEPLOY / "listen.conf").read_text()
    port = free_port()
    listen = listen.replace("listen 80;", f"listen 127.0.0.1:{port};").replace("[::]:80", f"127.0.0.2:{port}")
    main = configure(folder, listen=listen, upstreams=(DEPLOY / "upstreams.local.conf").read_text())
    subprocess.run(nginx_command(main, "-t"), capture_output=True, check=True)


class Proxy:
    """A running nginx, asked over one connection for each request."""

    def __init__(self, port: int, web: Upstream, media: Upstream) -> None:
        self.port = port
        self.web = web
        self.media = media

    async def ask(self, target: str, method: str = "GET", *, body: bytes = b"", **headers: str) -> Answer:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            lines = [f"{method} {target} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", "Connection: close"]
            lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
            writer.write(("\r\n".join(lines) + "\r\n\r\n").encode() + body)
            first, *rest = (await reader.readuntil(b"\r\n\r\n")).decode().strip().split("\r\n")
            fields = {name.lower(): value for name, _, value in (line.partition(": ") for line in rest)}
            size = 0 if method == "HEAD" else int(fields.get("content-length", "0"))
            content = await reader.readexactly(size)
        finally:
            writer.close()
            with suppress(ConnectionError):  # what was announced and never sent is answered and cut off
                await writer.wait_closed()
        return Answer(int(first.split()[1]), fields, content)


@pytest.fixture
async def proxy() -> AsyncIterator[Proxy]:
    web, media = Upstream(), Upstream()
    async with (
        loopback(web.handle) as web_address,
        loopback(media.handle) as media_address,
        running_nginx(web=port_of(web_address), media=port_of(media_address)) as port,
    ):
        yield Proxy(port, web, media)


def port_of(address: str) -> int:
    return int(address.rpartition(":")[2])


async def test_media_and_the_state_of_a_lecture_come_from_the_media_process(proxy: Proxy) -> None:
    media = ["/live/x/index.m3u8", "/replay/x/720p.m3u8", PART, "/api/v1/broadcasts/2026-11-2/status"]
    web = ["/", "/l/2026-11-2", "/livestock", "/api/v1/broadcasts", "/static/site.css", "/healthz"]
    for target in (*media, *web):
        await proxy.ask(target)
    assert [each.target for each in proxy.media.seen] == media
    assert [each.target for each in proxy.web.seen] == web


async def test_a_part_that_many_ask_for_is_fetched_once(proxy: Proxy) -> None:
    answers = await asyncio.gather(*(proxy.ask(PART) for _ in range(40)))
    assert {answer.status for answer in answers} == {200}
    assert {answer.body for answer in answers} == {BODY}
    assert len(proxy.media.asked(PART)) == 1


async def test_who_waits_for_anothers_fetch_does_not_wait_half_a_second(proxy: Proxy) -> None:
    """nginx looks every 500 ms whether the other's fetch is done; what is slower than 30 ms is fetched twice."""
    target = "/media/slow/1.m4s"
    answers = await asyncio.gather(*(proxy.ask(target) for _ in range(4)))
    assert [answer.body for answer in answers] == [BODY] * 4
    assert len(proxy.media.asked(target)) > 1


async def test_a_blocking_playlist_is_kept_by_its_query_and_its_encoding(proxy: Proxy) -> None:
    base = "/live/2026-11-2/source.m3u8"
    for query in ("", "?_HLS_msn=8&_HLS_part=1", "?_HLS_msn=8&_HLS_part=2"):
        for encoding in ("gzip", "gzip, deflate, br", "br;q=1.0, gzip;q=0.8", "identity", "gzip;q=0"):
            await proxy.ask(base + query, Accept_Encoding=encoding)
    asked = [(each.target, each.headers.get("accept-encoding", "")) for each in proxy.media.seen]
    queries = ("", "?_HLS_msn=8&_HLS_part=1", "?_HLS_msn=8&_HLS_part=2")
    assert sorted(asked) == sorted((base + query, encoding) for query in queries for encoding in ("gzip", ""))


async def test_a_request_held_for_a_whole_targetduration_is_waited_for(proxy: Proxy) -> None:
    answer = await proxy.ask("/live/2026-11-2/held.m3u8?_HLS_msn=9")
    assert (answer.status, answer.body) == (200, BODY)


async def test_what_the_origin_says_not_to_keep_is_asked_for_again(proxy: Proxy) -> None:
    for _ in range(2):
        await proxy.ask("/live/2026-11-2/late.m3u8?_HLS_msn=9")
    assert len(proxy.media.seen) == 2


async def test_media_of_a_replay_is_kept_no_longer_than_a_cache_may(proxy: Proxy) -> None:
    """What a viewer may keep for an hour a withdrawal could not reach here."""
    target = "/media/over/1.m4s"
    await proxy.ask(target)
    await proxy.ask(target)
    assert len(proxy.media.seen) == 1
    async with asyncio.timeout(10):
        while len(proxy.media.seen) == 1:
            await asyncio.sleep(0.1)
            await proxy.ask(target)


@pytest.mark.parametrize("target", ["/media/x/1.m4s", "/live/x/source.m3u8", "/static/x.css", "/desk"])
async def test_what_is_no_get_is_never_answered_from_the_cache(proxy: Proxy, target: str) -> None:
    await proxy.ask(target)
    for _ in range(2):
        await proxy.ask(target, "POST", Content_Length="0")
    asked = [each.method for each in (*proxy.web.seen, *proxy.media.seen)]
    assert asked == ["GET", "POST", "POST"]


async def test_pages_are_never_kept(proxy: Proxy) -> None:
    for _ in range(2):
        await proxy.ask("/l/2026-11-2")
    assert len(proxy.web.seen) == 2


async def test_a_range_is_answered_from_the_whole_that_is_kept(proxy: Proxy) -> None:
    await proxy.ask(PART)
    answer = await proxy.ask(PART, Range="bytes=10-19")
    assert (answer.status, answer.body) == (206, BODY[10:20])
    assert len(proxy.media.seen) == 1


async def test_what_a_client_claims_about_its_address_is_not_passed_on(proxy: Proxy) -> None:
    for target in ("/", "/api/v1/broadcasts/2026-11-2/status", PART, "/live/2026-11-2/index.m3u8"):
        await proxy.ask(target, X_Forwarded_For="10.9.9.9", X_Forwarded_Proto="https")
    for each in (*proxy.web.seen, *proxy.media.seen):
        assert each.headers["x-forwarded-for"] == "127.0.0.1"
        assert each.headers["x-forwarded-proto"] == "http"
        assert each.headers["host"] == f"127.0.0.1:{proxy.port}"


async def test_connections_to_the_processes_behind_are_used_again(proxy: Proxy) -> None:
    for number in range(10):
        await proxy.ask(f"/l/{number}")
    assert {each.connection for each in proxy.web.seen} == {1}


def largest_body(file: str, after: str = "") -> int:
    """Bytes of the first client_max_body_size after some words of a file."""
    text = (DEPLOY / file).read_text()
    found = re.search(r"client_max_body_size (\d+)m;", text[text.index(after) :])
    assert found is not None
    return int(found[1]) * MIB


def test_the_proxy_takes_whatever_the_settings_let_through() -> None:
    defaults = load_settings()
    everywhere = largest_body("nginx.conf")
    assert everywhere >= defaults.http_body_kib * 1024
    assert everywhere > 10_240 * 1024  # the largest roster that a setting may allow
    assert everywhere > LARGEST_FILE
    handed_in = defaults.material_file_mib * MIB * FILES_AT_ONCE + TEXTS_BYTES
    at_units = largest_body("site.conf", "location /desk/unit/ {")
    assert handed_in <= at_units < handed_in + 2 * MIB  # and little more


async def test_only_what_a_unit_hands_in_may_be_large(proxy: Proxy) -> None:
    files = b"x" * (3 * MIB)
    for target in ("/desk/unit/2026-12-2/hand-in", "/desk/unit/2026-12-2/signed-form"):
        assert (await proxy.ask(target, "POST", body=files, Content_Length=str(len(files)))).status == 200
    too_much = str(largest_body("site.conf", "location /desk/unit/ {") + 1)
    assert (await proxy.ask("/desk/unit/2026-12-2/hand-in", "POST", Content_Length=too_much)).status == 413
    more = str(largest_body("nginx.conf") + 1)
    for target in ("/desk/units", "/login", "/api/v1/broadcasts"):
        assert (await proxy.ask(target, "POST", Content_Length=more)).status == 413
    assert [each.target for each in proxy.web.seen if each.method == "POST"] == [
        "/desk/unit/2026-12-2/hand-in",
        "/desk/unit/2026-12-2/signed-form",
    ]


async def test_figures_for_the_operators_are_not_public(proxy: Proxy) -> None:
    assert (await proxy.ask("/metrics")).status == 404
    assert proxy.web.seen == []
    assert proxy.media.seen == []


async def test_guessing_passwords_is_slowed_down_and_reading_pages_is_not(proxy: Proxy) -> None:
    logins = await asyncio.gather(*(proxy.ask("/login", "POST", Content_Length="0") for _ in range(80)))
    assert {answer.status for answer in logins} == {200, 429}
    pages = await asyncio.gather(*(proxy.ask("/login") for _ in range(80)))
    assert {answer.status for answer in pages} == {200}
