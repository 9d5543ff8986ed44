"""The LL-HLS origin: a bare ASGI callable for /live/, /replay/ and /media/ (docs/architecture.md).

    /live/<number>/index.m3u8, <rendition>.m3u8      playlists that grow, the whole lecture listed
    /replay/<number>/index.m3u8, <rendition>.m3u8    the same lecture as VOD, once it is closed
    /media/<number>/<token>/<epoch>/<rendition>/<msn>[.<part>].m4s    segments and parts
    /media/<number>/<token>/init/<id>.mp4            init sections
    /live/<number>/captions.m3u8, /media/<number>/<token>/<epoch>/captions/<msn>.vtt    live captions, while on

What is new is answered from memory; older segments come through a cache from their files. A blocking playlist
request is held for one TARGETDURATION at most and is then answered with what there is, kept by no cache:
players ask again, and 503 (which rfc8216bis §6.2.5.2 has only after three) would count as an error in an
interruption. A part that is hinted at is held for as long, then 404.
"""

import re
from typing import assert_never

import structlog
from starlette.types import Receive, Scope, Send

from streaming.answers import AUDIO, SUBTITLES, VIDEO, Keep, Reply, accepts_gzip
from streaming.captions import CAPTIONS
from streaming.entries import SegmentEntry
from streaming.holding import Held, hold
from streaming.lecture_media import LectureMedia
from streaming.library import FactsUnavailable, Library
from streaming.reload import BadDirective, Readiness, parse_directives
from streaming.rendition import Rendition, Shed

log = structlog.get_logger()

_SEGMENT = re.compile(r"(0|[1-9]\d{0,11})(?:\.(0|[1-9]\d{0,3}))?\.m4s", re.ASCII)
_INDEX = "index.m3u8"


class _NotFound(Exception):
    """Answered 404, with these words for whoever looks into it."""


class _NoCaptions(Exception):
    """They are not switched on (any more)."""


class _Shut(Exception):
    """The bureau has withdrawn or withheld the replay."""

    def __init__(self, media: LectureMedia) -> None:
        self.status = 410 if media.is_withdrawn else 404
        super().__init__("the replay is not public")


