"""The encoder of a live: one ffmpeg that makes the rungs from the source's pictures.

Nothing here waits for anything on the way of the source: `feed` queues or leaves out, and each rung's pipe is
read as soon as there is something to read, whatever happens to the others.
"""

import asyncio
import contextlib
import fcntl
import os
import signal
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import structlog

from streaming.encoder_input import encoder_input
from streaming.encoder_queue import EncoderQueue, QueueLimits
from streaming.flv import FlvReader
from streaming.ladder import Rung, SourceInfo
from streaming.ladder_command import EncoderProgram, ladder_command
from streaming.samples import MediaUnit, VideoConfig, VideoSample

log = structlog.get_logger()

FIRST_TIME_MS = 1_000
"""Where the first picture lies for ffmpeg: no time may be negative there, and FLV has 31 bits only."""
INPUT_PIPE_BYTES = 32 * 1024
"""Small, so that what waits, waits in our queue, where it is counted."""
OUTPUT_PIPE_BYTES = 1024 * 1024
"""Large, so that a busy loop does not hold the encoder up."""
LAST_LINES = 20


@dataclass(frozen=True, slots=True)
class EncoderCallbacks:
    """Called from the event loop; none may wait.

    unit: what a rung's encoder made, first its configuration; times are those that were fed.
    left_out: a gap has ended, with so many pictures missing in every rung.
    overloaded: the machine cannot keep up (once): fewer rungs are needed.
    exited: ffmpeg has ended by itself; its exit status and last lines. Not called after `drain` or `kill`.
    """

    unit: Callable[[str, MediaUnit], None]
    left_out: Callable[[int], None]
    overloaded: Callable[[], None]
    exited: Callable[[int, list[str]], None]


