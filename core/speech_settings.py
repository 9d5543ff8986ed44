"""The settings of recognition, subtitles and search. A part of core.settings."""

from pathlib import Path

from pydantic_settings import BaseSettings

from core.setting_fields import setting


class SpeechSettings(BaseSettings):
    # recognition
    speech_engine: str = setting(
        "whisper",
        "语音识别引擎，只用这一个，装不上也不会悄悄换成别的：whisper、sherpa，或自备引擎的 模块:函数",
        "whisper、sherpa，或 模块:函数",
        pattern=r"^(whisper|sherpa|[A-Za-z_][\w.]*:[A-Za-z_]\w*)$",
    )
    speech_model_dir: Path | None = setting(
        None, "语音模型所在的文件夹；不设时用数据文件夹里 models/ 下已安装的那一个", "文件夹的路径"
    )