class Origin:
    """hold_seconds: TARGETDURATION, for which a blocking request is held at most."""

    def __init__(self, library: Library, *, hold_seconds: float = 4.0) -> None:
        self._library = library
        self._hold_seconds = hold_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        reply = Reply(scope, send)
        method = scope["method"]
        if method not in ("GET", "HEAD"):
            await (reply.preflight() if method == "OPTIONS" else reply.method_not_allowed())
            return
        path: str = scope["path"]
        if root := scope.get("root_path"):
            path = path.removeprefix(root)
        try:
            match path.split("/"):
                case ["", "media", number, token, "init", name]:
                    await self._init(reply, number, token, name)
                case ["", "media", number, token, epoch, rendition, name]:
                    await self._segment(reply, receive, (number, token, epoch, rendition, name))
                case ["", "live", number, name]:
                    await self._live(scope, receive, reply, number, name)
                case ["", "replay", number, name]:
                    await self._replay(scope, reply, number, name)
                case _:
                    raise _NotFound("no such path")
        except _NotFound as reason:
            await reply.error(404, str(reason))
        except _Shut as shut:
            await reply.error(shut.status, str(shut))
        except _NoCaptions:
            await reply.error(410, "there are no live captions now")
        except Shed:
            await reply.error(404, "this rendition was given up")
        except BadDirective as reason:
            await reply.error(400, str(reason))
        except FactsUnavailable:
            await reply.error(503, "the lecture cannot be looked up now", (b"retry-after", b"2"))

    # -- playlists

    async def _live(self, scope: Scope, receive: Receive, reply: Reply, number: str, name: str) -> None:
        media = await self._media(number)
        if name == _INDEX:
            text = media.live_multivariant()
            if text is None:
                raise _NotFound("there is no media yet")
            await reply.playlist(text.encode(), Keep.LIVE_PLAYLIST, gzipped=False)
            return
        if name == f"{CAPTIONS}.m3u8":
            await self._captions(scope, receive, reply, media)
            return
        rendition = _rendition(media, name)
        directives = parse_directives(scope["query_string"])
        keep = Keep.LIVE_PLAYLIST
        if directives.msn is not None and not media.is_finished:
            held = await self._until_listed(media, rendition, directives.msn, directives.part, receive)
            if held is Held.CLIENT_LEFT:
                return
            keep = Keep.BLOCKED_PLAYLIST if held is Held.DUE and not media.is_finished else Keep.NOTHING
        elif not rendition.has_media and not media.is_finished:
            await hold(
                rendition.changes, lambda: rendition.has_media or media.is_shut, receive, self._hold_seconds
            )
        if media.is_shut:  # while the request was held
            raise _Shut(media)
        if not rendition.has_media:
            raise _NotFound("there is no media yet")
        gzipped = accepts_gzip(scope)
        body = rendition.live_playlist(delta=directives.skip, gzipped=gzipped)
        await reply.playlist(body, keep, gzipped=gzipped)

    async def _captions(self, scope: Scope, receive: Receive, reply: Reply, media: LectureMedia) -> None:
        """Whole segments only. Not there any more, or not yet, is 410: they come and go by a switch, which caches on
        the way may not hold up for longer than a moment.
        """
        track = media.captions
        if track is None:
            raise _NoCaptions
        directives = parse_directives(scope["query_string"])
        wanted = directives.msn
        if wanted is not None and track.readiness(wanted) is Readiness.TOO_FAR:
            raise BadDirective("too far ahead of the live edge")

        def is_due() -> bool:
            listed = track.readiness(wanted) is Readiness.READY if wanted is not None else track.has_media
            return listed or media.captions is not track

        held = await hold(track.changes, is_due, receive, self._hold_seconds)
        if held is Held.CLIENT_LEFT:
            return
        if media.captions is not track:
            raise _NoCaptions
        if not track.has_media:
            raise _NotFound("nothing has been listed yet")
        keep = Keep.LIVE_PLAYLIST if held is Held.DUE else Keep.NOTHING
        gzipped = accepts_gzip(scope)
        body = track.playlist(media.base, delta=directives.skip, gzipped=gzipped)
        await reply.playlist(body, keep, gzipped=gzipped)

    async def _until_listed(
        self, media: LectureMedia, rendition: Rendition, msn: int, part: int | None, receive: Receive
    ) -> Held:
        """Raises BadDirective when the request is too far ahead, at once."""
        if rendition.readiness(msn, part) is Readiness.TOO_FAR:
            raise BadDirective("too far ahead of the live edge")
        return await hold(
            rendition.changes,
            lambda: rendition.readiness(msn, part) is not Readiness.WAIT or media.is_shut,
            receive,
            self._hold_seconds,
        )

    async def _replay(self, scope: Scope, reply: Reply, number: str, name: str) -> None:
        media = await self._media(number)
        if not media.is_finished or not media.has_media:
            raise _NotFound("there is no replay yet")
        keep = Keep.REPLAY_PLAYLIST if media.has_ended else Keep.REOPENABLE_REPLAY
        if name == _INDEX:
            text = media.replay_multivariant()
            if text is None:
                raise _NotFound("nothing was received")
            await reply.playlist(text.encode(), keep, gzipped=False)
            return
        rendition = _rendition(media, name)
        if not rendition.closed:
            raise _NotFound("nothing was received")
        gzipped = accepts_gzip(scope)
        await reply.playlist(rendition.replay_playlist(gzipped=gzipped), keep, gzipped=gzipped)

    # -- media

    async def _init(self, reply: Reply, number: str, token: str, name: str) -> None:
        media = await self._media(number)
        if await self._is_outdated(reply, media, token):
            return
        init = media.init(name.removesuffix(".mp4")) if name.endswith(".mp4") else None
        if init is None:
            raise _NotFound("no such init section")
        content_type = VIDEO if init.width is not None else AUDIO
        await reply.media(init.data, content_type, _keep_media(media))

    async def _segment(self, reply: Reply, receive: Receive, place: tuple[str, str, str, str, str]) -> None:
        number, token, epoch, name, file = place
        media = self._library.held(number) or await self._media(number)
        if media.is_shut:
            raise _Shut(media)
        if token != media.token and await self._is_outdated(reply, media, token):
            return
        if name == CAPTIONS:
            if media.captions is None or epoch != media.epoch:
                raise _NoCaptions
            text = media.captions.get(file)
            if text is None:
                raise _NotFound("no such segment")
            await reply.media(text, SUBTITLES, Keep.LIVE_PLAYLIST)
            return
        rendition = media.renditions.get(name)
        if rendition is None:
            raise _NotFound("no such rendition")
        data = rendition.hot(file) if epoch == rendition.epoch else None
        if data is None:
            data = await self._find(media, rendition, epoch, file, receive)
            if media.is_shut:  # while it was waited for or read
                raise _Shut(media)
        if data is not None:
            content_type = AUDIO if rendition.audio_only else VIDEO
            await reply.media(data, content_type, _keep_media(media))

    async def _find(
        self, media: LectureMedia, rendition: Rendition, epoch: str, file: str, receive: Receive
    ) -> bytes | None:
        """A part to come, or something older; None when the client has left meanwhile."""
        match = _SEGMENT.fullmatch(file)
        if match is None:
            raise _NotFound("no such file")
        msn = int(match[1])
        part = int(match[2]) if match[2] is not None else None
        if part is not None and epoch == rendition.epoch:
            match rendition.part_readiness(msn, part):
                case Readiness.WAIT:
                    return await self._hinted(media, rendition, msn, part, file, receive)
                case Readiness.NEVER | Readiness.TOO_FAR:
                    raise _NotFound("no such part")
                case Readiness.READY:
                    pass
                case other:
                    assert_never(other)
        entry = rendition.entry(msn)
        if entry is None or entry.epoch != epoch or entry.end is None or entry.gap:
            raise _NotFound("no such segment")
        span = entry.part_range(part) if part is not None else (0, entry.size)
        if span is None:
            raise _NotFound("no such part")
        data = rendition.hot(f"{msn}.m4s") if epoch == rendition.epoch else None
        if data is None:
            data = await self._from_file(media, rendition, entry)
        return data if part is None else data[span[0] : span[1]]

    async def _hinted(
        self, media: LectureMedia, rendition: Rendition, msn: int, part: int, file: str, receive: Receive
    ) -> bytes | None:
        held = await hold(
            rendition.changes,
            lambda: rendition.part_readiness(msn, part) is not Readiness.WAIT or media.is_shut,
            receive,
            self._hold_seconds,
        )
        if held is Held.CLIENT_LEFT:
            return None
        if media.is_shut:
            raise _Shut(media)
        data = rendition.hot(file)
        if data is None:
            raise _NotFound("the part did not come")
        return data

    async def _from_file(self, media: LectureMedia, rendition: Rendition, entry: SegmentEntry) -> bytes:
        path = media.segment_file(rendition, entry)
        try:
            return await self._library.cache.read(path, entry.size)
        except (OSError, EOFError) as error:
            log.error("origin.segment_missing", broadcast=media.number, file=path.name, error=str(error))
            raise _NotFound("the segment is missing") from error

    # -- whom it is about

    async def _media(self, number: str) -> LectureMedia:
        media = await self._library.get(number)
        if media is None:
            raise _NotFound("there is no media of this lecture")
        if media.is_shut:
            raise _Shut(media)
        return media

    async def _is_outdated(self, reply: Reply, media: LectureMedia, token: str) -> bool:
        """Answers 410 for media of a generation that is no more."""
        if token == media.token:
            return False
        if token not in media.outdated_tokens:
            raise _NotFound("no such media")
        await reply.error(410, "this version of the lecture is no longer served")
        return True


def _rendition(media: LectureMedia, file: str) -> Rendition:
    rendition = media.renditions.get(file.removesuffix(".m3u8")) if file.endswith(".m3u8") else None
    if rendition is None:
        raise _NotFound("no such rendition")
    return rendition


def _keep_media(media: LectureMedia) -> Keep:
    return Keep.REPLAY_MEDIA if media.has_ended else Keep.LIVE_MEDIA
