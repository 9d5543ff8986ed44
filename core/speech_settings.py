"""The settings of recognition, subtitles and search. A part of core.settings."""

from pathlib import Path
from typing import Literal

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
        None,
        "语音模型所在的文件夹；不设时用数据文件夹里 models/ 下最后安装的、这个引擎能用的那一个",
        "文件夹的路径",
    )
    speech_model_mib: int = whole(8192, "安装的语音模型最大多少 MiB，防压缩炸弹", most=1_048_576)
    speech_device: Literal["auto", "cpu", "cuda"] = setting(
        "auto", "语音识别在哪里算：auto 有显卡就用显卡", "auto、cpu 或 cuda"
    )
    speech_compute_type: str = setting(
        "int8",
        "语音识别的计算精度；显卡上可用 float16 或 int8_float16",
        "CTranslate2 的精度名",
        pattern=r"^[a-z0-9_]{3,24}$",
    )
    speech_threads: int = whole(0, "语音识别用多少个处理器线程；0 是全部", least=0, most=256)
    speech_beam: int = whole(5, "语音识别每一步比较多少种写法，越多越慢", most=10)
    speech_blocklist: str = setting(
        "", "除自带的以外，还有哪些句子出现时要先由人看过；用 | 隔开", "文字", max_length=4000
    )
    speech_piece_least_seconds: int = whole(
        300, "识别时按停顿把录音切成一段一段，每段至少多少秒", least=2, most=3600
    )
    speech_piece_most_seconds: int = whole(
        600, "每段最多多少秒；一直没有停顿才会在这里切断", least=4, most=3600
    )
    speech_live_first: bool = setting(True, "有直播时暂停识别，直播结束后接着识别", "true 或 false")
    speech_pause_minutes: int = whole(30, "开讲前多少分钟起暂停识别", least=0, most=24 * 60)
    speech_nice: int = whole(10, "识别进程让出处理器的程度（nice 值），19 为最谦让", least=0, most=19)
    speech_attempts: int = whole(4, "识别连续多少次没有进展就不再自动重试", most=100)
    speech_retry_seconds: int = whole(60, "识别没有成功时，多少秒后再试", least=1, most=24 * 3600)
    speech_claim_seconds: int = whole(
        60, "识别进程多少秒没有动静，就由别的进程接着识别", least=2, most=24 * 3600
    )
    speech_look_back_days: int = whole(30, "补做最近多少天内结束、还没有识别过的讲座", least=1, most=3650)

    # live captions
    live_caption_window_seconds: int = whole(
        3, "实时字幕：话没有停顿时，每多少秒识别一次；越短字幕来得越快，也越容易听错", most=10
    )
    live_caption_delay_seconds: int = whole(6, "实时字幕最多可以比画面晚多少秒", least=2, most=60)
    live_caption_patience_seconds: int = whole(
        20, "实时字幕连续多少秒都跟不上，就自动关闭，并在工作台说明", least=5, most=600
    )
    live_caption_queue_seconds: int = whole(
        10, "等着识别的声音最多留多少秒，超过就丢掉；直播本身不受影响", least=2, most=60
    )
    live_caption_beam: int = whole(1, "实时字幕识别时每一步比较多少种写法，越多越慢", most=10)

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
    subtitle_tool_mib: int = whole(
        50, "命令 weiketang cues 和 weiketang vtt check 读的文件最大多少 MiB", most=1024
    )
    subtitle_questions: int = whole(60, "一次最多请主讲人核对多少处用词", most=500)
    glossary_most: int = whole(5000, "词库最多多少个词", most=50_000)
    glossary_import_kib: int = whole(512, "导入的词库文件最大多少 KiB", most=10_240)

    # the approved script
    script_mib: int = whole(20, "讲稿文件最大多少 MiB，超过就不从里面读文字", most=1024)
    script_unpacked_mib: int = whole(100, "讲稿（.docx）解开后最多多少 MiB，防压缩炸弹", most=10_240)
    script_pages: int = whole(200, "讲稿（.pdf）最多多少页", most=5000)
    script_characters: int = whole(60_000, "讲稿最多多少个字", most=1_000_000)
    script_seconds: int = whole(20, "从讲稿文件里读文字最多用多少秒", most=600)

    # search
    search_query_characters: int = whole(100, "搜索时最多看输入的前多少个字", most=1000)
    search_query_words: int = whole(8, "搜索时最多找几个词（用空格隔开）", most=32)
    search_page_rows: int = whole(20, "搜索结果一页显示多少条", most=100)
    search_most_pages: int = whole(20, "搜索结果最多能翻到第几页", most=1000)
    search_snippets: int = whole(3, "一条搜索结果最多列出几处原文", most=20)
    search_snippet_characters: int = whole(60, "搜索结果的一处原文最多显示多少个字", least=20, most=500)
    search_suggestions: int = whole(6, "没有搜到时，最多推荐几个相近的词", least=0, most=20)
    search_suggestion_titles: int = whole(500, "推荐相近的词时，看最近多少个标题", least=0, most=5000)
    search_synonyms_path: Path | None = setting(
        None, "同义词文件；不设时用随软件带的那一份。一行一组，用等号隔开，例如“微课堂=微课”", "文件的路径"
    )
    transcript_cache_seconds: int = whole(60, "公开的字幕文件可以缓存多少秒", least=0, most=3600)
    law_database_url: str = setting(
        "https://flk.npc.gov.cn/",
        "文字稿里法律名称链接到的法律法规数据库；地址里可以写 {law}，会换成法律的名称",
        "https:// 开头的地址",
        pattern=r"^https?://\S+$",
    )
