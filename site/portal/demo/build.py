"""Makes lecture.mp4, the sample lecture, from lecture.toml: `python -m portal.demo.build`.

Needs Debian's espeak-ng and fonts-noto-cjk; the ffmpeg is the project's own. The film is H.264 at 1280x720
and 25 fps with a keyframe every 2 s and no B-frames, and one mono AAC track: what OBS would send, at a small
rate.
"""

import argparse
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import imageio_ffmpeg
from PIL import Image

from portal.demo import slides, voice
from portal.demo.script import FILM, TEXT, Lecture, fingerprint, load
from portal.demo.voice import Voice

RATE = 25  # frames a second
KEYFRAME_FRAMES = 50
FADE_FRAMES = 8  # a new slide is faded in
LOUDNESS_LUFS = -18.0  # speech on the air (EBU R 128 leaves room above for peaks)
TONE = (
    # The synthetic voice is thin and sharp: less rumble, more body, less hiss, a small room around it, and an
    # even level.
    "highpass=f=70,equalizer=f=190:t=q:w=0.9:g=3.5,equalizer=f=3200:t=q:w=1.2:g=-3,treble=f=6500:g=-6,"
    "aecho=0.9:0.65:23|37:0.10|0.06,acompressor=threshold=0.08:ratio=3:attack=6:release=160"
)


@dataclass(frozen=True, slots=True)
class Scene:
    """One still picture of the lecture, up to `until` (a frame number, exclusive)."""

    slide: int
    lit: int | None
    caption: str
    until: int


def scenes(lecture: Lecture, spoken: Voice, frames: int) -> list[Scene]:
    """The stills in order: each is shown from its sentence's start to the next sentence's start."""
    starts = [round(each.starts * RATE) for each in spoken.spoken]
    return [
        Scene(each.slide, sentence.point, sentence.say, until)
        for each, until in zip(spoken.spoken, [*starts[1:], frames], strict=True)
        for sentence in [lecture.slides[each.slide].sentences[each.sentence]]
    ]


def pictures(lecture: Lecture, shown: list[Scene], frames: int) -> Iterator[bytes]:
    """Every frame as packed RGB."""
    frame = 0
    before: Image.Image | None = None
    before_slide = shown[0].slide
    for scene in shown:
        still = slides.draw(lecture, lecture.slides[scene.slide], scene.lit, scene.caption)
        dark = lecture.slides[scene.slide].layout == "cover"
        start = frame
        while frame < scene.until:
            base = still
            mix = (frame - start + 1) / FADE_FRAMES
            if before is not None and before_slide != scene.slide and mix < 1:
                base = Image.blend(before, still, mix)
            yield slides.with_motion(base, frame, frames, RATE, dark=dark).tobytes()
            frame += 1
        before, before_slide = still, scene.slide


def loudness(ffmpeg: str, path: Path, filters: str) -> float:
    """Integrated loudness in LUFS of a file after `filters` (EBU R 128)."""
    report = subprocess.run(
        [ffmpeg, "-hide_banner", "-nostats", "-i", str(path), "-af", f"{filters},ebur128", "-f", "null", "-"],
        check=True,
        capture_output=True,
        text=True,
    ).stderr
    found = re.findall(r"I:\s+(-?[\d.]+) LUFS", report)
    return float(found[-1])


def levelled(gain_db: float) -> str:
    """The filters that give the voice its tone and level; the limiter leaves AAC room to overshoot."""
    return f"{TONE},volume={gain_db:.2f}dB,aresample=44100,alimiter=limit=0.56:attack=2:level=0"


def film_command(
    ffmpeg: str, sound: Path, filters: str, lecture: Lecture, digest: str, out: Path
) -> list[str]:
    """The ffmpeg command that takes RGB frames on stdin and the voice from `sound`."""
    return [
        *(ffmpeg, "-hide_banner", "-loglevel", "error", "-y"),
        *(
            "-f",
            "rawvideo",
            "-pix_fmt",
            "rgb24",
            "-s",
            f"{slides.WIDTH}x{slides.HEIGHT}",
            "-r",
            str(RATE),
            "-i",
            "-",
        ),
        *("-i", str(sound)),
        *("-vf", "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p"),
        *("-c:v", "libx264", "-preset", "veryslow", "-crf", "33", "-bf", "0", "-refs", "1"),
        # Type on flat paper: no grain to keep, and a keyframe every 2 s may cost no more than it must.
        *("-psy", "0", "-x264-params", "ipratio=1.1"),
        *(
            "-profile:v",
            "high",
            "-g",
            str(KEYFRAME_FRAMES),
            "-keyint_min",
            str(KEYFRAME_FRAMES),
            "-sc_threshold",
            "0",
        ),
        *("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv"),
        *("-af", filters, "-c:a", "aac", "-b:a", "36k", "-ar", "44100", "-ac", "1"),
        *("-map", "0:v", "-map", "1:a", "-map_metadata", "-1", "-fflags", "+bitexact"),
        *("-metadata", f"title={lecture.title}", "-metadata", f"comment={digest}"),
        *("-movflags", "+faststart", str(out)),
    ]


def build(out: Path, text: Path = TEXT) -> None:
    """Speaks, draws and encodes the lecture of `text` into `out`.

    Raises:
        OSError: espeak-ng or the CJK font is not installed.
        subprocess.CalledProcessError: espeak-ng or ffmpeg failed.
    """
    lecture = load(text)
    ffmpeg: str = imageio_ffmpeg.get_ffmpeg_exe()  # type: ignore[attr-defined, no-untyped-call]
    spoken = voice.speak(lecture)
    frames = int(spoken.seconds) * RATE
    with tempfile.TemporaryDirectory() as folder:
        sound = Path(folder) / "voice.wav"
        sound.write_bytes(voice.wav_bytes(spoken))
        gain = LOUDNESS_LUFS - loudness(ffmpeg, sound, TONE)
        gain += LOUDNESS_LUFS - loudness(ffmpeg, sound, levelled(gain))  # what the limiter took back
        # Both tracks end together, so that a loop stays in step.
        seconds = frames / RATE
        filters = f"{levelled(gain)},apad,atrim=end={seconds:.3f},afade=t=out:st={seconds - 1:.3f}:d=1"
        command = film_command(ffmpeg, sound, filters, lecture, fingerprint(text), out)
        encoder = subprocess.Popen(command, stdin=subprocess.PIPE)
        if encoder.stdin is None:
            raise OSError("the encoder has no input")
        with encoder.stdin as pipe:
            for picture in pictures(lecture, scenes(lecture, spoken, frames), frames):
                pipe.write(picture)
        if encoder.wait() != 0:
            raise subprocess.CalledProcessError(encoder.returncode, command)


def main() -> int:
    """The command line: builds the film and says how large it is."""
    arguments = argparse.ArgumentParser(prog="python -m portal.demo.build", description=__doc__)
    arguments.add_argument("--out", type=Path, default=FILM, help="where to write the film")
    out: Path = arguments.parse_args().out
    build(out)
    sys.stdout.write(f"{out}: {out.stat().st_size / 1e6:.2f} MB\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
