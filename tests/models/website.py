"""A server on this machine that misbehaves on request, and what is fetched from it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from nodeflow.models import download as download_module
from nodeflow.models.download import Sized, download
from nodeflow.models.watch import Watch

DATA = bytes(range(256)) * 5000


@dataclass
class Site:
    """Serves `data`. `script` says what to do with each request in turn, then it behaves."""

    address: str = ""
    script: list[str] = field(default_factory=list)
    data: bytes = DATA
    asked: list[str | None] = field(default_factory=list)
    gate: threading.Barrier | None = None
    """If set, requests wait here for one another."""
    now: int = 0
    most: int = 0


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    site, lock = Site(), threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            wanted = self.headers.get("Range")
            site.asked.append(wanted)
            if site.gate is not None:
                with lock:
                    site.now += 1
                    site.most = max(site.most, site.now)
                site.gate.wait(60)
                with lock:
                    site.now -= 1
            what = site.script.pop(0) if site.script else "good"
            if what.isdigit():
                self.send_error(int(what))
                return
            if what.startswith(("later", "to ")):
                word, _, value = what.partition(" ")
                self.send_response(429 if word == "later" else 302)
                self.send_header("Retry-After" if word == "later" else "Location", value)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            begin = int(wanted[6:-1]) if wanted and what != "no ranges" else 0
            begin += 7 * (what == "elsewhere")
            body = site.data[begin:] + (b"more" if what == "too long" else b"")
            self.send_response(206 if begin else 200)
            if what != "too long":
                lies = {"says less": len(body) // 2, "says more": 2 * len(body)}
                self.send_header("Content-Length", str(lies.get(what, len(body))))
            if begin:
                self.send_header("Content-Range", f"bytes {begin}-{len(site.data) - 1}/{len(site.data)}")
            self.end_headers()
            if what == "drips":
                for place in range(0, len(body), len(body) // 200):
                    self.wfile.write(body[place : place + len(body) // 200])
                    self.wfile.flush()
                return
            self.wfile.write(body[: len(body) // 2] if what == "cut" else body)

        def log_message(self, *args: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site.address = f"http://127.0.0.1:{server.server_address[1]}/file.bin"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    monkeypatch.setattr(download_module, "FIRST_PAUSE", 0.0)
    for name in ("http_proxy", "HTTP_PROXY"):
        monkeypatch.delenv(name, raising=False)
    yield site
    server.shutdown()
    thread.join()
    server.server_close()


def fetched(site: Site, partial: Path, **watch: Any) -> bytes:
    download(site.address, partial, Sized(len(DATA)), "file.bin", Watch(**watch))
    return partial.read_bytes()