class Encoder:
    """One ffmpeg from the first keyframe fed to `drain` or `kill`; a new configuration needs a new one.

    grid_frames: after so many pictures without a keyframe of the source the rungs get one of their own.
    Raises `CodecError` when the configuration cannot be read, ValueError without a rung.
    """

    def __init__(
        self,
        program: EncoderProgram,
        config: VideoConfig,
        source: SourceInfo,
        rungs: Sequence[Rung],
        callbacks: EncoderCallbacks,
        *,
        grid_frames: int,
        limits: QueueLimits,
        drain_seconds: float = 5.0,
    ) -> None:
        if not rungs:
            raise ValueError("an encoder needs a rung")
        self.rungs = tuple(rungs)
        self._program = program
        self._source = source
        self._callbacks = callbacks
        self._grid_frames = grid_frames
        self._drain_seconds = drain_seconds
        self._input = encoder_input(config)
        self._queue = EncoderQueue(limits)
        self._overload_told = False
        self._shift: int | None = None  # what ffmpeg's times are ahead of those fed
        self._process: asyncio.subprocess.Process | None = None
        self._stdin: asyncio.WriteTransport | None = None
        self._writable = False
        self._ending = False
        self._watcher: asyncio.Task[None] | None = None
        self._last_lines: deque[str] = deque(maxlen=LAST_LINES)

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process is not None else None

    @property
    def last_lines(self) -> list[str]:
        """What ffmpeg said last."""
        return list(self._last_lines)

    @property
    def waiting_ms(self) -> int:
        """Media that waits to be written, in ms."""
        return self._queue.waiting_ms

    async def start(self) -> None:
        """Start ffmpeg. Raises OSError when that is not possible; then nothing is left behind."""
        with contextlib.ExitStack() as undo:
            stdin, stderr, *outputs = [_Pipe(size, undo) for size in self._pipe_sizes()]
            by_rung = dict(zip([rung.name for rung in self.rungs], outputs, strict=True))
            self._process = await self._spawn(stdin, stderr, by_rung)
            undo.callback(self._kill_process)
            stdin.reader.close()
            for pipe in (stderr, *outputs):
                pipe.writer.close()
            ended = [await _read(pipe, _RungReader(self, name), undo) for name, pipe in by_rung.items()]
            ended.append(await _read(stderr, _Lines(self._note_line), undo))
            await self._connect_stdin(stdin)
            undo.pop_all()
        self._watcher = asyncio.create_task(self._watch(ended), name="encoder.watch")
        log.debug(
            "encoder.started",
            pid=self._process.pid,
            rungs=[rung.name for rung in self.rungs],
            encoder=self._program.encoder.value,
        )

    def _pipe_sizes(self) -> list[int | None]:
        return [INPUT_PIPE_BYTES, None, *[OUTPUT_PIPE_BYTES] * len(self.rungs)]

    async def _spawn(
        self, stdin: "_Pipe", stderr: "_Pipe", outputs: "dict[str, _Pipe]"
    ) -> asyncio.subprocess.Process:
        descriptors = {name: pipe.writer.fileno() for name, pipe in outputs.items()}
        command = ladder_command(
            self._program, self._source, self.rungs, descriptors, grid_frames=self._grid_frames
        )
        # A session of its own: Ctrl-C at the terminal must not end it before it is drained.
        return await asyncio.create_subprocess_exec(
            *command,
            start_new_session=True,
            stdin=stdin.reader,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=stderr.writer,
            pass_fds=tuple(descriptors.values()),
        )

    def feed(self, sample: VideoSample) -> None:
        """Take a picture; the first must be a keyframe, what comes before it is left out. Never waits."""
        if self._ending:
            return
        ended_gap = self._queue.offer(sample)
        if ended_gap:
            log.warning("encoder.left_out", pictures=ended_gap)
            self._callbacks.left_out(ended_gap)
        if self._queue.overloaded and not self._overload_told:
            self._overload_told = True
            log.warning("encoder.overloaded", rungs=[rung.name for rung in self.rungs])
            self._callbacks.overloaded()
        self._pump()

    async def drain(self) -> None:
        """End of input: deliver all that is on its way and end. ffmpeg is killed when that takes too long."""
        self._ending = True
        self._pump()
        if self._watcher is None:
            return
        try:
            await asyncio.wait([self._watcher], timeout=self._drain_seconds)
        finally:
            if not self._watcher.done():
                log.warning("encoder.drain_failed", waiting_ms=self._queue.waiting_ms)
                self._kill_process()
        await self._gone()

    async def kill(self) -> None:
        """End at once; what is on its way is lost."""
        self._ending = True
        self._queue.clear()
        self._kill_process()
        await self._gone()

    async def _gone(self) -> None:
        """Wait for the end of what was killed, a moment, even when the waiting is given up: no pipe stays open."""
        if self._watcher is None:
            return
        try:
            await asyncio.wait([self._watcher])
        except asyncio.CancelledError:
            await asyncio.wait([self._watcher])
            raise

    # -- to ffmpeg

    async def _connect_stdin(self, pipe: "_Pipe") -> None:
        loop = asyncio.get_running_loop()
        transport, _ = await loop.connect_write_pipe(lambda: _Stdin(self), pipe.writer)
        transport.set_write_buffer_limits(high=0)
        transport.write(self._input.start())
        self._stdin = transport
        self._writable = True
        self._pump()

    def stdin_state(self, *, writable: bool) -> None:
        """ffmpeg's stdin takes more, or none for now."""
        self._writable = writable
        if writable:
            # Not at once: asyncio loses what is written and closed from inside resume_writing.
            asyncio.get_running_loop().call_soon(self._pump)

    def stdin_lost(self) -> None:
        """ffmpeg has closed its stdin or is gone; the watcher tells."""
        self._stdin = None

    def _pump(self) -> None:
        while self._stdin is not None and self._writable and not self._stdin.is_closing():
            picture = self._queue.take()
            if picture is None:
                break
            if self._shift is None:
                self._shift = FIRST_TIME_MS - picture.dts_ms
            self._stdin.write(self._input.picture(_shifted(picture, self._shift)))
        if self._ending and not len(self._queue) and self._stdin is not None:
            self._stdin.close()  # after what is still buffered
            self._stdin = None

    # -- from ffmpeg

    def deliver(self, rung: str, unit: MediaUnit) -> None:
        """Hand on what a rung's pipe brought, in the times that were fed."""
        if isinstance(unit, VideoSample) and self._shift is not None:
            unit = _shifted(unit, -self._shift)
        self._callbacks.unit(rung, unit)

    def _note_line(self, line: str) -> None:
        self._last_lines.append(line)
        log.debug("encoder.says", line=line)

    async def _watch(self, ended: Sequence[asyncio.Future[None]]) -> None:
        assert self._process is not None
        status = await self._process.wait()
        await asyncio.wait(ended)
        if self._stdin is not None:
            self._stdin.abort()
            self._stdin = None
        if self._ending:
            log.debug("encoder.ended", status=status)
            return
        self._ending = True
        self._queue.clear()
        log.error("encoder.died", status=status, last_lines=self.last_lines[-3:])
        self._callbacks.exited(status, self.last_lines)

    def _kill_process(self) -> None:
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(signal.SIGKILL)


