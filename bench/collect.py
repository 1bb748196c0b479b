"""Collecting: pauses, memory, and pages a second, from an archive on loopback

Each line is one process of ours beside one that plays the archive, in pywb's dialect. Pauses: 30 captures at a fifth of a
second each, what the clock shows over the sum of the pauses that politeness asks for. Memory: the largest of a dry run over
an index of a million captures (TRACKER_BENCH=quick: 100,000) over that of a tenth of it. Pages a second: 5,000 pages of
25 kB (quick: 1,000), collected without pauses and then ingested, start-up included, by the processor time of our process.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

SERVER = r"""
import json, random, re, sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
count, every = int(sys.argv[1]), int(sys.argv[2])
words = random.Random(1).choices("the price of news market today report week said company year more than".split(), k=1800)
prose = "".join(f"<p>{' '.join(words[at : at + 30])}</p>" for at in range(0, 1800, 30))
menu = "".join(f'<li class="item"><a href="/section/{n}">Section {n}</a></li>' for n in range(160))
coins = (("비트코인", 8692000), ("이더리움", 173900), ("리플", 264))
rows = "".join(f"<li>{name} {price:,}원 -1.2%</li>" for name, price in coins)
class Handler(BaseHTTPRequestHandler):
    protocol_version, wbufsize, disable_nagle_algorithm = "HTTP/1.1", -1, True
    def log_message(self, *_): pass
    def do_GET(self):
        if "/cdx" in self.path:
            self.send_response(200)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for start in range(0, count, 1000):
                piece = "".join(self.row(n) for n in range(start, min(start + 1000, count))).encode()
                self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            self.wfile.write(b"0\r\n\r\n")
            return
        number = int(self.path.rpartition("/")[2])
        block = f"<ul>{rows}</ul>" if number % every == 0 else ""
        body = f"<html><head><title>Page {number}</title></head><body><ul>{menu}</ul>{prose}{block}</body></html>".encode()
        self.send_response(200)
        self.send_header("Memento-Datetime", "Tue, 03 Dec 2019 07:35:00 GMT")
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def row(self, n):
        said = {"urlkey": f"kr,a)/{n:07}", "timestamp": "20191203073500", "url": f"http://a.kr/{n:07}", "mime": "text/html",
                "status": "200", "digest": f"D{n}", "length": "7000", "offset": "0", "filename": "x"}
        return json.dumps(said) + "\n"
server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
"""
OURS = r"""
import resource, sys, time
from dataclasses import replace
from pathlib import Path
from tracker.collect import Orders, Pace, archives, collect, estimate, target
from tracker.collect.pace import Gap
what, address, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3])
(archive,) = archives(f"{address}/coll/cdx")
targets, orders = [target("a.kr/*")], Orders(folder / "warc")
begun = time.monotonic()
if what == "pauses":
    archive = replace(archive, listing=Gap("127.0.0.1", "cdx", 0.2), fetching=Gap("127.0.0.1", "pages", 0.2))
    collect(targets, [archive], orders, Pace())
    print((time.monotonic() - begun) / (29 * 0.2))
elif what == "memory":
    estimate(targets, [archive], orders, Pace())
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000)
else:
    from tracker.ingest import ingest
    from tracker.store import Store
    tally = collect(targets, [archive], orders, Pace(free=frozenset({"127.0.0.1"})))
    read = ingest([folder / "warc"], Store(str(folder / "s.duckdb")), jobs=1)
    print(tally.kept, read.pages, read.added)
"""


def table() -> str:
    """The table, as Markdown."""
    quick = os.environ.get("TRACKER_BENCH") == "quick"
    lines = [f"| {what} | {figure} | {goal} |" for what, figure, goal in rows(quick)]
    return "\n".join(["| what | | goal |", "|---|--:|---|", *lines])


def rows(quick: bool) -> Iterator[tuple[str, str, str]]:
    with archive(30, 1) as address:
        share = float(ours("pauses", address)[0])
        yield "the clock / the sum of the pauses", f"**{share:.2f}**", "1.15 or less"
    index, pages = (100_000, 1_000) if quick else (1_000_000, 5_000)
    peaks = []
    for count in (index // 10, index):
        with archive(count, 1) as address:
            peaks.append(float(ours("memory", address)[0]))
    yield (
        f"peak memory, an index of {index:,} captures / {index // 10:,}",
        f"**{peaks[1] / peaks[0]:.2f}**",
        "1.1 or less",
    )
    for every, which in ((50, "one in fifty with a list"), (1, "each with a list")):
        with archive(pages, every) as address:
            told, seconds = ours("pages", address)
        kept, read, added = map(int, told.split())
        assert kept == read == pages and added == -(-pages // every), told
        goal = "300 or more" if every > 1 else "for orientation"
        yield f"pages a second, collected and ingested, {which}", f"**{pages / seconds:,.0f}**", goal


@contextmanager
def archive(count: int, every: int) -> Iterator[str]:
    """A process that plays an archive of so many captures, one in `every` with a list: its address."""
    with subprocess.Popen(
        [sys.executable, "-c", SERVER, str(count), str(every)], stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout
            yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        finally:
            process.kill()


def ours(what: str, address: str) -> tuple[str, float]:
    """What our process says, and its processor time."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-c", OURS, what, address, folder]
        begun = os.times()
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
        ended = os.times()
    return told, ended.children_user + ended.children_system - begun.children_user - begun.children_system
