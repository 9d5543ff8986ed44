"""Which rungs a source gets on this machine. Pure: source, capacity and setting in, rungs out.

Rungs are named by the shorter side of the picture, so a portrait picture of 1080 × 1920 has a `720p` rung of
720 × 1280. The frame rate is never touched: every rung has exactly the source's times, and a source that is
too fast for the machine gets fewer rungs instead.
"""

from dataclasses import dataclass

from streaming.codecs import VideoInfo, video_info
from streaming.samples import VideoCodec, VideoConfig

AUTO, NONE = "auto", "none"
NAMES = {"1080p": 1080, "720p": 720, "480p": 480}
"""Rung name → shorter side in pixels, largest first."""
_LOWER = ("720p", "480p")

ASSUMED_FPS = 30.0
_SMALLER = 0.8
"""A rung must have at most this share of the source's pixels, else it is no help to anybody."""

_BITS_PER_PIXEL = 0.065
"""Bits per pixel and frame at 30 frames/s: 1.8 Mbit/s for 720p, 0.8 Mbit/s for 480p."""
_FAST_FPS = 40
_FAST_FACTOR = 1.5
"""Above 40 frames/s pictures differ less from one to the next: bits rise by half, not by two."""
_PEAK = 1.2
"""maxrate over bitrate; the decoder buffer holds one second of maxrate."""

# Core-seconds per million pixels, measured with imageio-ffmpeg's 9.0 (x264 veryfast zerolatency, one thread)
# over 300 frames of testsrc2 with temporal noise at 4 Mbit/s; user + system time of decode alone,
# decode + scale, decode + scale + encode: 1080p → 720p 1.3 / 1.8 / 4.5 s, 720p → 480p 1.0 / 1.2 / 3.2 s.
_DECODE = {VideoCodec.H264: 0.0030, VideoCodec.HEVC: 0.0055}
_SCALE = 0.0008  # of the source
_ENCODE = 0.0120
_ENCODE_IN_HARDWARE = 0.0010  # copying to the device and back
_PER_FRAME = 0.0004  # muxing, pipes, and our own reading of them, per rung
_SHARE = 0.7
"""Share of the cores that ladders may take; the rest is for taking in, packaging and serving."""

# ITU-T H.264 table A-1: level_idc, macroblocks per second, macroblocks per frame.
_LEVELS = (
    (30, 40_500, 1_620),
    (31, 108_000, 3_600),
    (32, 216_000, 5_120),
    (40, 245_760, 8_192),
    (42, 522_240, 8_704),
    (50, 589_824, 22_080),
    (51, 983_040, 36_864),
    (52, 2_073_600, 36_864),
)
_HIGH_PROFILE_IDC = 100


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """fps is None when neither the stream nor a measurement tells it."""

    codec: VideoCodec
    width: int
    height: int
    fps: float | None

    @classmethod
    def of(cls, config: VideoConfig, info: VideoInfo | None = None) -> "SourceInfo":
        """What a configuration says; raises `CodecError` when it cannot be read."""
        info = info or video_info(config)
        return cls(config.codec, info.width, info.height, info.fps)

    @property
    def frames_per_second(self) -> float:
        return self.fps or ASSUMED_FPS

    @property
    def pixels(self) -> int:
        return self.width * self.height

    @property
    def shorter_side(self) -> int:
        return min(self.width, self.height)


@dataclass(frozen=True, slots=True)
class Capacity:
    """cores: those of the machine less what other ladders take. hardware: pictures are encoded beside them.

    encodes: whether anything can be encoded at all.
    """

    cores: float
    hardware: bool = False
    encodes: bool = True


@dataclass(frozen=True, slots=True)
class Rung:
    """One picture size made by the encoder. Bit rates in bit/s, bufsize in bits; level as in ffmpeg (`3.1`).

    codecs: RFC 6381, known before the first picture because profile and level are fixed.
    """

    name: str
    width: int
    height: int
    video_bitrate: int
    maxrate: int
    bufsize: int
    level: str
    profile: str
    codecs: str

    @property
    def pixels(self) -> int:
        return self.width * self.height


def choose_rungs(source: SourceInfo, capacity: Capacity, setting: str = AUTO) -> list[Rung]:
    """The rungs to make, largest first.

    An H.264 source is passed through and is not in the list: only smaller sizes are. HEVC cannot be passed
    through, so the largest rung is the source's own size (at most 1080p), and where anything can be encoded
    there is always one. setting: `auto` (as far as the cores carry), `none`, or names that the operator wants
    whatever they cost, such as `720p,480p`.
    """
    if setting == NONE or not capacity.encodes:
        return []
    rungs = [_rung(source, name) for name in _names(source, setting)]
    if setting != AUTO:
        return rungs
    for candidates in _preferences(rungs, passthrough=source.codec is VideoCodec.H264):
        if fits(source, candidates, capacity):
            return candidates
    return rungs[-1:] if source.codec is VideoCodec.HEVC else []


