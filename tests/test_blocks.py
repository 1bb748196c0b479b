"""`tracker.blocks`: the blocks that `find` gives of each page, what `ingest` stores, and every loss told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from files import make

import tracker
from tracker.blocks import Orders, Reading, examined
from tracker.errors import Beside, SourceError
from tracker.frame import schema
from tracker.ingest import ingest
from tracker.pages import Source, TrackerWarning, read
from tracker.store import Store

FILES = Path(__file__).parent / "files"
SEEDS = Path(__file__).parents[1] / "seeds"
SAMPLES = sorted(path for path in FILES.iterdir() if path.is_file() and path.suffix != ".py")


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_they_are_those_of_each_page_and_every_loss_is_told(path: Path) -> None:
    """As reading every page and looking for blocks in each, but for what the gate spares; the same is left out."""
    lost: list[str] = []
    missed: list[str] = []
    found = tracker.blocks(path, on_skip=lambda error: lost.append(str(error)))
    gated = {page.source: [block.snapshot_id for block in page.blocks] for page in found}
    pages = list(tracker.pages(path, on_skip=lambda error: missed.append(str(error))))
    every = {page.source: [block.snapshot_id for block in tracker.find(page)] for page in pages}
    assert gated == {source: ids for source, ids in every.items() if ids}
    assert lost == missed
    assert found.pages >= len(gated)


def test_a_page_says_where_it_came_from() -> None:
    page = next(tracker.blocks(FILES / "whole.warc.gz"))
    assert page.source.partition("#")[0] == str(FILES / "whole.warc.gz")
    assert (page.url, str(page.captured_at)) == ("https://www.a.kr/3", "2024-03-30 01:00:03+00:00")
    table = tracker.arrow(page.blocks)
    assert table.schema == schema()
    assert table.column("source").unique().to_pylist() == [page.source]


def test_without_a_function_to_tell_a_loss_is_raised_where_it_is_met() -> None:
    reading = tracker.blocks(FILES / "damaged-record.warc.gz")
    with pytest.raises(SourceError, match=r"damaged-record\.warc\.gz#\d+: "):
        list(reading)
    lost: list[SourceError] = []
    assert list(tracker.blocks([FILES / "damaged-record.warc.gz", "nowhere/"], on_skip=lost.append))
    assert [error.subject.partition("#")[0] for error in lost] == [
        str(FILES / "damaged-record.warc.gz"), "nowhere/",
    ]  # fmt: skip


def test_what_lies_beside_pages_is_told_and_never_raised(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text(make.BLOCK, "utf-8")
    (tmp_path / "page.png").write_bytes(b"\x89PNG")
    (page,) = tracker.blocks(tmp_path)
    assert len(page.blocks[0].quotes) == 3
    lost: list[SourceError] = []
    list(tracker.blocks(tmp_path, on_skip=lost.append))
    assert [type(error) for error in lost] == [Beside]


def test_sources_are_read_as_pages_are_asked_for() -> None:
    asked: list[str] = []

    def names() -> Iterator[str]:
        for path in sorted(SEEDS.glob("*.txt")):
            asked.append(path.name)
            yield str(path)

    reading = tracker.blocks(names())
    assert (asked, reading.pages) == ([], 0)
    next(reading)
    assert (len(asked), reading.pages) == (1, 1)


def test_a_time_that_is_none_is_refused_at_once() -> None:
    with pytest.raises(tracker.TimeError):
        tracker.blocks(SEEDS, at="yesterday")


def test_a_page_that_was_served_again_has_its_blocks_anew(tmp_path: Path) -> None:
    path = tmp_path / "x.warc"
    path.write_bytes(b"".join(make.revisits()))
    lost: list[SourceError] = []
    found = list(tracker.blocks(path, on_skip=lost.append))
    assert len({page.captured_at for page in found}) == len(found) == 4
    assert [error.reason for error in lost] == ["a revisit record of a page that is not known"]


def test_rows_are_those_that_ingest_stores(tmp_path: Path) -> None:
    store = Store(tmp_path / "store.duckdb")
    ingest([SEEDS], store)
    table = tracker.arrow(block for page in tracker.blocks(SEEDS) for block in page.blocks)
    order = [("observed_at", "ascending"), ("snapshot_id", "ascending"), ("rank", "ascending")]
    assert table.sort_by(order).equals(store.arrow().sort_by(order))


def test_read_warns_of_a_part_and_raises_for_a_whole(tmp_path: Path) -> None:
    """Also where no page before the damage has a block: something was read."""
    (tmp_path / "1.warc.gz").write_bytes(
        make.gz(make.record(1, "a page of nothing")) + make.gz(b"WARC/1.0\r\n")[:-9]
    )
    with pytest.warns(TrackerWarning):
        assert tracker.read(tmp_path / "1.warc.gz").empty
    with pytest.raises(SourceError, match="there is no such file"):
        tracker.read(tmp_path / "2.warc.gz")


def test_the_workers_of_ingest_go_the_same_way() -> None:
    source, orders = Source(str(FILES / "whole.warc.gz")), Orders()
    told = list(examined(((source, item) for item in read(source, orders.intake())), orders))
    assert told == list(Reading(source.path, orders, None))
