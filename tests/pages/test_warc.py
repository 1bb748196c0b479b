"""WARC and WET: what is read, by which names it is found again, and what damage costs."""

from __future__ import annotations

import gzip
import random
from contextlib import suppress
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import pytest
from files import make
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.errors import SourceError
from tracker.finder.find import find, watch
from tracker.model import Page
from tracker.pages import Intake, Source, pages, read, split
from tracker.pages.http import lies_open
from tracker.pages.http import split as head_of
from tracker.pages.warc import CLIPPED

FILES = Path(__file__).parents[1] / "files"
ALL = [1, 2, 3, 4, 5]
CUT = "cut off: its packed data breaks off"
BEHIND, BROKEN = "damaged bytes behind this record", "a damaged record"

# file: the pages that are read, by the number in their address; what is said to be left out or wrong
SAMPLES: dict[str, tuple[list[int], list[str]]] = {
    "whole.warc.gz": (ALL, []),
    "whole.warc.zst": (ALL, []),
    "dictionary.warc.zst": (ALL, []),
    "cut-off-in-a-record.warc": ([1, 2, 3, 4], ["cut off: it ends inside a record"]),
    "cut-off-in-a-record.warc.gz": ([1, 2, 3, 4], [CUT]),
    "cut-off-in-a-header.warc.gz": ([1, 2, 3, 4], [CUT]),
    "cut-off-in-a-record.warc.zst": ([1, 2, 3, 4], [CUT]),
    "damaged-record.warc.gz": ([1, 3, 4, 5], [BEHIND]),
    "garbage-between-records.warc": (ALL, [BEHIND]),
    "garbage-between-records.warc.gz": (ALL, [BEHIND]),
    "garbage-before-the-first-record.warc": (ALL, [BROKEN]),
    "zeros-behind-the-last-record.warc.gz": (ALL, []),
    "length-too-short.warc.gz": ([1, 3, 4, 5], [BROKEN]),
    "length-a-byte-short.warc": (ALL, [CLIPPED]),
    "length-a-byte-short.warc.gz": (ALL, [CLIPPED]),
    "length-a-byte-short-in-a-figure.warc": ([1, 3, 4, 5], [BROKEN]),
    "length-too-long.warc": ([1, 3, 4, 5], [BROKEN]),
    "length-beyond-the-end.warc.gz": ([1, 3, 4, 5], [BROKEN]),
    "length-absurd.warc": ([1, 3, 4, 5], [BROKEN]),
    "length-no-number.warc": ([1, 3, 4, 5], [BROKEN]),
    "line-feeds-only.warc": (ALL, []),
    "line-feeds-in-one-record.warc": ([1, 3, 4, 5], [BROKEN]),
    "packed-as-a-whole.warc.gz": (ALL, []),
    "packed-as-a-whole-and-cut-off.warc.gz": ([1, 2, 3, 4], [CUT]),
    "packed-two-by-two.warc.gz": (ALL, []),
    "no-archive.warc": ([], ["holds no record of a web archive"]),
    "no-date.warc": (ALL, []),
    "no-pages.warc": ([], []),
    "archive-in-a-record.warc": ([2], []),
    "coded-bodies.warc": ([1, 2, 3, 4, 5, 6, 7, 8], []),
    "coding-declared-and-not-applied.warc": ([1, 2, 3, 4, 5, 6], []),
    "bodies-packed-and-not-declared.warc": ([1, 2, 3, 4], ["a gzip body that breaks off"]),
    "bodies-that-break-off.warc": (
        [5],
        [
            "a gzip body that breaks off",
            "a br body that is damaged",
            "a chunked body that breaks off",
            "a body coded as compress, which is not read",
        ],
    ),
    "memento.warc": ([1], []),
    "texts-of-its-own.warc": ([1, 4], []),
    "revisits.warc": ([1, 2, 3, 4], ["a revisit record of a page that is not known"]),
}


def met(path: Path) -> tuple[list[Page], list[str]]:
    """The pages of a file, and why others are not there."""
    errors: list[SourceError] = []
    return list(pages(path, on_skip=errors.append)), [error.reason for error in errors]


def numbers(found: list[Page]) -> list[int]:
    return [int((page.url or "").rpartition("/")[2]) for page in found]


def test_every_sample_is_looked_at() -> None:
    assert {path.name for path in FILES.glob("*.warc*")} == set(SAMPLES)


@pytest.mark.parametrize("name", SAMPLES)
def test_damage_costs_what_is_damaged_and_is_said(name: str) -> None:
    found, reasons = met(FILES / name)
    assert (numbers(found), reasons) == SAMPLES[name]


@pytest.mark.parametrize("name", SAMPLES)
def test_every_record_can_be_read_again_alone(name: str) -> None:
    for page in met(FILES / name)[0]:
        if name != "revisits.warc" or page.source.endswith("#0"):
            assert list(pages(page.source)) == [page]


@pytest.mark.parametrize("name", SAMPLES)
def test_only_wanted_pages_are_given_and_all_are_counted(name: str) -> None:
    every, some = Intake(), Intake(wanted=watch())
    texts = [[], []]  # type: list[list[str]]
    for intake, into in zip((every, some), texts, strict=True):
        with suppress(SourceError):
            into += [item.page.text for item in read(Source(str(FILES / name)), intake)]
    assert [text for text in texts[0] if not text or "BTC" in text] == texts[1]
    assert every.pages == some.pages


