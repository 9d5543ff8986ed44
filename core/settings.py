"""Every setting of the system: a field, its default, its unit, its words. Read from WEIKETANG_* at start."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

from pydantic import ValidationError, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from core.audience_settings import AudienceSettings
from core.errors import DomainError
from core.plan_settings import PlanSettings
from core.setting_fields import PORT, setting, whole
from core.speech_settings import SpeechSettings

PREFIX = "WEIKETANG_"
DATABASE_SCHEMES = ("sqlite", "postgres", "postgresql", "asyncpg")


class SettingsError(DomainError):
    """设置有误。"""


class Settings(AudienceSettings, SpeechSettings, PlanSettings):
    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, frozen=True, extra="forbid")

    # where things are
    data_dir: Path = setting(Path("var"), "数据文件夹：数据库、直播留存、密钥都在里面", "文件夹的路径")
    database_url: str = setting(
        lambda fields: f"sqlite://{quote(str(fields.get('data_dir', '')))}/weiketang.sqlite3",
        "数据库地址；不设时用数据文件夹里的 SQLite",
        "sqlite:///路径 或 postgres://用户:口令@主机:端口/库名",
        secret=True,
    )
    store_url: str | None = setting(
        None,
        "讲座结束后再存一份副本的地方；不设就不另存，请自行备份数据文件夹",
        "s3://桶名/前缀 或 file:///路径",
        pattern=r"^(s3|file)://.+",
    )
    store_endpoint: str | None = setting(
        None, "对象存储的服务地址（S3 兼容）", "http:// 或 https:// 开头的地址", pattern=r"^https?://.+"
    )
    store_region: str = setting("us-east-1", "对象存储的区域名", "区域名")
    store_access_key: str | None = setting(None, "对象存储的访问密钥编号", "文字", secret=True)
    store_secret_key: str | None = setting(None, "对象存储的访问密钥", "文字", secret=True)

    # addresses
    http_host: str = setting("127.0.0.1", "网站监听的地址", "IP 地址或主机名")
    http_port: int = setting(8000, "网站监听的端口", PORT, ge=0, le=65535)
    rtmp_host: str = setting("127.0.0.1", "推流（RTMP）监听的地址", "IP 地址或主机名")
    rtmp_port: int = setting(1935, "推流（RTMP）监听的端口", PORT, ge=0, le=65535)
    public_url: str = setting(
        lambda fields: f"http://127.0.0.1:{fields.get('http_port', 8000)}",
        "观众访问网站的地址，结尾不带斜杠；可以带路径前缀",
        "http:// 或 https:// 开头的地址",
        pattern=r"^https?://[^/\s]+(/\S*)?$",
    )
    public_rtmp_url: str = setting(
        lambda fields: f"rtmp://127.0.0.1:{fields.get('rtmp_port', 1935)}/live",
        "讲师在推流软件里填的服务器地址",
        "rtmp:// 或 rtmps:// 开头的地址",
        pattern=r"^rtmps?://[^/\s]+/\S+$",
    )
    trusted_proxies: str = setting(
        "127.0.0.1", "可以相信其 X-Forwarded-For 的反向代理", "用逗号隔开的 IP 地址，或 *"
    )
    site_name: str = setting("法治微课堂", "网站名称", "文字", min_length=1, max_length=40)
    site_owner: str = setting("", "页脚显示的主办单位；不设就不显示", "文字", max_length=80)
    site_undertaker: str = setting("", "页脚显示的承办单位；不设就不显示", "文字", max_length=80)
    site_phone: str = setting("", "页脚显示的联系电话；不设就不显示", "文字", max_length=40)
    site_address: str = setting("", "页脚显示的地址；不设就不显示", "文字", max_length=120)
    site_postcode: str = setting("", "页脚显示的邮政编码；不设就不显示", "6 位数字", pattern=r"^(\d{6})?$")
    site_id_code: str = setting("", "政府网站标识码；不设就不显示", "10 位数字", pattern=r"^(\d{10})?$")
    site_icp: str = setting("", "ICP 备案号；不设就不显示", "文字", max_length=40)
    site_police: str = setting("", "公安机关备案号；不设就不显示", "文字", max_length=40)
    site_av_licence: str = setting(
        "", "页脚显示的《信息网络传播视听节目许可证》号，连同持证单位；不设就不显示", "文字", max_length=80
    )

    # secrets and sessions
    app_secret: str | None = setting(
        None,
        "应用密钥，推流码由它算出；不设时首次启动在数据文件夹里生成",
        "32 个字符以上的文字",
        secret=True,
        min_length=32,
    )
    previous_app_secret: str | None = setting(
        None, "更换应用密钥前的旧密钥，换钥期间仍然有效", "32 个字符以上的文字", secret=True, min_length=32
    )
    session_idle_minutes: int = whole(30, "登录后多少分钟不操作就退出", most=24 * 60)
    session_absolute_hours: int = whole(12, "登录后最多多少小时必须重新登录", most=24 * 30)
    login_failures: int = whole(5, "连续输错多少次口令就锁定", most=100)
    login_lock_minutes: int = whole(15, "锁定多少分钟", most=24 * 60)
    administrator_idle_minutes: int = whole(
        30, "管理员登录后多少分钟不操作就退出（等保要求 15 到 30 分钟）", most=30
    )
    password_days: int = whole(90, "口令用多少天后必须更换；0 表示不要求定期更换", least=0, most=3650)
    second_factor: Literal["auto", "on", "off"] = setting(
        "auto",
        "管理员登录是否还要动态验证码；auto 是正式名册要、全是示例单位时不要",
        "auto、on 或 off",
    )
    second_factor_minutes: int = whole(5, "口令输对后，多少分钟内要输入动态验证码", most=60)
    link_hours: int = whole(24, "一次性链接多少小时内有效", most=24 * 30)
    link_grant_hours: int = whole(12, "审核人、主讲人打开一次性链接后，多少小时内可以办完", most=24 * 7)

    # lists of units as xlsx
    roster_file_kib: int = whole(200, "上传的单位名册最大多少 KiB", most=10_240)
    roster_rows: int = whole(500, "单位名册最多多少行", most=10_000)
    roster_columns: int = whole(30, "单位名册最多多少列", most=1000)
    roster_upload_hours: int = whole(24, "上传的单位名册，多少小时内可以确认", most=24 * 30)
    workbook_unpacked_mib: int = whole(20, "xlsx 文件解压后最多多少 MiB，防压缩炸弹", most=500)

    # the audit log and the API
    audit_mask_key_days: int = whole(
        200,
        "操作日志里掩码号码的比对密钥，在那个月过去多少天后删除；删除后就无法再认出是哪个号码。"
        "日志本身不删（网络安全法第二十三条第三项：不少于六个月）",
        least=180,
    )
    audit_page_rows: int = whole(50, "操作日志一页显示多少条", most=500)
    audit_export_rows: int = whole(20_000, "操作日志一次最多导出多少条", most=200_000)
    token_days: int = whole(365, "接口令牌最多有效多少天", most=3650)
    token_most: int = whole(50, "同时有效的接口令牌最多多少个", most=1000)
    api_page_rows: int = whole(100, "接口一页最多给出多少条", most=1000)

    # papers and posters
    pdf_font_path: Path | None = setting(
        None,
        "PDF 和海报用的中文字体；不设时用 scripts/setup 装好的思源黑体（Noto Sans SC）",
        "TTF、OTF 或 TTC 文件的路径，许可须允许嵌入",
    )

    # what a web request may be
    http_body_kib: int = whole(256, "一次提交的内容最多多少 KiB")
    http_body_seconds: int = whole(30, "一次提交的内容最多等多少秒")
    http_head_seconds: int = whole(15, "一个请求的头部最多等多少秒")
    http_unread_seconds: int = whole(60, "对方多少秒不接收回答就断开")

    # a lecture on the air
    early_publish_minutes: int = whole(30, "开播前多少分钟起接受推流", least=0)
    interruption_silence_seconds: int = whole(4, "推流连着但多少秒没有数据，就算信号中断", most=60)
    interruption_grace_seconds: int = whole(120, "推流中断后等多少秒才收场", least=0)
    reopen_minutes: int = whole(30, "计划结束后多少分钟内，同一推流码还能续播", least=0)
    lease_seconds: int = whole(6, "媒体进程多少秒没有动静，就视为不再负责它的直播", least=2)

    # packaging
    part_target_ms: int = whole(400, "低延迟分片的目标时长，毫秒", least=100, most=2000)
    segment_target_ms: int = whole(2000, "分段的目标时长，毫秒", least=1000, most=4000)
    hot_segments: int = whole(8, "每一档画质留在内存里的最新分段数", least=4)
    segment_cache_mib: int = whole(128, "较早分段的内存缓存，MiB", least=0)
    journal_queue_mib: int = whole(64, "磁盘写不动时，每场直播最多在内存里积压多少 MiB")
    ahead_of_clock_seconds: int = whole(5, "推流的时间最多可以比时钟快多少秒")

    # RTMP limits
    rtmp_max_message_mib: int = whole(10, "一条 RTMP 消息最大多少 MiB", most=16)
    rtmp_max_chunk_streams: int = whole(32, "一个连接最多多少个 RTMP 块流", least=8)
    rtmp_max_connections: int = whole(200, "同时最多多少个 RTMP 连接")
    rtmp_max_connections_per_address: int = whole(20, "同一地址同时最多多少个 RTMP 连接")
    rtmp_handshake_timeout_seconds: int = whole(10, "RTMP 握手最多等多少秒")
    rtmp_idle_timeout_seconds: int = whole(30, "RTMP 连接多少秒没有数据就断开")
    rtmp_read_interval_ms: int = whole(
        40, "每隔多少毫秒收一次推流数据，0 为随到随收：间隔长则省处理器，直播也晚这么久", least=0, most=50
    )
    takeover_silence_seconds: int = whole(2, "旧的推流多少秒没有数据，新的推流就直接接替", least=0)
    takeover_hold_seconds: int = whole(60, "抢占一次之后，多少秒内不许再抢占正在推流的一方", least=0)

    # encoding
    ffmpeg_path: Path | None = setting(None, "ffmpeg 程序的路径；不设时用随包安装的那一个", "文件的路径")
    ladder: str = setting(
        "auto",
        "除原画外转出的画质：auto 按机器能力选，none 不转码",
        "auto、none，或用逗号隔开的 1080p、720p、480p",
        pattern=r"^(auto|none|(1080p|720p|480p)(,(1080p|720p|480p))*)$",
    )
    encoder_queue_seconds: int = whole(2, "等待转码的画面最多积压多少秒")
    encoder_queue_mib: int = whole(8, "等待转码的画面最多积压多少 MiB")

    # processes and logs
    worker: bool = setting(True, "serve 时是否同时启动后台任务进程", "true 或 false")
    job_threads: int = whole(1, "后台任务进程同时做多少个任务", most=32)
    log_format: Literal["console", "json"] = setting("console", "日志的格式", "console 或 json")
    log_level: Literal["debug", "info", "warning", "error"] = setting(
        "info", "记录到哪一级的日志", "debug、info、warning 或 error"
    )

    @field_validator("data_dir", "ffmpeg_path", "pdf_font_path", "speech_model_dir", "search_synonyms_path")
    @classmethod
    def _absolute(cls, path: Path | None) -> Path | None:
        return None if path is None else path.expanduser().absolute()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The command line and the environment: a file that happens to lie in the folder decides nothing."""
        return init_settings, env_settings

    @field_validator("public_url", "public_rtmp_url")
    @classmethod
    def _without_slash(cls, url: str) -> str:
        return url.rstrip("/")

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, url: str) -> str:
        if not re.match(rf"^({'|'.join(DATABASE_SCHEMES)})://.+", url):
            raise ValueError("unknown database")
        return url


