"""`weiketang models …`: the speech models of this machine."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from portal.cli.parser import Group, add_command, add_group, add_json

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from core.settings import Settings
    from transcripts.speech.catalogue import KnownModel
    from transcripts.speech.model_folder import ModelFolder

ENGINES = {"whisper": "Whisper", "sherpa": "sherpa-onnx"}
MIRROR = "HF_ENDPOINT"


def add_commands(commands: Group) -> None:
    group = add_group(commands, "models", help="语音模型", example="weiketang models install small")
    listing = add_command(
        group,
        "list",
        list_models,
        help="列出装好的和可以装的语音模型",
        example="weiketang models list",
    )
    add_json(listing)
    install = add_command(
        group,
        "install",
        install_model,
        help="安装一个语音模型；中断了再运行一次会接着下载",
        example="weiketang models install small\n  weiketang models install small --from small.tar.gz",
    )
    install.add_argument(
        "name",
        metavar="名字",
        help=f"models list 里的名字，或模型站上的 作者/仓库；环境变量 {MIRROR} 可以指定镜像",
    )
    install.add_argument(
        "--from",
        dest="source",
        type=Path,
        metavar="路径",
        help="不上网，从文件夹或 .tar、.tar.gz、.zip 压缩包安装",
    )
    verify = add_command(
        group,
        "verify",
        verify_models,
        help="按安装时的 SHA-256 检查语音模型的文件",
        example="weiketang models verify small",
    )
    verify.add_argument("name", metavar="名字", nargs="?", help="只检查这一个（默认全部）")


def list_models(arguments: argparse.Namespace) -> None:
    from portal.cli.console import say, say_json, say_table
    from transcripts.speech.registry import model_state

    settings = _settings(arguments)
    rows = _rows(settings)
    state = model_state(settings)
    if arguments.json:
        say_json(
            {
                "engine": state.engine,
                "model": state.model,
                "ready": state.is_ready,
                "message": state.message,
                "models": rows,
            }
        )
        return
    say_table(
        ("名字", "引擎", "大小", "状态", "适合"),
        [
            (row["name"], ENGINES.get(row["engine"], "?"), f"{row['mib']} MiB", row["label"], row["advice"])
            for row in rows
        ],
    )
    say("")
    say(f"现在用：{state.engine}，{state.model}" if state.is_ready else state.message)


def _rows(settings: "Settings") -> list[dict[str, Any]]:
    from transcripts.speech.catalogue import CATALOGUE
    from transcripts.speech.model_folder import MODELS, PARTIAL, engine_of, installed_models

    installed = {each.name: each for each in installed_models(settings.data_dir)}
    known = {model.name: model for model in CATALOGUE}
    rows = []
    for name in [*known, *(each for each in installed if each not in known)]:
        here, model = installed.get(name), known.get(name)
        half = settings.data_dir / MODELS / f"{name}{PARTIAL}"
        state, label = "available", "可以安装"
        if here is not None:
            state, label = _state_of(here)
        elif half.is_dir():
            state, label = "partial", "没有装完，再装一次会接着下载"
        rows.append(
            {
                "name": name,
                "engine": (engine_of(here) if here else None) or (model.engine if model else ""),
                "mib": _mib(here.path) if here else (model.mib if model else 0),
                "state": state,
                "label": label,
                "advice": model.advice if model else "",
            }
        )
    return rows


def _state_of(model: "ModelFolder") -> tuple[str, str]:
    from transcripts.speech.errors import BrokenModel
    from transcripts.speech.model_folder import check_files, engine_of

    engine = engine_of(model)
    try:
        if engine is None:
            return "broken", "不是语音模型"
        check_files(model, engine)
    except BrokenModel:
        return "broken", "不完整，请重新安装"
    return "installed", "已安装"


def install_model(arguments: argparse.Namespace) -> None:
    from core.clock import SystemClock
    from portal.cli.console import say, tell
    from portal.cli.speech import shown_progress
    from transcripts.speech.installing import Limits, check_name, install_from_hub, install_from_path

    settings = _settings(arguments)
    limits = Limits(settings.speech_model_mib << 20)
    now = SystemClock().now()
    source: Path | None = arguments.source
    known = None if source else _known(arguments.name)
    with shown_progress(of_bytes=True) as shown:
        tasks: dict[str, Any] = {}

        def progress(name: str, done: int, total: int) -> None:
            if name not in tasks:
                tasks[name] = shown.add_task(name, total=total or None)
            shown.update(tasks[name], completed=done)

        if source is not None:
            name = check_name(arguments.name)
            model = install_from_path(source, name, settings.data_dir, limits, now=now, progress=progress)
        else:
            assert known is not None
            with _hub() as hub:
                model = install_from_hub(known, hub, settings.data_dir, limits, now=now, progress=progress)
    say(f"语音模型 {model.name} 已安装：{model.path}")
    _tell_what_is_next(settings, model, tell)


def _known(name: str) -> "KnownModel":
    """Of the catalogue, or a repository that keeps a model for faster-whisper. Raises NotFound."""
    from core.errors import NotFound
    from transcripts.speech.catalogue import BY_NAME, WHISPER_FILES, KnownModel

    if name in BY_NAME:
        return BY_NAME[name]
    if name.count("/") == 1 and all(name.split("/")):
        return KnownModel(name.split("/")[1].lower(), "whisper", name, 0, "", WHISPER_FILES)
    raise NotFound(f"没有叫 {name} 的模型，可以装：{'、'.join(BY_NAME)}，或模型站上的 作者/仓库。")


def _hub() -> Any:
    import os

    from huggingface_hub import constants

    from transcripts.speech.hub import Hub

    return Hub(os.environ.get(MIRROR) or constants.ENDPOINT)


def _tell_what_is_next(settings: "Settings", model: "ModelFolder", tell: Any) -> None:
    from transcripts.speech.model_folder import engine_of
    from transcripts.speech.registry import model_state

    state = model_state(settings)
    engine = engine_of(model)
    if state.is_ready and state.model == model.name:
        tell("等待识别的讲座会自动开始，不用重启。")
    elif settings.speech_engine != engine:
        tell(
            f"现在的识别引擎是 {settings.speech_engine}；要用它，请设 WEIKETANG_SPEECH_ENGINE={engine} 后重启。"
        )
    else:
        tell(state.message or "WEIKETANG_SPEECH_MODEL_DIR 指定了别的模型；去掉这个设置并重启，才会用它。")


def verify_models(arguments: argparse.Namespace) -> None:
    from functools import partial

    from core.errors import NotFound
    from portal.cli.console import say
    from portal.cli.speech import shown_progress
    from transcripts.speech.errors import BrokenModel
    from transcripts.speech.model_folder import ModelFolder, installed_models
    from transcripts.speech.verifying import verify

    settings = _settings(arguments)
    models = installed_models(settings.data_dir)
    own = settings.speech_model_dir
    if own is not None and own.is_dir() and own.absolute() not in [each.path.absolute() for each in models]:
        models.append(ModelFolder(own.absolute()))
    if arguments.name:
        models = [each for each in models if each.name == arguments.name]
    if not models:
        raise NotFound("没有可以检查的语音模型。用 weiketang models list 看有哪些。")
    wrong = []
    for model in models:
        with shown_progress(of_bytes=True) as shown:
            task = shown.add_task(model.name, total=None)
            findings = verify(model, partial(_show, shown, task))
        for finding in findings:
            say(f"{model.name}：{finding}")
        if findings:
            wrong.append(model.name)
        else:
            say(f"{model.name}：完好")
    if wrong:
        raise BrokenModel(f"有问题的语音模型：{'、'.join(wrong)}。请用 weiketang models install 重新安装。")


def _show(shown: "Progress", task: "TaskID", done: int, total: int) -> None:
    shown.update(task, completed=done, total=total)


def _settings(arguments: argparse.Namespace) -> "Settings":
    from core.logs import configure_logs
    from core.settings import load_settings

    settings = load_settings(data_dir=arguments.data_dir)
    configure_logs(settings.log_format, "debug" if arguments.debug else "warning")
    return settings


def _mib(folder: Path) -> int:
    return -(-sum(path.stat().st_size for path in folder.iterdir() if path.is_file()) // (1 << 20))
