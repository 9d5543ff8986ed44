"""What adds up over a rendition's segments: bit rates, what it lacks, how it can be decoded."""

from collections.abc import Mapping, Sequence

from streaming.bitrate import BitRate
from streaming.entries import SegmentEntry
from streaming.multivariant import Nominal, Variant, common_codecs
from streaming.segments import TICKS_PER_SECOND, Init

UNMEASURED_HEADROOM = 1.25
"""What the first parts' bit rate is multiplied by before a segment has been measured."""


DEPENDENT_SHARE = 0.1
"""Share of segments without a keyframe at their beginning up to which a rendition can be joined."""


class Measures:
    """lacking: ticks listed as gaps. all_independent: every segment so far begins with a keyframe; is_joinable:
    nearly every one does, so that a player may begin anywhere (Chromium stalls on a segment that does not).
    """

    def __init__(self, closed: Sequence[SegmentEntry] = ()) -> None:
        self.lacking = 0
        self._segments = 0
        self._dependent = 0
        self._rate = BitRate()
        self._init_ids: list[str] = []
        for entry in closed:
            self.add(entry)

    def add(self, entry: SegmentEntry) -> None:
        """A closed segment."""
        if entry.gap:
            self.lacking += entry.duration
            self._rate.interrupt()
            return
        self._rate.add(entry.size, entry.duration)
        self._segments += 1
        self._dependent += not entry.independent
        self.uses(entry.init_id)

    @property
    def all_independent(self) -> bool:
        return self._dependent == 0

    @property
    def is_joinable(self) -> bool:
        # A pause of the picture makes one such segment; keyframes far apart make most of them so.
        return self._dependent < 2 or self._dependent <= self._segments * DEPENDENT_SHARE

    def uses(self, init_id: str) -> None:
        """A segment with media names this init section."""
        if init_id not in self._init_ids:
            self._init_ids.append(init_id)

    def variant(
        self,
        uri: str,
        inits: Mapping[str, Init],
        nominal: Nominal | None,
        open_segment: SegmentEntry | None,
    ) -> Variant | None:
        """Its line in the multivariant playlist; None while nothing is known of its media."""
        known: list[Init | Nominal] = [inits[id] for id in self._init_ids if id in inits]
        if not known and nominal is not None:
            known.append(nominal)
        if not known:
            return None
        largest = max(known, key=lambda one: (one.width or 0) * (one.height or 0))
        return Variant(
            uri=uri,
            bandwidth=self._rate.peak or max(_first_rate(open_segment), nominal.bandwidth if nominal else 1),
            average=self._rate.average or None,
            codecs=common_codecs(one.codecs for one in known),
            width=largest.width,
            height=largest.height,
            frame_rate=max(one.frame_rate or 0 for one in known) or None,
        )


def _first_rate(entry: SegmentEntry | None) -> int:
    """Bits per second of an open segment's parts, with headroom."""
    if entry is None or not entry.duration:
        return 1
    return int(entry.size * 8 * TICKS_PER_SECOND / entry.duration * UNMEASURED_HEADROOM)
