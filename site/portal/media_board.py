"""What is on the air, told from the memory of the media process beside us."""

from dataclasses import dataclass

from core.clock import Clock
from portal.board import AirDetails, BroadcastStatus, LiveBoard, Signal
from streaming.lecture import LiveLecture
from streaming.media import MediaService
from streaming.rendition import AUDIO, SOURCE

REMEMBERED_SECONDS = 1.0
"""So long the rows' answer for a lecture that is not on the air is repeated: every viewer's page asks."""
MOST_REMEMBERED = 500


@dataclass(frozen=True, slots=True)
class _Remembered:
    until: float
    status: BroadcastStatus | None


class MediaBoard:
    """A `LiveBoard`: lectures that are held from memory, all others from `rows`."""

    def __init__(self, media: MediaService, rows: LiveBoard, clock: Clock) -> None:
        self._media = media
        self._rows = rows
        self._clock = clock
        self._remembered: dict[str, _Remembered] = {}

    async def status(self, number: str) -> BroadcastStatus | None:
        lecture = self._media.lectures.get(number)
        if lecture is None:
            return await self._status_from_rows(number)
        media = lecture.media
        has_audio = AUDIO in media.renditions and media.renditions[AUDIO].has_media
        has_media = media.has_media and not media.is_shut
        return BroadcastStatus(
            number,
            lecture.state,
            lecture.starts_at,
            has_media,
            has_audio=has_audio,
            is_cut_off=lecture.is_cut_off,
            captions=media.captions is not None,
        )

    async def details(self, number: str) -> AirDetails | None:
        lecture = self._media.lectures.get(number)
        return air_details(lecture) if lecture is not None else None

    async def _status_from_rows(self, number: str) -> BroadcastStatus | None:
        now = self._clock.monotonic()
        known = self._remembered.get(number)
        if known is None or known.until < now:
            if len(self._remembered) >= MOST_REMEMBERED:
                self._remembered.clear()
            known = _Remembered(now + REMEMBERED_SECONDS, await self._rows.status(number))
            self._remembered[number] = known
        return known.status


def air_details(lecture: LiveLecture) -> AirDetails:
    publication = lecture.on_air
    shed = tuple(name for name, one in lecture.media.renditions.items() if one.is_shed)
    journal = lecture.media.journal
    source = (SOURCE,) if SOURCE in lecture.media.renditions else ()
    return AirDetails(
        signal=_signal(lecture),
        rungs=(*source, *lecture.rungs),
        shed=shed,
        contenders=tuple(lecture.contenders),
        problems=publication.problems if publication else 0,
        last_problem=publication.last_problem if publication else "",
        unwritten=journal.queued if journal is not None and journal.is_failing else None,
        segments_lost=journal.segments_lost if journal is not None else 0,
    )


def _signal(lecture: LiveLecture) -> Signal | None:
    publication, run = lecture.on_air, lecture.run
    if publication is None or run is None:
        return None
    bits = publication.bits_per_second()
    video, audio = run.tracks.video, run.tracks.audio
    return Signal(
        peer=publication.connection.peer,
        encoder=publication.encoder,
        since=publication.began,
        received_seconds=publication.total_received(),
        bitrate_kbps=None if bits is None else bits / 1000,
        video_codec=video.config.codec.value if video else None,
        width=video.info.width if video else None,
        height=video.info.height if video else None,
        frame_rate=video.info.fps if video else None,
        audio_codec=audio.info.codecs if audio else None,
        audio_rate=audio.info.sample_rate if audio else None,
        keyframe_seconds=run.keyframe_seconds,
    )