class _Stdin(asyncio.BaseProtocol):
    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    def pause_writing(self) -> None:
        self._encoder.stdin_state(writable=False)

    def resume_writing(self) -> None:
        self._encoder.stdin_state(writable=True)

    def connection_lost(self, exc: Exception | None) -> None:
        self._encoder.stdin_lost()


class _PipeReader(asyncio.Protocol):
    """Reads a pipe to its end, whatever becomes of the bytes: a writer is never kept waiting."""

    def __init__(self) -> None:
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.ended.done():
            self.ended.set_result(None)


class _RungReader(_PipeReader):
    def __init__(self, encoder: Encoder, rung: str) -> None:
        super().__init__()
        self._encoder = encoder
        self._rung = rung
        self._flv: FlvReader | None = FlvReader()

    def data_received(self, data: bytes) -> None:
        if self._flv is None:
            return
        try:
            for unit in self._flv.feed(data):
                self._encoder.deliver(self._rung, unit)
        except Exception:
            log.exception("encoder.rung_failed", rung=self._rung)
            self._flv = None  # the other rungs and the source go on


class _Lines(_PipeReader):
    def __init__(self, note: Callable[[str], None]) -> None:
        super().__init__()
        self._note = note
        self._rest = b""

    def data_received(self, data: bytes) -> None:
        *lines, self._rest = (self._rest + data).replace(b"\r", b"\n").split(b"\n")
        self._rest = self._rest[-4096:]
        for line in lines:
            if line.strip():
                self._note(line.decode(errors="replace").strip()[:500])


class _Pipe:
    """A new pipe of about that many bytes; undo closes what is still open of it."""

    def __init__(self, size: int | None, undo: contextlib.ExitStack) -> None:
        read_end, write_end = os.pipe()
        self.reader = undo.enter_context(os.fdopen(read_end, "rb", 0))
        self.writer = undo.enter_context(os.fdopen(write_end, "wb", 0))
        if size is not None and hasattr(fcntl, "F_SETPIPE_SZ"):  # Linux
            with contextlib.suppress(OSError):  # more than an unprivileged user may have
                fcntl.fcntl(write_end, fcntl.F_SETPIPE_SZ, size)


async def _read(pipe: _Pipe, protocol: _PipeReader, undo: contextlib.ExitStack) -> asyncio.Future[None]:
    """Read a pipe from now on; the future is done at its end."""
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, pipe.reader)
    undo.callback(transport.close)
    return protocol.ended


def _shifted(sample: VideoSample, by_ms: int) -> VideoSample:
    return replace(sample, dts_ms=sample.dts_ms + by_ms, pts_ms=sample.pts_ms + by_ms)
