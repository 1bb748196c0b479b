"""One capture is one snapshot, whatever container it comes in: text file, HTML file, WARC, text corpus."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tracker.ingest import ingest
from tracker.store import Store

URL = "http://www.ebn.co.kr/news/view/928602"
STAMP, TIME = "20240329053000", "2024-03-29T05:30:00Z"
SEED = next(Path(__file__).parents[2].joinpath("seeds").glob("ebn-928602.txt"))
TEXT = SEED.read_text("utf-8")
LINES = "".join(f"<p>{line}</p>\n" for line in TEXT.splitlines() if line.strip())
HEAD = f'<meta charset="utf-8"><link rel="canonical" href="{URL}">'
HTML = f"<!doctype html><html><head>{HEAD}</head><body>{LINES}</body></html>"


def archive() -> bytes:
    """A WARC with the page as the one response."""
    body = HTML.encode()
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000001>\r\n"
        f"WARC-Date: {TIME}\r\nWARC-Target-URI: {URL}\r\nContent-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(http)}\r\n\r\n"
    )
    return head.encode() + http + b"\r\n\r\n"


CONTAINERS = {
    f"{STAMP}.txt": TEXT.encode(),
    f"{STAMP}.html": HTML.encode(),
    "crawl.warc": archive(),
    "corpus.jsonl": json.dumps({"text": TEXT, "url": URL, "timestamp": TIME}).encode(),
}


@pytest.mark.parametrize("first", CONTAINERS)
def test_the_same_capture_is_one_snapshot(first: str, tmp_path: Path) -> None:
    store = Store(tmp_path / "s.duckdb")
    for name, content in CONTAINERS.items():
        (tmp_path / name).write_bytes(content)
    added = [
        ingest([tmp_path / name], store, url=URL, jobs=1).added
        for name in (first, *(name for name in CONTAINERS if name != first))
    ]
    assert added == [1, 0, 0, 0]
    rows = store.history()
    assert {row["url"] for row in rows} == {URL}
    assert {row["symbol"]: int(row["price"]) for row in rows}["BTC"] == 100_703_000
    assert {row["time_basis"] for row in rows} == {"capture"}