def load_settings(**overrides: Any) -> Settings:
    """The settings of this process: overrides (of the command line), then WEIKETANG_*, then the defaults.

    Raises SettingsError with one line that names the variable, what it got and what it takes.
    """
    given = {name: value for name, value in overrides.items() if value is not None}
    from_files = _read_files(os.environ)
    try:
        return Settings(**{**from_files, **given})
    except ValidationError as error:
        raise SettingsError(_explain(error)) from None


CHAPTERS = {
    "data_dir": "数据放在哪里",
    "http_host": "地址和端口",
    "app_secret": "密钥和登录",
    "pdf_font_path": "文件和海报",
    "audit_mask_key_days": "操作日志和接口",
    "http_body_kib": "网站的限制",
    "rota_rule": "排期和一期的时间规则",
    "deadline_remind_days": "从轮值到讲座",
    "reminder_from_hour": "提醒和普法提示",
    "speech_engine": "语音识别和字幕",
    "beacon_batch_ms": "收看统计",
    "part_target_ms": "打包和播放",
    "rtmp_max_message_mib": "推流的限制",
    "ffmpeg_path": "转码",
    "worker": "进程和日志",
}
"""The first field of each chapter of docs/settings.md."""


def markdown() -> str:
    """docs/settings.md, from the fields."""
    lines = [
        "# 设置",
        "",
        "全部设置都来自环境变量。`*_FILE` 的那一种写法给出一个文件的路径，值从文件里读。",
        "名称写错或值不对，启动时就会报出来。这一页由 `weiketang settings --markdown` 生成。",
    ]
    for name, field in Settings.model_fields.items():
        if name in CHAPTERS:
            lines += [
                "",
                f"## {CHAPTERS[name]}",
                "",
                "| 变量 | 作用 | 可用的值 | 默认 |",
                "|---|---|---|---|",
            ]
        names = f"`{variable(name)}`" + (f"，`{variable(name)}_FILE`" if is_secret(field) else "")
        allowed = takes(field).replace("|", "\\|")
        lines.append(f"| {names} | {field.description} | {allowed} | {_default_shown(name, field)} |")
    return "\n".join(lines) + "\n"


