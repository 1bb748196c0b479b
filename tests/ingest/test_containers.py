"""The same crawl as its responses and as its texts: each capture is one observation, the reading that tells more."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest
from builds import BUILDS

from tracker.ingest import ingest
from tracker.model import Page
from tracker.pages.document import page as page_of
from tracker.store import Store

CRAWL = ("sign in a class", "boxes", "table with heads")  # the first tells its signs by its markup alone


def record(kind: str, place: int, body: bytes, content: str) -> bytes:
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{kind}-{place}>\r\n"
        f"WARC-Target-URI: https://news.example.com/{place}\r\nWARC-Date: 2024-03-0{place + 1}T10:00:00Z\r\n"
        f"Content-Type: {content}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body + b"\r\n\r\n"


@pytest.fixture
def crawl(tmp_path: Path) -> dict[str, Path]:
    html = [f"<html><body><p>Rain is expected.</p>{BUILDS[name]}</body></html>".encode() for name in CRAWL]
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    texts = [page_of(body, Page("", "made")).text.encode() for body in html]
    made = {
        "crawl.warc": [record("response", i, http + body, "application/http") for i, body in enumerate(html)],
        "crawl.warc.wet": [record("conversion", i, text, "text/plain") for i, text in enumerate(texts)],
    }
    for name, records in made.items():
        (tmp_path / name).write_bytes(b"".join(records))
    return {name: tmp_path / name for name in made}


@pytest.mark.parametrize("order", [*permutations(("crawl.warc", "crawl.warc.wet"))])
def test_each_capture_is_one_observation_whatever_the_order(
    order: tuple[str, ...], crawl: dict[str, Path], tmp_path: Path
) -> None:
    with Store(tmp_path / "s.duckdb") as store:
        for name in order:
            ingest([str(crawl[name])], store, jobs=1)
        rows = store.history()
        assert len({row["snapshot_id"] for row in rows}) == len(CRAWL) and len(rows) == 4 * len(CRAWL)
        assert all(row["change_pct"] is not None for row in rows)
        assert rows[0]["source"].endswith("crawl.warc#0")
        assert len(store.history(all_readings=True)) in (
            len(rows),
            len(rows) + 4,
        )  # the texts' lost signs, if they came first
