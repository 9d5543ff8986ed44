"""What pages and the status address know of a lecture on the air, wherever its media process is.

`LiveBoard` is the narrow view the web has. `BoardFromRows` answers from the database, as far as rows go; where
the media process is this process, another implementation answers from its memory.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Protocol

from core.clock import Clock
from core.settings import Settings
from schedules.public.visibility import find_public, media_is_shut
from schedules.queries import ON_AIR, find_by_number
from schedules.states import AirState
from streaming.leases import told
from transcripts.live.switch import are_shown


@dataclass(frozen=True, slots=True)
class BroadcastStatus:
    """What a page needs to know to show the right thing. has_media: something is playable.

    captions: there are live ones now.
    """

    number: str
    state: AirState
    starts_at: datetime | None
    has_media: bool
    has_audio: bool = True
    is_cut_off: bool = False
    captions: bool = False

    def as_json(self, now: datetime) -> dict[str, Any]:
        """The body of GET /api/v1/broadcasts/{number}/status. Addresses are relative to the site's root."""
        live, replay = f"/live/{self.number}", f"/replay/{self.number}"
        listening = self.has_media and self.has_audio
        return {
            "number": self.number,
            "state": self.state.value,
            "starts_at": self.starts_at.isoformat() if self.starts_at else None,
            "server_time": now.isoformat(),
            "has_media": self.has_media,
            "cut_off": self.is_cut_off,
            "captions": self.captions,
            "playlist_url": f"{live}/index.m3u8" if self.has_media else None,
            "audio_url": f"{live}/audio.m3u8" if listening else None,
            "replay_url": f"{replay}/index.m3u8" if self.has_media else None,
            "replay_audio_url": f"{replay}/audio.m3u8" if listening else None,
        }


@dataclass(frozen=True, slots=True)
class Signal:
    """What arrives from the encoder that is on the air. None: not known (yet), or not there."""

    peer: str
    encoder: str
    since: datetime
    received_seconds: float
    bitrate_kbps: float | None = None
    video_codec: str | None = None
    width: int | None = None
    height: int | None = None
    frame_rate: float | None = None
    audio_codec: str | None = None
    audio_rate: int | None = None
    keyframe_seconds: float | None = None
    """The longest distance between two keyframes of late."""


@dataclass(frozen=True, slots=True)
class AirDetails:
    """For the bureau's desk. rungs: the qualities viewers get, such as source, 720p. shed: those given up.

    contenders: other encoders that try to publish with the same key. unwritten: bytes that a failing disk does not
    take, None while all is well; segments_lost: what was given up for that.
    """

    signal: Signal | None
    rungs: tuple[str, ...] = ()
    shed: tuple[str, ...] = ()
    contenders: tuple[str, ...] = ()
    problems: int = 0
    last_problem: str = ""
    unwritten: int | None = None
    segments_lost: int = 0

    def as_json(self) -> dict[str, Any]:
        """Plain values, for `from_json` in another process."""
        values = asdict(self)
        if self.signal is not None:
            values["signal"]["since"] = self.signal.since.isoformat()
        return values

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "AirDetails":
        signal = values["signal"]
        if signal is not None:
            signal = Signal(**{**signal, "since": datetime.fromisoformat(signal["since"])})
        lists = {name: tuple(values[name]) for name in ("rungs", "shed", "contenders")}
        return cls(**{**values, **lists, "signal": signal})


class LiveBoard(Protocol):
    async def status(self, number: str) -> BroadcastStatus | None:
        """None for a number that no lecture has."""
        ...

    async def details(self, number: str) -> AirDetails | None:
        """None where nothing is known: nothing is on the air, or its media process gives no sign of life."""
        ...


class BoardFromRows:
    """A `LiveBoard` for a process without media: what the database tells, and what the media process leaves there."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock

    async def status(self, number: str) -> BroadcastStatus | None:
        broadcast = await find_public(number)
        if broadcast is None:
            return None
        has_media = broadcast.first_live_at is not None and not media_is_shut(broadcast)
        has_captions = has_media and broadcast.air_state in ON_AIR
        return BroadcastStatus(
            number,
            broadcast.air_state,
            broadcast.starts_at,
            has_media,
            is_cut_off=broadcast.cut_off_at is not None,
            captions=has_captions and await are_shown(broadcast.id, now=self._clock.now()),
        )

    async def details(self, number: str) -> AirDetails | None:
        broadcast = await find_by_number(number)
        if broadcast is None:
            return None
        report = await told(broadcast.id, now=self._clock.now(), settings=self._settings)
        return AirDetails.from_json(report) if report is not None else None
