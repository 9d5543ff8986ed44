"""The sound of any media file, in blocks of mono 16 kHz: bounded memory however long it is."""

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np

from transcripts.speech.engine import SAMPLE_RATE, Pcm
from transcripts.speech.errors import NoAudio, UnreadableMedia

BLOCK_SECONDS = 30


def read_media(path: Path) -> Iterator[Pcm]:
    """Blocks of at most BLOCK_SECONDS, in order. Raises NoAudio, UnreadableMedia."""
    try:
        container = av.open(str(path))
    except (av.FFmpegError, OSError) as error:
        raise UnreadableMedia(f"打不开 {path.name}：不是音视频文件，或者文件不完整。") from error
    with container:
        if not container.streams.audio:
            raise NoAudio(f"{path.name} 里没有声音轨道。")
        resampler = av.AudioResampler(format="flt", layout="mono", rate=SAMPLE_RATE)
        waiting: list[Pcm] = []
        held = 0
        for samples in _samples(container, resampler, path):
            waiting.append(samples)
            held += len(samples)
            if held >= BLOCK_SECONDS * SAMPLE_RATE:
                yield np.concatenate(waiting)
                waiting, held = [], 0
        if held:
            yield np.concatenate(waiting)


def _samples(
    container: "av.container.InputContainer", resampler: av.AudioResampler, path: Path
) -> Iterator[Pcm]:
    try:
        for frame in container.decode(audio=0):
            for resampled in resampler.resample(frame):
                yield resampled.to_ndarray().reshape(-1).astype(np.float32)
        for resampled in resampler.resample(None):
            yield resampled.to_ndarray().reshape(-1).astype(np.float32)
    except av.FFmpegError as error:
        raise UnreadableMedia(f"{path.name} 的声音解不出来：文件可能不完整。") from error
