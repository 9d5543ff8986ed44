"""`ffmpeg -listen 1 -c copy -f hls`: no server at all, one publisher, files in a folder that nginx serves."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bench.media import ffmpeg
from bench.peers.live import LivePeer
from bench.peers.nginx import nginx
from bench.process import free_port, running


@asynccontextmanager
async def ffmpeg_hls(folder: Path) -> AsyncIterator[LivePeer]:
    """Run it for the length of the block; the CPU of `child` is ffmpeg's alone."""
    folder = folder / "ffmpeg-hls"
    folder.mkdir()
    http_port, rtmp_port = free_port(), free_port()
    url = f"rtmp://127.0.0.1:{rtmp_port}/live/bench"
    async with nginx(folder, port=http_port):
        arguments = [
            *(ffmpeg(), "-hide_banner", "-nostdin", "-loglevel", "warning", "-listen", "1", "-i", url),
            *("-c", "copy", "-f", "hls", "-hls_time", "2", "-hls_list_size", "10"),
            *("-hls_flags", "delete_segments+temp_file", str(folder / "www" / "bench.m3u8")),
        ]
        async with running(arguments, log=folder / "ffmpeg.log") as child:
            yield LivePeer("ffmpeg -f hls", url, f"http://127.0.0.1:{http_port}/bench.m3u8", child)
