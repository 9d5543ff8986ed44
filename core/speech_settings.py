"""The settings of recognition, subtitles and search. A part of core.settings."""

from pathlib import Path

from pydantic_settings import BaseSettings

from core.setting_fields import setting, whole


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

    # correcting subtitles
    subtitle_hold_seconds: int = whole(90, "校对页多少秒没有动静，就算没有人在校对", least=30, most=3600)
    subtitle_version_minutes: int = whole(
        10, "同一个人接着改，停顿不到多少分钟就记在同一个版本里", most=24 * 60
    )
    subtitle_doubt_percent: int = whole(
        60, "识别的把握低于百分之多少，就在校对页里标成“没把握”", least=0, most=100
    )
    subtitle_most_cues: int = whole(6000, "一期字幕最多多少条", most=50_000)
    subtitle_save_kib: int = whole(4096, "校对页一次保存最多多少 KiB", most=65_536)
    subtitle_import_kib: int = whole(2048, "导入的字幕文件或讲稿文字最大多少 KiB", most=65_536)
    subtitle_questions: int = whole(60, "一次最多请主讲人核对多少处用词", most=500)
    glossary_most: int = whole(5000, "词库最多多少个词", most=50_000)
    glossary_import_kib: int = whole(512, "导入的词库文件最大多少 KiB", most=10_240)
