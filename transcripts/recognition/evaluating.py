"""Measuring an engine on recordings whose words are known: a folder with a manifest.json."""

import json
import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.errors import Invalid, NotFound
from transcripts.recognition.media_file import recognise_media
from transcripts.recognition.pieces import PieceLimits
from transcripts.speech.audio import read_media
from transcripts.speech.engine import SAMPLE_RATE, Engine, Hints, Pcm
from transcripts.speech.evaluation import (
    ClipScore,
    edits,
    normalised,
    outside_speech,
    terms_found,
)

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Recording:
    """reference: what is said in it; "" for silence, noise or music, in which nothing should be heard."""

    path: Path
    reference: str


def read_recordings(folder: Path) -> list[Recording]:
    """`[{"wav": "a.wav", "ref": "…"}, …]`; other fields are passed over. Raises NotFound, Invalid."""
    manifest = folder / MANIFEST
    if not manifest.is_file():
        raise NotFound(
            f'{folder} 里没有 {MANIFEST}。它列出录音和原文：[{{"wav": "a.wav", "ref": "录音里说的话"}}, …]'
        )
    try:
        rows = json.loads(manifest.read_bytes().removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError) as error:
        raise Invalid({"file": f"{MANIFEST} 不是正确的 JSON：{error}"}) from error
    if not isinstance(rows, list) or not rows:
        raise Invalid({"file": f'{MANIFEST} 要是一个列表：[{{"wav": "a.wav", "ref": "录音里说的话"}}, …]'})
    recordings = []
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, dict) or not all(isinstance(row.get(name), str) for name in ("wav", "ref")):
            raise Invalid({"file": f"{MANIFEST} 的第 {number} 项要有 wav（文件）和 ref（原文）。"})
        path = folder / row["wav"]
        if not path.is_file():
            raise NotFound(f"{MANIFEST} 的第 {number} 项：没有文件 {row['wav']}。")
        recordings.append(Recording(path, row["ref"]))
    return recordings


def evaluate(
    recordings: Sequence[Recording],
    engine: Engine,
    hints: Hints,
    limits: PieceLimits,
    blocked: tuple[str, ...],
    terms: Collection[str],
) -> Iterator[ClipScore]:
    """One after the other. Time spent: reading, finding speech, recognising and filtering; not loading the model."""
    wanted = {normalised(term) for term in terms}
    for recording in recordings:
        yield _score(recording, engine, hints, limits, blocked, wanted)


def _score(
    recording: Recording,
    engine: Engine,
    hints: Hints,
    limits: PieceLimits,
    blocked: tuple[str, ...],
    terms: Collection[str],
) -> ClipScore:
    began = time.monotonic()
    samples = 0

    def counted() -> Iterator[Pcm]:
        nonlocal samples
        for block in read_media(recording.path):
            samples += len(block)
            yield block

    heard = list(recognise_media(counted(), engine, hints, limits, blocked))
    spent = time.monotonic() - began
    reference = normalised(recording.reference)
    text = normalised("".join(segment.text for part in heard for segment in part.kept))
    spans = [span for part in heard for span in part.spans]
    return ClipScore(
        name=recording.path.name,
        reference=reference,
        heard=text,
        edits=edits(reference, text),
        terms=terms_found(reference, text, terms),
        seconds=samples / SAMPLE_RATE,
        speech_seconds=sum(end - start for start, end in spans),
        spent=spent,
        invented=_invented(reference, text, outside_speech([s for part in heard for s in part.kept], spans)),
        invented_before=_invented(
            reference,
            normalised("".join(segment.text for part in heard for segment in part.said)),
            outside_speech([s for part in heard for s in part.said], spans),
        ),
        held=sum(len(normalised(each.text)) for part in heard for each in part.held),
    )


def _invented(reference: str, text: str, outside: int) -> int:
    """Where nothing is said, all of it."""
    return outside if reference else len(text)
