"""All media of one lecture: its renditions, init sections, journal. The same on the air and as a replay."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from schedules.replay_states import is_shut
from schedules.states import AirState, ReplayState
from streaming.captions import CAPTIONS, CaptionPlace, CaptionSource, CaptionTrack
from streaming.cuts import CutTable
from streaming.entries import SegmentEntry
from streaming.journal import JournalWriter
from streaming.lecture_index import LectureIndex, SegmentRecord, segment_path
from streaming.media_tokens import media_token, outdated_tokens
from streaming.multivariant import Nominal, Subtitles, Variant, multivariant
from streaming.playlist import PlaylistShape
from streaming.rendition import AUDIO, SOURCE, MediaContext, Rendition
from streaming.restored import Restored
from streaming.segments import TICKS_PER_SECOND, Init
from streaming.waking import Waker

_NAME = re.compile(r"[a-z0-9]{1,16}")
LIVE_CAPTIONS = Subtitles(CAPTIONS, "实时字幕，可能有误", "zh-CN", f"{CAPTIONS}.m3u8")
LIVE_VERSION, REPLAY_VERSION = 9, 7  # EXT-X-VERSION: delta updates need 9, a map without I-frames only 6


@dataclass(frozen=True, slots=True)
class MediaSettings:
    """What all lectures share. secrets: for media tokens, the current one first."""

    shape: PlaylistShape
    hot_segments: int
    secrets: Sequence[bytes]


class LectureMedia:
    """generation: raised by a cut or withdrawal, which makes every media URI given out before invalid."""

    def __init__(
        self,
        number: str,
        folder: Path,
        epoch: str,
        *,
        settings: MediaSettings,
        waker: Waker,
        generation: int,
        air: AirState,
        restored: Restored | None = None,
        journal: JournalWriter | None = None,
        on_closed: Callable[["LectureMedia"], None] = lambda media: None,
    ) -> None:
        self.number = number
        self.folder = folder
        self.epoch = epoch
        self.renditions: dict[str, Rendition] = {}
        self.captions: CaptionTrack | None = None
        self.journal = journal
        self._settings = settings
        self._on_closed = on_closed
        self._air = air
        self._replay = ReplayState.PUBLIC
        self._generation = 0
        self._index = restored.index if restored is not None else LectureIndex(number, folder)
        self._context = MediaContext(
            base="",
            table=_cut_table(self._index),
            shape=settings.shape,
            waker=waker,
            inits=dict(restored.inits) if restored is not None else {},
            finished=_is_finished(air),
            journal=journal,
            others=self._others,
            dated=self._dated,
            closed=self._segment_closed,
        )
        self.set_generation(generation)
        if restored is not None:
            for name, entries in restored.entries.items():
                self._add(name, entries, shed=restored.index.renditions[name].shed)
        if journal is not None:
            journal.listener = self

    # -- for the live

    def rendition(self, name: str) -> Rendition:
        """The rendition's sink, made at the first call: what is put there is announced and written down."""
        return self.renditions.get(name) or self._add(name)

    def expect(self, name: str, nominal: Nominal) -> Rendition:
        """List a rendition in the multivariant playlist before its first segment."""
        rendition = self.rendition(name)
        rendition.nominal = nominal
        return rendition

    def shed(self, name: str) -> None:
        """Give a rendition up for the rest of the lecture: gaps for 3 segments, then 404."""
        if name in self.renditions:
            self.renditions[name].shed()

    def cut_table(self) -> CutTable:
        """The lecture's one cut table, earlier publications included."""
        return self._context.table

    @property
    def end(self) -> int:
        """Ticks up to which the lecture was listed when it was taken up."""
        return self._index.end

    @property
    def dates_end(self) -> float:
        """Unix seconds that no later PROGRAM-DATE-TIME may lie before; 0.0 for a new lecture."""
        return max(
            (
                entry.program_date_time + entry.duration / TICKS_PER_SECOND
                for rendition in self.renditions.values()
                for entry in rendition.closed[-1:]
            ),
            default=0.0,
        )

    @property
    def last_publication(self) -> int:
        """Ordinal of the last publication the journal knows, 0 before the first."""
        return self._index.last_publication

    def received_seconds(self) -> dict[int, float]:
        """Seconds of media listed, by the ordinal of its publication: of the fullest rendition."""
        fullest = max(self.renditions.values(), key=_shown, default=None)
        received: dict[int, float] = {}
        for entry in fullest.closed if fullest is not None else ():
            if not entry.gap:
                seconds = entry.duration / TICKS_PER_SECOND
                received[entry.publication] = received.get(entry.publication, 0.0) + seconds
        return received

    def publication_began(self, ordinal: int, *, at: float, encoder: str) -> None:
        """Write down that an encoder went on the air; at in Unix seconds."""
        if self.journal is not None:
            self.journal.publication_began(ordinal, at=at, encoder=encoder)

    def publication_ended(self, ordinal: int, *, at: float, reason: str) -> None:
        if self.journal is not None:
            self.journal.publication_ended(ordinal, at=at, reason=reason)

    def set_air(self, air: AirState) -> None:
        """Closed and ended lectures get their ENDLIST, and whoever waits an answer."""
        self._air = air
        if self._context.finished != _is_finished(air):
            self._context.finished = _is_finished(air)
            if self._context.finished:
                self.close_captions()
            self._refresh()

    def set_generation(self, generation: int) -> None:
        if generation == self._generation:
            return
        self._generation = generation
        self.token = media_token(self._settings.secrets[0], self.number, generation)
        self.outdated_tokens = outdated_tokens(self._settings.secrets, self.number, generation)
        self._context.base = f"../../media/{self.number}/{self.token}/"
        self._refresh()

    def set_replay(self, replay: ReplayState) -> None:
        """Who may see the replay, as the bureau has it. Whoever waits for what nobody may have now gets an answer."""
        if replay is self._replay:
            return
        self._replay = replay
        if self.is_shut:
            self.close_captions()
            self._refresh()

    def open_captions(self, source: CaptionSource) -> CaptionTrack:
        """List a rendition of live captions, from the segment on that is open now or comes next."""
        table, context = self._context.table, self._context
        last = table.last
        is_open = last is not None and table.end_of(last.msn) is None
        place = CaptionPlace(table, context.shape, context.waker, self.epoch, self._dated)
        self.captions = CaptionTrack(place, table.next_msn - is_open, source)
        return self.captions

    def close_captions(self) -> None:
        """Its addresses answer 410 from now on, also to who waits."""
        captions, self.captions = self.captions, None
        if captions is not None:
            captions.refresh()

    async def aclose(self) -> None:
        """Wait until everything is on the disk, and let the memory go."""
        self.close_captions()
        if self.journal is not None:
            await self.journal.aclose()
        self._context.journal = None
        for rendition in self.renditions.values():
            rendition.drop_hot()
        self._on_closed(self)

    # -- for the origin

    @property
    def is_finished(self) -> bool:
        """Closed or ended: there is a replay."""
        return self._context.finished

    @property
    def base(self) -> str:
        """Of its media, relative to its playlists."""
        return self._context.base

    @property
    def is_shut(self) -> bool:
        """Its media is given to nobody."""
        return self._replay is not ReplayState.PUBLIC and is_shut(self._replay, self._air)

    @property
    def is_withdrawn(self) -> bool:
        """For good, as far as anybody knows: 410, where what may still come is 404."""
        return self._replay is ReplayState.WITHDRAWN

    @property
    def has_ended(self) -> bool:
        """For good: nothing will be added any more."""
        return self._air is AirState.ENDED

    @property
    def has_media(self) -> bool:
        return any(rendition.has_media for rendition in self.renditions.values())

    def init(self, init_id: str) -> Init | None:
        return self._context.inits.get(init_id)

    def segment_file(self, rendition: Rendition, entry: SegmentEntry) -> Path:
        return segment_path(self.folder, rendition.name, entry.msn, entry.epoch)

    def live_multivariant(self) -> str | None:
        """None before there is media."""
        listed = self._ladder(lambda rendition: not rendition.is_shed)
        if not listed or not self.has_media:
            return None
        return _multivariant(listed, LIVE_VERSION, LIVE_CAPTIONS if self.captions is not None else None)

    def replay_multivariant(self) -> str | None:
        """The renditions that show the whole lecture; None when there is none."""
        listed = self._ladder(lambda rendition: bool(rendition.closed) and not rendition.is_shed)
        if not listed:
            return None
        fullest = max((rendition for rendition, _ in listed), key=_shown)
        return _multivariant([one for one in listed if one[0].covers(fullest)], REPLAY_VERSION)

    def warm(self) -> None:
        """Make the replay's playlists, so that the first viewer need not wait. Not on the event loop."""
        for rendition in self.renditions.values():
            rendition.replay_playlist(gzipped=True)
            rendition.replay_playlist()

    # -- what the journal tells (journal.JournalListener)

    def segment_saved(self, rendition: str, msn: int) -> None:
        self.renditions[rendition].segment_saved(msn)

    def segment_lost(self, rendition: str, msn: int, parts: int, size: int) -> None:
        self.renditions[rendition].segment_lost(msn, parts, size)

    # -- inside

    def _add(self, name: str, entries: Sequence[SegmentEntry] = (), *, shed: bool = False) -> Rendition:
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} cannot be the name of a rendition")
        made = Rendition(
            name,
            self.epoch,
            self._context,
            hot_segments=self._settings.hot_segments,
            restored=entries,
            shed=shed,
        )
        self.renditions[name] = made
        return made

    def _ladder(self, wanted: Callable[[Rendition], bool]) -> list[tuple[Rendition, Variant]]:
        """What the multivariant playlist lists, the source first, then the largest picture: sound alone, and
        renditions that players cannot join, only where there is nothing else.
        """
        known = [
            (rendition, variant)
            for rendition in self.renditions.values()
            if wanted(rendition) and (variant := rendition.variant()) is not None
        ]
        known.sort(key=lambda one: (one[0].name != SOURCE, -(one[1].height or 0)))
        with_picture = [one for one in known if not one[0].audio_only] or known
        joinable = [one for one in with_picture if one[0].is_joinable]
        return joinable if any(rendition.has_media for rendition, _ in joinable) else with_picture

    def _others(self, rendition: Rendition) -> list[Rendition]:
        if rendition.name == AUDIO:
            return []
        return [
            other for other in self.renditions.values() if other is not rendition and not other.audio_only
        ]

    def _dated(self, msn: int) -> float | None:
        for rendition in self.renditions.values():
            entry = rendition.entry(msn)
            if entry is not None:
                return entry.program_date_time
        return None

    def _segment_closed(self, rendition: Rendition) -> None:
        for other in self.renditions.values():
            other.follow_cuts()
        if self.captions is not None:
            self.captions.follow_cuts()

    def _refresh(self) -> None:
        if self.captions is not None:
            self.captions.refresh()
        for rendition in self.renditions.values():
            rendition.refresh()


def _is_finished(air: AirState) -> bool:
    return air in (AirState.CLOSED, AirState.ENDED)


def _shown(rendition: Rendition) -> int:
    return sum(entry.duration for entry in rendition.closed) - rendition.lacking


def _multivariant(
    listed: Sequence[tuple[Rendition, Variant]], version: int, subtitles: Subtitles | None = None
) -> str:
    independent = all(rendition.is_independent for rendition, _ in listed)
    variants = [variant for _, variant in listed]
    return multivariant(variants, version=version, independent=independent, subtitles=subtitles)


def _cut_table(index: LectureIndex) -> CutTable:
    """The cuts of the whole lecture so far, from what its renditions list."""
    heads: dict[int, SegmentRecord] = {}
    for rendition in index.renditions.values():
        for segment in rendition.segments:
            if segment.msn not in heads or heads[segment.msn].gap:
                heads[segment.msn] = segment
    table = CutTable(min(heads, default=0))
    for msn in sorted(heads):
        head = heads[msn]
        table.cut(head.start, publication=head.publication, discontinuity=head.discontinuity)
    if heads:
        table.close(index.end)
    return table
