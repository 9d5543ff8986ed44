"""The forms of a live playlist, each made once per version and only when somebody asks.

Everything but the last few segments is the same in every version of a live playlist: that prefix is kept as
bytes, and for gzip as the state of a compressor that has been fed with it. So a part late in a 2-hour lecture
costs as little as an early one.
"""

import zlib

from streaming.playlist import LiveView, live_delta, live_head, live_tail, old_segments, settled

_GZIP = 31  # zlib's wbits for a gzip wrapper with the largest window
_LEVEL = 6


class PlaylistCache:
    """version is any number that changes whenever the view does."""

    def __init__(self) -> None:
        self._begin(None)

    def _begin(self, key: object) -> None:
        self._key = key
        self._version = -1
        self._settled = 0
        self._prefix = bytearray()
        self._deflater = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
        self._deflated = bytearray()
        self._fed = 0
        self._forms: dict[tuple[bool, bool], bytes] = {}

    def ready(self, version: int, *, delta: bool, gzipped: bool) -> bytes | None:
        """The playlist of this version, if somebody has asked for it before."""
        return self._forms.get((delta, gzipped)) if version == self._version else None

    def form(self, view: LiveView, version: int, *, delta: bool, gzipped: bool) -> bytes:
        """The playlist of this version; a delta update where one is possible and asked for."""
        self._follow(view, version)
        form = self._forms.get((delta, gzipped))
        if form is None:
            form = self._forms[delta, gzipped] = self._make(view, version, delta, gzipped)
        return form

    def _make(self, view: LiveView, version: int, delta: bool, gzipped: bool) -> bytes:
        if delta:
            text = live_delta(view)
            if text is None:
                return self.form(view, version, delta=False, gzipped=gzipped)
            return zlib.compress(text.encode(), _LEVEL, _GZIP) if gzipped else text.encode()
        tail = live_tail(view, self._settled).encode()
        return self._gzip(tail) if gzipped else b"".join((self._prefix, tail))

    def _follow(self, view: LiveView, version: int) -> None:
        key = (view.base, view.finished, view.independent, view.discontinuity_sequence, view.first_msn)
        if key != self._key:
            self._begin(key)
            self._prefix += live_head(view).encode()
        if version == self._version:
            return
        self._version = version
        self._forms.clear()
        count = settled(view)
        if count > self._settled:
            self._prefix += old_segments(view, self._settled, count).encode()
            self._settled = count

    def _gzip(self, tail: bytes) -> bytes:
        if self._fed < len(self._prefix):
            self._deflated += self._deflater.compress(memoryview(self._prefix)[self._fed :])
            self._fed = len(self._prefix)
        deflater = self._deflater.copy()
        return b"".join((self._deflated, deflater.compress(tail), deflater.flush()))
