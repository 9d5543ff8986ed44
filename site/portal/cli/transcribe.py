"""`weiketang transcribe`: what is said in a media file, as words with times or as subtitles."""

import argparse
from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from portal.cli.parser import Group, add_command
from portal.cli.speech import add_engine

if TYPE_CHECKING:
    from core.settings import Settings
    from transcripts.speech.engine import Engine, EngineIdentity, Pcm
    from transcripts.speech.filters import Held
    from transcripts.speech.words import Segment

FORMATS = ("vtt", "srt", "txt", "json")
LANGUAGE = "zh"
MOST_SHOWN = 60
"""Characters of what is held: a loop has no end."""


def add_commands(commands: Group) -> None:
    parser = add_command(
        commands,
        "transcribe",
        transcribe,
        help="识别一个音视频文件里说的话",
        example="weiketang transcribe lecture.mp4 --format srt > lecture.srt",
    )
    parser.add_argument("media", type=Path, metavar="音视频", help="有声音的文件：mp4、flv、mp3、wav 等")
    parser.add_argument(
        "--format",
        choices=FORMATS,
        default="vtt",
        help="vtt、srt 字幕，txt 纯文字，json 带时间的词（默认 vtt）",
    )
    add_engine(parser)


def transcribe(arguments: argparse.Namespace) -> None:
    from core.errors import NotFound
    from portal.cli.console import say, tell
    from portal.cli.speech import speech_settings
    from transcripts.speech.audio import media_seconds, read_media
    from transcripts.speech.registry import open_engine

    path: Path = arguments.media
    if not path.is_file():
        raise NotFound(f"没有这个文件：{path}")
    settings = speech_settings(arguments)
    seconds = media_seconds(path)
    sound = read_media(path)
    beginning = [block for block in (next(sound, None),) if block is not None]
    engine = open_engine(settings)  # slow: a file that cannot be read is told before
    try:
        segments, held = _recognise(chain(beginning, sound), engine, settings, seconds)
        say(_written(arguments.format, segments, engine.identity).removesuffix("\n"))
    finally:
        engine.close()
    if not segments and not held:
        tell("没有听到讲话。")
    if held:
        tell(f"有 {len(held)} 处可疑，没有写进结果，请听一下原声：")
        for each in held:
            tell(f"  {_clock(each.start)} {each.reason}：{each.text[:MOST_SHOWN]}")


def _recognise(
    sound: "Iterable[Pcm]", engine: "Engine", settings: "Settings", seconds: float | None
) -> "tuple[list[Segment], list[Held]]":
    from portal.cli.speech import shown_progress
    from transcripts.glossary.seed import seed
    from transcripts.recognition.media_file import recognise_media
    from transcripts.recognition.pieces import PieceLimits
    from transcripts.speech.engine import Hints
    from transcripts.speech.filters import blocklist

    limits = PieceLimits(
        settings.speech_piece_least_seconds * 1000, settings.speech_piece_most_seconds * 1000
    )
    segments: list[Segment] = []
    held: list[Held] = []
    with shown_progress() as progress:
        task = progress.add_task("正在识别", total=seconds)
        hints = Hints(tuple(seed().terms))
        for heard in recognise_media(sound, engine, hints, limits, blocklist(settings)):
            segments += heard.kept
            held += heard.held
            progress.update(task, completed=heard.until)
    return segments, held


def _written(format: str, segments: "list[Segment]", identity: "EngineIdentity") -> str:
    import json

    from transcripts.cues.cutting import cut
    from transcripts.cues.formats import write_srt, write_txt
    from transcripts.cues.marks import UNCHECKED
    from transcripts.cues.vtt import write_vtt
    from transcripts.glossary.seed import seed

    if format == "json":
        return json.dumps(_json(segments, identity), ensure_ascii=False)
    words = [word for segment in segments for word in segment.words]
    cues = [made.cue for made in cut(words, terms=seed().terms)]
    return {"vtt": write_vtt, "srt": write_srt, "txt": write_txt}[format](cues, note=UNCHECKED)


def _json(segments: "list[Segment]", identity: "EngineIdentity") -> dict[str, Any]:
    return {
        "engine": identity.engine,
        "model": identity.model,
        "language": LANGUAGE,
        "segments": [
            {
                "start": round(segment.start, 3),
                "end": round(segment.end, 3),
                "text": segment.text,
                "words": [
                    {
                        "text": word.text,
                        "start": round(word.start, 3),
                        "end": round(word.end, 3),
                        "prob": round(word.prob, 3),
                    }
                    for word in segment.words
                ],
            }
            for segment in segments
        ],
    }


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{rest:02}"
