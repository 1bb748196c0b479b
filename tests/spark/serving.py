"""Servers on this machine: files by HTTP, some of which wait until they are let go; and S3."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class Gate:
    """Requests for `/slow/…` wait behind it."""

    def __init__(self) -> None:
        self.open, self.waiting = threading.Event(), threading.Semaphore(0)


class Handler(SimpleHTTPRequestHandler):
    gate: Gate

    def do_GET(self) -> None:
        if self.path.startswith("/slow/"):
            self.path = self.path.removeprefix("/slow")
            self.gate.waiting.release()
            self.gate.open.wait(60)
        super().do_GET()

    def log_message(self, *_: object) -> None: ...


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, Gate]]:
    """The address of a server of a folder, and its gate."""
    gate = Gate()
    handler = type("Gated", (Handler,), {"gate": gate})
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}", gate
        gate.open.set()
        server.shutdown()