def _default_shown(name: str, field: FieldInfo) -> str:
    if name == "database_url":
        return "`sqlite://<数据文件夹>/weiketang.sqlite3`"
    if name == "data_dir":
        return "`./var`"
    value = field.get_default(call_default_factory=True, validated_data={})
    if value is None or value == "":
        return "不设"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def variable(name: str) -> str:
    return PREFIX + name.upper()


def takes(field: FieldInfo) -> str:
    return str(_extra(field)["takes"])


def is_secret(field: FieldInfo) -> bool:
    return bool(_extra(field)["secret"])


def _extra(field: FieldInfo) -> Mapping[str, Any]:
    extra = field.json_schema_extra
    if not isinstance(extra, dict):
        raise TypeError("a settings field is made by setting()")
    return extra


def _read_files(environ: Mapping[str, str]) -> dict[str, str]:
    """The values given by `_FILE` variables; on the way, every WEIKETANG_ name is checked."""
    fields = {variable(name): name for name in Settings.model_fields}
    secret_files = {
        f"{variable(name)}_FILE": name for name, field in Settings.model_fields.items() if is_secret(field)
    }
    values: dict[str, str] = {}
    for key in sorted(environ):
        if not key.upper().startswith(PREFIX) or key.upper() in fields:
            continue
        name = secret_files.get(key.upper())
        if name is None:
            raise SettingsError(f"{key}：没有这个设置，请核对名称（全部设置见 weiketang settings）。")
        if not environ[key]:
            continue
        if environ.get(variable(name)):
            raise SettingsError(f"{variable(name)} 和 {key} 只能设一个。")
        try:
            values[name] = Path(environ[key]).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "不是 UTF-8 文本"
            raise SettingsError(f"{key}：读不了文件 {environ[key]}（{reason}）。") from None
    return values


def _explain(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_context=False)[0]
    name = str(first["loc"][0])
    field = Settings.model_fields.get(name)
    if field is None:
        return f"{name}：没有这个设置。"
    got = "（不显示）" if is_secret(field) else repr(str(first["input"]))
    return f"{variable(name)} 的值 {got} 不能用：应为{takes(field)}。"