def stand_in(source: SourceInfo) -> Rung:
    """The rung that replaces an H.264 source which players cannot join (keyframes too far apart): its own size, at
    most 1080p.
    """
    return _rung(source, _top_name(source))


def fits(source: SourceInfo, rungs: list[Rung], capacity: Capacity) -> bool:
    """Whether the machine carries these rungs."""
    cost = cost_in_cores(source, rungs, hardware=capacity.hardware)
    return capacity.encodes and cost <= capacity.cores * _SHARE


def cost_in_cores(source: SourceInfo, rungs: list[Rung], *, hardware: bool = False) -> float:
    """Cores that making these rungs keeps busy."""
    if not rungs:
        return 0.0
    encode = _ENCODE_IN_HARDWARE if hardware else _ENCODE
    per_frame = source.pixels * (_DECODE[source.codec] + _SCALE * len(rungs))
    per_frame += encode * sum(rung.pixels for rung in rungs)
    return source.frames_per_second * (per_frame / 1e6 + _PER_FRAME * len(rungs))


def one_fewer(rungs: list[Rung], source: SourceInfo) -> list[Rung]:
    """What is left when the machine cannot keep up: the largest rung goes. HEVC keeps its last one."""
    if len(rungs) == 1 and source.codec is VideoCodec.HEVC:
        return rungs
    return sorted(rungs, key=lambda rung: rung.pixels, reverse=True)[1:]


def _names(source: SourceInfo, setting: str) -> list[str]:
    wanted = set(NAMES) if setting == AUTO else {name.strip() for name in setting.split(",")}
    lower = [name for name in _LOWER if _is_smaller(source, name)]
    if source.codec is VideoCodec.H264:
        if setting != AUTO and _is_smaller(source, "1080p"):
            lower.insert(0, "1080p")
        return [name for name in lower if name in wanted]
    top = _top_name(source)
    names = [name for name in [top, *lower] if name in wanted]
    return list(dict.fromkeys(names)) or [top]


def _is_smaller(source: SourceInfo, name: str) -> bool:
    width, height = _size(source, name)
    return NAMES[name] < source.shorter_side and width * height <= source.pixels * _SMALLER


def _top_name(source: SourceInfo) -> str:
    """The smallest name that the source's own size fits under; 1080p for all that is larger."""
    fitting = [name for name, side in NAMES.items() if side >= source.shorter_side]
    return fitting[-1] if fitting else "1080p"


def _preferences(rungs: list[Rung], *, passthrough: bool) -> list[list[Rung]]:
    """Choices from best to cheapest. The lowest rung is what weak networks need, so it stays longest."""
    choices = []
    for start in range(len(rungs)):
        below = rungs[start:]
        choices.append(below)
        if not passthrough and len(below) > 2:
            choices.append([below[0], below[-1]])
    return choices


def _size(source: SourceInfo, name: str) -> tuple[int, int]:
    side = min(NAMES[name], source.shorter_side)
    scale = side / source.shorter_side
    return _even(source.width * scale), _even(source.height * scale)


def _even(length: float) -> int:
    return max(2, 2 * round(length / 2))


def _rung(source: SourceInfo, name: str) -> Rung:
    width, height = _size(source, name)
    fps = source.frames_per_second
    factor = _FAST_FACTOR if fps > _FAST_FPS else 1.0
    bitrate = max(100_000, round(width * height * 30 * _BITS_PER_PIXEL * factor / 50_000) * 50_000)
    maxrate = round(bitrate * _PEAK)
    level = _level(width, height, fps)
    return Rung(
        name=name,
        width=width,
        height=height,
        video_bitrate=bitrate,
        maxrate=maxrate,
        bufsize=maxrate,
        level=f"{level // 10}.{level % 10}",
        profile="high",
        codecs=f"avc1.{_HIGH_PROFILE_IDC:02x}00{level:02x}",
    )


def _level(width: int, height: int, fps: float) -> int:
    """The lowest level that holds this size and rate (ITU-T H.264 §A.3.1); jitter is rounded away."""
    columns, rows = -(-width // 16), -(-height // 16)
    for level, per_second, per_frame in _LEVELS:
        fits = columns * rows <= per_frame and max(columns, rows) ** 2 <= 8 * per_frame
        if fits and columns * rows * round(fps) <= per_second:
            return level
    return _LEVELS[-1][0]
