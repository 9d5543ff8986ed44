"""nginx with libnginx-mod-rtmp: RTMP in, HLS with MPEG-TS segments of 2 s out."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bench.peers.live import LivePeer
from bench.peers.nginx import module, nginx
from bench.process import free_port, listening

RTMP = """
rtmp {{
    server {{
        listen 127.0.0.1:{port};
        chunk_size 4096;
        application live {{
            live on;
            hls on;
            hls_path {folder}/www;
            hls_fragment 2s;
            hls_playlist_length 20s;
        }}
    }}
}}
"""


@asynccontextmanager
async def nginx_rtmp(folder: Path) -> AsyncIterator[LivePeer]:
    """Run it for the length of the block."""
    folder = folder / "nginx-rtmp"
    folder.mkdir()
    http_port, rtmp_port = free_port(), free_port()
    head = f"load_module {await module('ngx_rtmp_module.so')};\n"
    body = RTMP.format(port=rtmp_port, folder=folder)
    async with nginx(folder, port=http_port, head=head, body=body) as child:
        await listening(rtmp_port, child)
        yield LivePeer(
            name="nginx-rtmp",
            publish_url=f"rtmp://127.0.0.1:{rtmp_port}/live/bench",
            playlist_url=f"http://127.0.0.1:{http_port}/bench.m3u8",
            child=child,
        )
