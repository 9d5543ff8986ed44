"""A hub of models on this machine, that speaks what mirrors speak, and fails as lines over land do.

Files lie under `<repository>/`; `cut_after` breaks the connection of each answer after so many bytes, `broken` names
answers by path.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import unquote, urlsplit

COMMIT = "c" * 40
LARGE = 10_000
"""Files from so many bytes on are listed with SHA-256, smaller ones with git's name, as hubs do."""


class ModelHub:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.cut_after: int | None = None
        self.broken: dict[str, tuple[int, bytes]] = {}
        self.asked: list[tuple[str, str]] = []
        self.knows_ranges = True
        self.commit = COMMIT
        self.lie: dict[str, bytes] = {}
        """What is sent in place of a file, though it is listed as it is."""

    def listing(self, repo: str) -> dict[str, Any]:
        rows: list[dict[str, Any]] = []
        for path in sorted((self.folder / repo).iterdir()):
            data = path.read_bytes()
            row: dict[str, Any] = {"rfilename": path.name, "size": len(data)}
            if len(data) >= LARGE:
                row["lfs"] = {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
            else:
                row["blobId"] = hashlib.sha1(f"blob {len(data)}\0".encode() + data).hexdigest()
            rows.append(row)
        return {"id": repo, "sha": self.commit, "siblings": rows}


@contextmanager
def running_hub(folder: Path) -> Iterator[tuple[ModelHub, str]]:
    """The hub and its address."""
    hub = ModelHub(folder)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = unquote(urlsplit(self.path).path)
            hub.asked.append((path, self.headers.get("range", "")))
            if path in hub.broken:
                self._answer(*hub.broken[path])
            elif found := re.fullmatch(r"/api/models/(.+)/revision/main", path):
                self._give_listing(found.group(1))
            elif found := re.fullmatch(r"/(.+)/resolve/(\w+)/([^/]+)", path):
                self._give_file(*found.groups())
            else:
                self._answer(404, b"")

        def _give_listing(self, repo: str) -> None:
            if (hub.folder / repo).is_dir():
                self._answer(200, json.dumps(hub.listing(repo)).encode())
            else:
                self._answer(404, b'{"error":"Repository not found"}')

        def _give_file(self, repo: str, commit: str, name: str) -> None:
            path = hub.folder / repo / name
            if commit != hub.commit or not path.is_file():
                self._answer(404, b"")
                return
            data = hub.lie.get(name, path.read_bytes())
            begin = 0
            if hub.knows_ranges and (found := re.fullmatch(r"bytes=(\d+)-", self.headers.get("range", ""))):
                begin = int(found.group(1))
            self._answer(206 if begin else 200, data[begin:], cut=hub.cut_after)

        def _answer(self, status: int, body: bytes, *, cut: int | None = None) -> None:
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body if cut is None else body[:cut])
            if cut is not None and cut < len(body):
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield hub, f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
