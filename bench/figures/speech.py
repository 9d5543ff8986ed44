"""How fast Whisper is by the shape of its models, with random weights, and the recogniser of the tests on real clips.

Speed depends on the shape alone, so random weights measure it. They say nothing about how well anything is heard:
the error rate here is of a recogniser whose language model was built from the very sentences of the clips, and shows
that the way from sound to words is right. Needs SPEECH_TEST_DATA.
"""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

from bench.figure import Bench, Row, log
from bench.process import outcome
from core.settings import load_settings
from tests.support.random_whisper import SIZES, build
from tests.support.speech import VARIABLE, SpeechData, read_speech_data
from transcripts.recognition.evaluating import Recording, evaluate
from transcripts.recognition.pieces import PieceLimits
from transcripts.speech.engine import Hints
from transcripts.speech.evaluation import Score
from transcripts.speech.filters import blocklist
from transcripts.speech.registry import open_engine

TOKENS_A_WINDOW = 180
"""Of a lecture in Chinese: 150 to 200 in 30 s by Whisper's own tokenizer."""
WINDOW_SECONDS = 30
SPHINX = "tests.support.sphinx_engine:open_engine"


async def run(bench: Bench) -> AsyncIterator[Row]:
    named = os.environ.get(VARIABLE)
    if not bench.ours or not named:
        log.warning("speech: %s is not set, nothing is measured", VARIABLE)
        return
    data = await asyncio.to_thread(find_data, named)
    threads = len(os.sched_getaffinity(0))
    for size in bench.choose(list(SIZES), ["tiny"]):
        async with bench.folder() as folder:
            async for row in by_shape(size, folder, data, threads, bench.choose(120, 20)):
                yield row
    for row in await asyncio.to_thread(on_clips, data):
        yield row


def find_data(named: str) -> SpeechData:
    return read_speech_data(Path(named).absolute())


async def by_shape(
    size: str, folder: Path, data: SpeechData, threads: int, tokens: int
) -> AsyncIterator[Row]:
    model = await asyncio.to_thread(partial(build, folder / size, data, SIZES[size], loops=True))
    mib = sum(path.stat().st_size for path in model.iterdir()) / 2**20
    said = json.loads(
        await outcome([sys.executable, "-m", "bench.hearing", str(model), str(threads), str(tokens)])
    )
    subject = f"{size}, int8, {threads} threads"
    log.info("speech: %s %s", subject, said)
    yield Row(subject, "files", mib, "MiB")
    yield Row(subject, "memory, at most", said["peak_mib"], "MiB")
    yield Row(subject, "encoding a window of 30 s", said["encode_s"], "s")
    for beam in (1, 5):
        token_ms = said[f"token_ms_beam_{beam}"]
        spent = said["encode_s"] + TOKENS_A_WINDOW * token_ms / 1000
        yield Row(subject, f"a token, beam {beam}", token_ms, "ms")
        yield Row(
            subject,
            f"real-time factor, beam {beam} ({TOKENS_A_WINDOW} tokens in 30 s, computed)",
            spent / WINDOW_SECONDS,
            "",
        )


def on_clips(data: SpeechData) -> list[Row]:
    settings = load_settings(speech_engine=SPHINX)
    engine = open_engine(settings)
    clips = [Recording(clip.path, clip.reference) for clip in data.chinese]
    limits = PieceLimits(
        settings.speech_piece_least_seconds * 1000, settings.speech_piece_most_seconds * 1000
    )
    try:
        scores = evaluate(clips, engine, Hints(), limits, blocklist(settings), ())
        score = Score(tuple(scores))
    finally:
        engine.close()
    subject = "recogniser of the tests, closed language model"
    what = f"{len(clips)} clips, {score.seconds:.0f} s"
    assert score.real_time_factor is not None
    assert score.cer is not None
    return [
        Row(subject, f"{what}: real-time factor with finding speech and filters", score.real_time_factor, ""),
        Row(
            subject, f"{what}: character error rate (says nothing about unseen speech)", score.cer * 100, "%"
        ),
    ]
