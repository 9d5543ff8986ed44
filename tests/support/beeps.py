"""Sound whose moments can be found again: beeps at known seconds, as files to push and as samples."""

import wave
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from streaming.samples import MediaUnit
from tests.support.media import media_directory, read_units, run_ffmpeg
from transcripts.speech.engine import SAMPLE_RATE, Pcm

BEEP_SECONDS = 0.3
LOUD = 0.1
QUIET_SECONDS = 0.15


def beeps(at: Sequence[float], seconds: float) -> Pcm:
    """A tone of 0.3 s at each of these seconds, and silence."""
    pcm = np.zeros(round(seconds * SAMPLE_RATE), np.float32)
    tone = 0.6 * np.sin(2 * np.pi * 700 * np.arange(round(BEEP_SECONDS * SAMPLE_RATE)) / SAMPLE_RATE)
    for second in at:
        start = round(second * SAMPLE_RATE)
        pcm[start : start + len(tone)] = tone[: len(pcm) - start]
    return pcm


def onsets(pcm: Pcm) -> list[float]:
    """Seconds at which it becomes loud after a while of quiet."""
    loud = np.flatnonzero(np.abs(pcm) > LOUD)
    if not len(loud):
        return []
    begins = np.concatenate([[True], np.diff(loud) > QUIET_SECONDS * SAMPLE_RATE])
    return [round(float(sample) / SAMPLE_RATE, 3) for sample in loud[begins]]


def write_wav(path: Path, pcm: Pcm) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes((pcm * 32767).astype(np.int16).tobytes())
    return path


def flv_of(pcm: Pcm, name: str, *, rate: int = 44100, channels: int = 2, picture: bool = True) -> Path:
    """As an encoder sends it: AAC, beside a small moving picture with a keyframe a second."""
    sound = write_wav(media_directory() / f"{name}.wav", pcm)
    path = media_directory() / f"{name}-{rate}-{channels}-{picture}.flv"
    video = ["-f", "lavfi", "-i", "testsrc2=size=160x90:rate=15"] if picture else []
    coded = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "15", "-bf", "0"]
    aac = ["-c:a", "aac", "-b:a", "96k", "-ar", str(rate), "-ac", str(channels)]
    length = ["-t", str(len(pcm) / SAMPLE_RATE)]
    run_ffmpeg(*video, "-i", str(sound), *length, *(coded if picture else []), *aac, "-f", "flv", str(path))
    return path


def units_of(pcm: Pcm, name: str, **how: int | bool) -> list[MediaUnit]:
    return read_units(flv_of(pcm, name, **how))  # type: ignore[arg-type]
