"""The sound of any media file, in blocks of mono 16 kHz: bounded memory however long it is."""

from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

import av
import numpy as np

from transcripts.speech.engine import SAMPLE_RATE, Pcm
from transcripts.speech.errors import NoAudio, UnreadableMedia

BLOCK_SECONDS = 30
LEAST_GAP = 0.05
"""Seconds by which the file's clock must be ahead of the sound to count as a gap; less is jitter."""
MOST_GAP = 3600.0
"""Beyond it the clock has jumped: sound that is not there for an hour is not waited for."""
Container: TypeAlias = "av.container.InputContainer"


def read_media(path: Path) -> Iterator[Pcm]:
    """Blocks of at most BLOCK_SECONDS, in order, from the file's beginning.

    Where sound begins later than the picture, or is missing or damaged, there is silence. A file that ends too early
    is read as far as it goes. Raises NoAudio, UnreadableMedia.
    """
    if path.is_file() and not path.stat().st_size:
        raise UnreadableMedia(f"{path.name} 是空文件，里面什么也没有。请重新复制一份。")
    try:
        container = av.open(str(path))
    except (av.FFmpegError, OSError, ValueError) as error:
        raise UnreadableMedia(f"打不开 {path.name}：不是音视频文件，或者文件不完整。") from error
    with container:
        if not container.streams.audio:
            raise NoAudio(f"{path.name} 里没有声音轨道。")
        waiting: list[Pcm] = []
        held, is_heard = 0, False
        for samples in _samples(container, path):
            is_heard = True
            waiting.append(samples)
            held += len(samples)
            while held >= BLOCK_SECONDS * SAMPLE_RATE:
                sound = np.concatenate(waiting)
                block, rest = np.split(sound, [BLOCK_SECONDS * SAMPLE_RATE])
                yield block
                waiting, held = [rest.copy()], len(rest)
        if not is_heard:
            raise UnreadableMedia(f"{path.name} 的声音解不出来：文件可能不完整，或者用了不认识的编码。")
        if held:
            yield np.concatenate(waiting)


def _samples(container: Container, path: Path) -> Iterator[Pcm]:
    """As they come, with silence for what is missing."""
    resampler = av.AudioResampler(format="flt", layout="mono", rate=SAMPLE_RATE)
    begins = (container.start_time or 0) / av.time_base
    count = 0
    for frame in _frames(container, path):
        if frame.time is not None:
            missing = frame.time - begins - count / SAMPLE_RATE
            if LEAST_GAP < missing <= MOST_GAP:
                for silence in _silence(round(missing * SAMPLE_RATE)):
                    count += len(silence)
                    yield silence
        for resampled in resampler.resample(frame):
            samples = resampled.to_ndarray().reshape(-1).astype(np.float32)
            count += len(samples)
            yield samples
    if count:
        for resampled in resampler.resample(None):
            yield resampled.to_ndarray().reshape(-1).astype(np.float32)


def _frames(container: Container, path: Path) -> Iterator["av.AudioFrame"]:
    """A packet that is damaged is passed over: the rest can still be heard."""
    packets = container.demux(container.streams.audio[0])
    while True:
        try:
            packet = next(packets, None)
        except av.FFmpegError as error:
            raise UnreadableMedia(f"{path.name} 读到一半出错：文件可能不完整。") from error
        if packet is None:
            return
        try:
            yield from packet.decode()
        except av.FFmpegError:
            continue


def _silence(count: int) -> Iterator[Pcm]:
    block = BLOCK_SECONDS * SAMPLE_RATE
    for first in range(0, count, block):
        yield np.zeros(min(block, count - first), np.float32)


def media_seconds(path: Path) -> float | None:
    """How long the file says it is; None where it does not say, or cannot be opened."""
    try:
        with av.open(str(path)) as container:
            return container.duration / av.time_base if container.duration else None
    except (av.FFmpegError, OSError, ValueError):
        return None