def test_a_page_knows_where_and_when_it_was_captured() -> None:
    page = met(FILES / "whole.warc.gz")[0][2]
    assert (page.url, page.site) == ("https://www.a.kr/3", "a.kr")
    assert page.captured_at == datetime(2024, 3, 30, 1, 0, 3, tzinfo=UTC)
    (block,) = find(page)
    assert [quote.symbol for quote in block.quotes] == ["BTC", "ETH", "XRP"]


def test_a_date_that_is_none_is_no_time() -> None:
    assert met(FILES / "no-date.warc")[0][2].captured_at is None


def test_a_memento_was_captured_when_it_says() -> None:
    assert met(FILES / "memento.warc")[0][0].captured_at == datetime(2019, 12, 3, 7, 35, tzinfo=UTC)


def test_coded_bodies_all_say_the_same() -> None:
    texts = {
        page.text
        for name in ("coded-bodies.warc", "coding-declared-and-not-applied.warc")
        for page in met(FILES / name)[0]
    }
    assert texts == {make.BLOCK}


def test_a_revisit_is_the_same_page_at_another_time() -> None:
    first, *again = met(FILES / "revisits.warc")[0]
    assert [page.captured_at.second for page in again if page.captured_at] == [2, 3, 4]
    assert {page.text for page in again} == {first.text}
    assert len({block.snapshot_id for page in (first, *again) for block in find(page)}) == 4


@pytest.mark.parametrize("record", ["1", "99999", "x", "-1"])
def test_what_is_no_record_is_said_to_be_none(record: str) -> None:
    with pytest.raises(SourceError, match="record"):
        list(pages(f"{FILES / 'whole.warc.gz'}#{record}"))


def test_a_page_too_large_to_hold_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("warc", "index", "http", "document"):
        monkeypatch.setattr(import_module(f"tracker.pages.{module}"), "MAX_PAGE", 5000)
    packed = make.response(2, gzip.compress(bytes(9000)), "Content-Encoding: gzip")
    (tmp_path / "x.warc").write_bytes(make.record(1, "x" * 9000) + packed + make.record(3, "y"))
    found, reasons = met(tmp_path / "x.warc")
    assert (numbers(found), len(reasons)) == ([3], 2)


def parted(path: Path, size: int) -> list[Page]:
    parts = list(split(Source(str(path), size=path.stat().st_size), size))
    assert len(parts) > 2
    return [item.page for one in parts for item in read(one, Intake())]


@pytest.mark.parametrize("ending", ["warc", "warc.gz", "warc.zst"])
def test_parts_give_what_the_whole_gives(tmp_path: Path, ending: str) -> None:
    pack = {"warc": bytes, "warc.gz": make.gz, "warc.zst": make.zst}[ending]
    path = tmp_path / f"x.{ending}"
    path.write_bytes(b"".join(pack(make.record(n, f"page {n} " * 50)) for n in range(60)))
    assert parted(path, 500) == list(pages(path))


def test_a_file_packed_as_a_whole_is_one_part() -> None:
    source = Source(str(FILES / "packed-as-a-whole.warc.gz"), size=10**6)
    assert list(split(source, 50)) == [source]


RECORDS = [make.record(n, f"page {n} " * (n * 7 % 40 + 1)) for n in range(12)]
TEXTS = {f"page {n} " * (n * 7 % 40 + 1) for n in range(12)}


@settings(max_examples=150, deadline=None)
@given(st.integers(), st.sampled_from(["gz", "zst"]))
def test_damage_never_alters_a_page_and_never_goes_unsaid(
    tmp_path_factory: pytest.TempPathFactory, seed: int, ending: str
) -> None:
    """Bytes changed, lost or put in anywhere: what is read is as it was, and if anything is missing, that is said."""
    chance = random.Random(seed)
    data = bytearray(b"".join(map(make.gz if ending == "gz" else make.zst, RECORDS)))
    place, length = chance.randrange(len(data)), chance.randint(1, 200)
    data[place : place + chance.choice((0, length))] = chance.randbytes(chance.choice((0, 1, length)))
    path = tmp_path_factory.getbasetemp() / f"damaged.warc.{ending}"
    path.write_bytes(data)
    found, reasons = met(path)
    # zstd frames carry no checksum here: what it unpacks to without complaint is taken
    assert ending == "zst" or {page.text for page in found} <= TEXTS
    assert len(found) == len(RECORDS) or reasons


RESPONSES = {
    "plain": (b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>x", True),
    "no charset": (b"HTTP/1.1 200 OK\r\ncontent-type:text/html\r\n\r\n<p>x", True),
    "another charset": (b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=Shift_JIS\r\n\r\n<p>x", False),
    "another charset in its head": (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<meta charset='gbk'>",
        False,
    ),
    "packed": (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: br\r\n\r\nx", False),
    "utf-16": (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n\xff\xfex", False),
    "a picture": (b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\nx", False),
    "no body": (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", False),
    "no head": (b"HTTP/1.1 200 OK", False),
    "no type": (b"HTTP/1.1 200 OK\r\nServer: x\r\n\r\nx", False),
}


@pytest.mark.parametrize("name", RESPONSES)
def test_only_what_can_be_searched_as_it_stands_is(name: str) -> None:
    raw, expected = RESPONSES[name]
    assert lies_open(raw) is expected


@given(st.binary(max_size=300))
def test_no_head_is_too_strange(data: bytes) -> None:
    head_of(b"HTTP/" + data)
    lies_open(b"HTTP/" + data)
