"""`weiketang evaluate`: how well an engine and a model hear, measured on recordings whose words are known."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from portal.cli.parser import Group, add_command, add_json
from portal.cli.speech import add_engine

if TYPE_CHECKING:
    from transcripts.speech.engine import EngineIdentity
    from transcripts.speech.evaluation import Score


def add_commands(commands: Group) -> None:
    parser = add_command(
        commands,
        "evaluate",
        evaluate_folder,
        help="用有原文的录音测语音识别的错误率",
        example="weiketang evaluate recordings/",
    )
    parser.add_argument(
        "folder",
        type=Path,
        metavar="文件夹",
        help='里面有 manifest.json：[{"wav": "a.wav", "ref": "录音里说的话"}]；没有人说话的录音 ref 写 ""',
    )
    parser.add_argument(
        "--terms", type=Path, metavar="文件", help="要听对的词，一行一个（默认用自带的法律词库）"
    )
    add_engine(parser)
    add_json(parser)


def evaluate_folder(arguments: argparse.Namespace) -> None:
    from portal.cli.console import say, say_json
    from portal.cli.speech import shown_progress, speech_settings
    from transcripts.recognition.evaluating import evaluate, read_recordings
    from transcripts.recognition.pieces import PieceLimits
    from transcripts.speech.engine import Hints
    from transcripts.speech.evaluation import Score
    from transcripts.speech.filters import blocklist
    from transcripts.speech.registry import open_engine

    recordings = read_recordings(arguments.folder)
    terms = _terms(arguments.terms)
    settings = speech_settings(arguments)
    engine = open_engine(settings)
    limits = PieceLimits(
        settings.speech_piece_least_seconds * 1000, settings.speech_piece_most_seconds * 1000
    )
    try:
        scores = []
        with shown_progress() as progress:
            task = progress.add_task("正在识别", total=len(recordings))
            hints = Hints(tuple(terms))
            for score in evaluate(recordings, engine, hints, limits, blocklist(settings), terms):
                scores.append(score)
                progress.advance(task)
        whole = Score(tuple(scores))
        if arguments.json:
            say_json(_json(whole, engine.identity, settings.speech_threads))
        else:
            say(_text(whole, engine.identity))
    finally:
        engine.close()


def _terms(path: Path | None) -> list[str]:
    from core.errors import NotFound
    from transcripts.cues.encodings import decode
    from transcripts.glossary.seed import seed

    if path is None:
        return list(seed().terms)
    if not path.is_file():
        raise NotFound(f"没有这个文件：{path}")
    return [line.strip() for line in decode(path.read_bytes()).splitlines() if line.strip()]


def _json(score: "Score", identity: "EngineIdentity", threads: int) -> dict[str, object]:
    return {
        "engine": identity.engine,
        "model": identity.model,
        "sha256": identity.sha256,
        "threads": threads,
        "cer": score.cer,
        "edits": score.edits,
        "characters": score.characters,
        "term_recall": score.terms.recall,
        "terms_said": score.terms.said,
        "terms_found": score.terms.found,
        "hallucinated_per_silent_minute": score.invented_per_silent_minute,
        "hallucinated_per_silent_minute_before_filters": score.invented_before_per_silent_minute,
        "silent_minutes": score.silent_minutes,
        "real_time_factor": score.real_time_factor,
        "seconds": score.seconds,
        "clips": [
            {
                "name": clip.name,
                "cer": clip.cer,
                "edits": clip.edits,
                "characters": len(clip.reference),
                "reference": clip.reference,
                "heard": clip.heard,
                "seconds": clip.seconds,
                "held_characters": clip.held,
            }
            for clip in score.clips
        ],
    }


def _text(score: "Score", identity: "EngineIdentity") -> str:
    lines = [f"{_percent(clip.cer):>7}  {len(clip.reference):>5} 字  {clip.name}" for clip in score.clips]
    said = score.terms.said
    return "\n".join(
        [
            *lines,
            "",
            f"引擎 {identity.engine}，模型 {identity.model or '（无）'}，录音 {score.seconds / 60:.1f} 分钟",
            f"字错误率（CER，全部合计）：{_percent(score.cer)}，{score.characters} 字里错 {score.edits} 字",
            f"法律用词听对：{_percent(score.terms.recall)}（{said} 处里 {score.terms.found} 处）",
            f"无人说话时每分钟多出：{_number(score.invented_per_silent_minute)} 字"
            f"（过滤前 {_number(score.invented_before_per_silent_minute)} 字）",
            f"识别用时 ÷ 录音长度：{_number(score.real_time_factor, 3)}（不含装入模型）",
        ]
    )


def _percent(value: float | None) -> str:
    return "—" if value is None else f"{value * 100:.1f}%"


def _number(value: float | None, digits: int = 1) -> str:
    return "—" if value is None else f"{value:.{digits}f}"
