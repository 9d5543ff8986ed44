"""The lecture's voice: espeak-ng speaks each sentence's pinyin, and the pieces are laid on one timeline.

espeak-ng's `cmn` voice in Debian 12 spells most characters out as English, so the voice is given pinyin with
tone digits (`cmn-latn-pinyin`), which also settles every character of several readings.
"""

import io
import subprocess
import wave
from array import array
from dataclasses import dataclass

from portal.demo.script import Lecture

RATE = 22_050  # Hz; what espeak-ng writes
SPEED = 178  # espeak-ng "words" a minute: about 3.8 syllables a second
PITCH = 42  # 0 to 99
LEAD_SECONDS = 0.8  # before the first word
SENTENCE_PAUSE_SECONDS = 0.42
SLIDE_PAUSE_SECONDS = 0.95
TAIL_SECONDS = 2.5  # after the last word
SILENCE = 160  # sample value (of 32767) below which a sentence's ends are trimmed
BREATH_SAMPLES = int(0.03 * RATE)  # kept at both ends when trimming, so that no consonant is clipped


@dataclass(frozen=True, slots=True)
class Spoken:
    """When one sentence is heard, in seconds from the lecture's start."""

    slide: int
    sentence: int
    starts: float
    ends: float


@dataclass(frozen=True, slots=True)
class Voice:
    """The whole voice: 16-bit mono samples at `RATE`, and when each sentence is heard."""

    samples: "array[int]"
    spoken: tuple[Spoken, ...]

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return len(self.samples) / RATE


def speak(lecture: Lecture) -> Voice:
    """Speaks every sentence, with a pause after each and a longer one at each new slide.

    Raises:
        OSError: espeak-ng is not installed.
        subprocess.CalledProcessError: espeak-ng failed.
    """
    samples = silence(LEAD_SECONDS)
    spoken: list[Spoken] = []
    for slide_index, slide in enumerate(lecture.slides):
        if slide_index:
            samples.extend(silence(SLIDE_PAUSE_SECONDS - SENTENCE_PAUSE_SECONDS))
        for sentence_index, sentence in enumerate(slide.sentences):
            starts = len(samples) / RATE
            samples.extend(trimmed(say(sentence.pinyin)))
            spoken.append(Spoken(slide_index, sentence_index, starts, len(samples) / RATE))
            samples.extend(silence(SENTENCE_PAUSE_SECONDS))
    samples.extend(silence(TAIL_SECONDS))
    return Voice(samples, tuple(spoken))


def say(pinyin: str) -> "array[int]":
    """One sentence as espeak-ng speaks it: 16-bit mono samples at `RATE`."""
    wav = subprocess.run(
        ["espeak-ng", "-v", "cmn-latn-pinyin", "-s", str(SPEED), "-p", str(PITCH), "--stdout", pinyin],
        check=True,
        capture_output=True,
    ).stdout
    return samples_of(wav)


def samples_of(wav: bytes) -> "array[int]":
    """The samples of a 16-bit mono WAV at `RATE`; a stream's length field, which lies, is not minded.

    Raises:
        ValueError: another format.
    """
    with wave.open(io.BytesIO(wav)) as reader:
        if (reader.getnchannels(), reader.getsampwidth(), reader.getframerate()) != (1, 2, RATE):
            raise ValueError(f"espeak-ng wrote {reader.getparams()}, wanted 16-bit mono at {RATE} Hz")
        data = reader.readframes(reader.getnframes())
    return array("h", data[: len(data) // 2 * 2])


def silence(seconds: float) -> "array[int]":
    """So many seconds of silence."""
    return array("h", bytes(2 * round(seconds * RATE)))


def trimmed(samples: "array[int]") -> "array[int]":
    """The samples without the silence at both ends (a breath of it is kept)."""
    loud = [index for index, value in enumerate(samples) if abs(value) > SILENCE]
    if not loud:
        return array("h")
    return samples[max(loud[0] - BREATH_SAMPLES, 0) : loud[-1] + BREATH_SAMPLES]


def wav_bytes(voice: Voice) -> bytes:
    """The voice as a WAV file."""
    out = io.BytesIO()
    with wave.open(out, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(RATE)
        writer.writeframes(voice.samples.tobytes())
    return out.getvalue()
