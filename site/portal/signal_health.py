"""What the person on duty should know about an encoder's signal, and what to do about it. Pure."""

from dataclasses import dataclass
from typing import Literal

from portal.board import AirDetails, Signal

KEYFRAMES_FAR = 4.0  # seconds between keyframes from which quality suffers
BITRATE_LOW = 300.0  # kbit/s
BITRATE_HIGH = 6000.0
HEVC = "hevc"
MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Advice:
    tone: Literal["attention", "error"]
    text: str


def advice(details: AirDetails) -> list[Advice]:
    """The most urgent first; nothing when all is well."""
    found = _of_disk(details)
    if details.contenders:
        others = "、".join(details.contenders)
        found.append(
            Advice(
                "error", f"另有推流软件（{others}）在用同一个推流码连接。请只保留一台；不认识它就更换推流码。"
            )
        )
    if details.signal is not None:
        found += _of_signal(details.signal)
        if details.signal.video_codec == HEVC and not details.rungs:
            found.append(
                Advice(
                    "error",
                    "推流用的是 H.265，这台服务器转不了，观众看不到画面。"
                    "请在推流软件里把视频编码器改为 H.264（x264），重新开始推流。",
                )
            )
    if details.shed:
        found.append(
            Advice("attention", f"机器处理不过来，已停用 {'、'.join(details.shed)} 画质；原画不受影响。")
        )
    if details.problems:
        found.append(
            Advice(
                "attention",
                f"收到 {details.problems} 处无法识别的数据，已跳过。画面或声音异常时，请重启推流软件。",
            )
        )
    return found


def _of_disk(details: AirDetails) -> list[Advice]:
    found: list[Advice] = []
    if details.unwritten is not None:
        found.append(
            Advice(
                "error",
                f"硬盘写不进去，有 {details.unwritten / MIB:.1f} MB 内容只在内存里，再久就会丢。"
                "请马上请管理员检查硬盘空间，直播先不要停。",
            )
        )
    if details.segments_lost:
        found.append(
            Advice("error", f"硬盘故障期间，有 {details.segments_lost} 段内容没能存下，回看里会缺这几段。")
        )
    return found


def _of_signal(signal: Signal) -> list[Advice]:
    found: list[Advice] = []
    if signal.video_codec is None:
        found.append(
            Advice("attention", "没有收到画面，观众只能听到声音。请检查推流软件里的摄像头或窗口来源。")
        )
    if signal.audio_codec is None:
        found.append(Advice("error", "没有收到声音。请检查麦克风是否接好、推流软件里是否静音。"))
    if signal.keyframe_seconds is not None and signal.keyframe_seconds > KEYFRAMES_FAR:
        found.append(
            Advice(
                "attention",
                f"关键帧间隔是 {signal.keyframe_seconds:.1f} 秒，太长了，观众打开会慢。"
                "请在推流软件“输出”里把关键帧间隔改为 1 秒。",
            )
        )
    if signal.bitrate_kbps is not None and signal.bitrate_kbps < BITRATE_LOW:
        found.append(Advice("attention", "码率很低，画面可能不清楚。请检查现场的网络。"))
    if signal.bitrate_kbps is not None and signal.bitrate_kbps > BITRATE_HIGH:
        found.append(Advice("attention", "码率很高，网络不好的观众会卡顿。建议把视频码率设为 2000 Kbps。"))
    return found
