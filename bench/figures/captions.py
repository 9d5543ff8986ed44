"""Live captions behind the picture: real speech on the air, heard by the tests' recogniser.

Recordings of SPEECH_TEST_DATA are pushed at their own pace to `weiketang serve`, their captions read from the
rendition as a player reads it. A caption counts from its first word's moment in the lecture to the moment in the
lecture at which it is shown: as it is written, and as a viewer HOLD_BACK behind the newest picture gets to see it.

Whisper is not measured here: a window costs it the encoding of 30 s, whatever its length, and then its tokens.
"""

import asyncio
import os
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

from bench.figure import Bench, Detail, Row, log
from bench.hls import parse_media
from bench.http1 import Client
from bench.media import Clip, ffmpeg
from bench.process import outcome
from bench.publisher import file_push
from bench.server import Lecture, Weiketang, data_of, weiketang
from bench.stats import median, percentile
from core.audit import command_line
from core.clock import SystemClock
from core.database import database
from core.settings import Settings, load_settings
from schedules.queries import by_number
from tests.support.speech import VARIABLE, SpeechData, assemble, read_speech_data
from transcripts.live.switch import turn_on
from transcripts.models import LiveWords
from transcripts.speech.registry import ModelState

TARGET_SECONDS = 6.0
HOLD_BACK = 1.2
"""Seconds that a low-latency player keeps behind the newest media (PART-HOLD-BACK)."""
SPHINX = "tests.support.sphinx_engine:open_engine"
_CUE = re.compile(r"(\d+):(\d\d):(\d\d\.\d{3}) --> \S+\n((?:.+\n)+)")


@dataclass(frozen=True, slots=True)
class Shown:
    """Seconds of lecture time: at is where it is written, seen where a low-latency viewer is when it is listed."""

    at: float
    seen: float
    text: str


async def run(bench: Bench) -> AsyncIterator[Row]:
    if not bench.ours:
        return
    named = os.environ.get(VARIABLE)
    if not named:
        log.warning("captions: %s is not set, nothing is measured", VARIABLE)
        return
    data = await asyncio.to_thread(read_speech_data, Path(named))
    async with bench.folder() as folder:
        delays = await on_the_air(folder, data, clips=bench.choose(10, 3))
        for what, values in delays.items():
            for name, value in (("median", median(values)), ("p95", percentile(values, 0.95))):
                title = f"caption behind the word, {what}: {name}"
                yield Row("weiketang", title, value, "s", TARGET_SECONDS, details=_details(values))


def _details(values: list[float]) -> dict[str, Detail]:
    return {"count": len(values), "max": round(max(values), 3), "load": round(os.getloadavg()[0], 1)}


async def on_the_air(folder: Path, data: SpeechData, *, clips: int) -> dict[str, list[float]]:
    """Seconds behind the first word, for each caption."""
    film = await _film(folder, data, clips)
    async with weiketang(folder, speech_engine=SPHINX) as server:
        lecture = await server.create("Bench captions")
        async with database(_settings(folder)):
            await turn_on(
                lecture.number,
                reason="bench",
                model=ModelState(SPHINX, "", True),
                by=command_line(),
                now=SystemClock().now(),
            )
        shown = await _watched(server, lecture, film, folder)
        async with database(_settings(folder)):
            broadcast = await by_number(lecture.number)
            rows = await LiveWords.filter(broadcast_id=broadcast.id)
            words = [word for row in rows for segment in row.segments for word in segment["words"]]
    said = _said([(word[0], word[1]) for word in words], shown)
    return {
        "as it is written": [each.at - moment for each, moment in said],
        f"as a viewer {HOLD_BACK} s behind sees it": [each.seen - moment for each, moment in said],
    }


async def _film(folder: Path, data: SpeechData, clips: int) -> Clip:
    """The recordings with silence in between, and a small picture."""
    spoken = assemble(data.chinese[:clips])
    wav = await asyncio.to_thread(spoken.write_wav, folder / "speech.wav")
    path = folder / "speech.flv"
    picture = ["-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25"]
    video = ["-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset", "ultrafast", "-g", "50", "-bf", "0"]
    sound = ["-c:a", "aac", "-b:a", "128k", "-ar", "44100", "-ac", "2", "-shortest"]
    await outcome([ffmpeg(), "-v", "error", "-y", "-i", str(wav), *picture, *video, *sound, str(path)])
    return Clip(path, spoken.seconds, round(spoken.seconds * 25))


async def _watched(server: Weiketang, lecture: Lecture, film: Clip, folder: Path) -> list[Shown]:
    """What the rendition shows from its first segment until the film is over, each caption once."""
    url = lecture.media_playlist_url("captions")
    found: dict[tuple[float, str], Shown] = {}
    async with Client(url) as client, file_push(lecture.publish_url, film, folder=folder, loop=False) as push:
        seen: set[str] = set()
        offset: float | None = None
        while push.alive:
            await asyncio.sleep(0.1)
            answer = await client.get(url)
            if answer.status != 200:
                continue
            playlist = parse_media(answer.text)
            if offset is None:
                offset = await _start_of(client, lecture, playlist.segments[0].msn)
            end = offset
            for segment in playlist.segments:
                end += segment.duration
                if segment.uri in seen:
                    continue
                seen.add(segment.uri)
                text = (await client.get(urljoin(url, segment.uri))).text
                for match in _CUE.finditer(text):
                    at = int(match[1]) * 3600 + int(match[2]) * 60 + float(match[3])
                    words = match[4].replace("\n", "")
                    found.setdefault((at, words), Shown(at, max(at, end - HOLD_BACK), words))
    return sorted(found.values(), key=lambda each: each.at)


async def _start_of(client: Client, lecture: Lecture, msn: int) -> float:
    """Seconds of lecture time at which that segment begins."""
    playlist = parse_media((await client.get(lecture.media_playlist_url("source"))).text)
    return sum(segment.duration for segment in playlist.segments if segment.msn < msn)


def _said(words: list[tuple[str, float]], shown: list[Shown]) -> list[tuple[Shown, float]]:
    """Each caption with the moment of its first word: captions have the words in their order."""
    letters = [(letter, moment) for text, moment in words for letter in text]
    text, place, found = "".join(letter for letter, _ in letters), 0, []
    for each in shown:
        at = text.find(each.text, place)
        if at >= 0:
            found.append((each, letters[at][1]))
            place = at + len(each.text)
    return found


def _settings(folder: Path) -> Settings:
    return load_settings(data_dir=data_of(folder))
