"""A table of Parquet files as a store: what `ingest` of the same files would hold, and many who add to it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import fsspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import BITCOIN, NOON, RIPPLE, block, empty_store

from tracker.errors import NotAStore, OutputError, StoreError
from tracker.frame import arrow
from tracker.ingest import ingest
from tracker.model import Block
from tracker.store import Store, appending
from tracker.store.export import export

LONGER = replace(block(1), quotes=(BITCOIN, RIPPLE, replace(RIPPLE, rank=3, name="이더리움", symbol="ETH")))
# The same captures read from another text: the one with more rows stands. One undated, one of a page without an address.
BLOCKS: tuple[Block, ...] = (
    block(0), block(1), replace(LONGER, source="crawl.wet.gz#1", content_id="d"), block(2), block(3, layout="ebn-header"),
    replace(block(4), observed_at=None, time_basis="none", captured_at=None, url=None),
    replace(block(5), url=None), replace(block(2), source="other.warc.gz#2", start=100, end=200),
)  # fmt: skip


def write(path: Path, blocks: list[Block]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(arrow(blocks), path)


def as_csv(store: Store, folder: Path) -> bytes:
    export(store, folder / "table.csv", "csv")
    return (folder / "table.csv").read_bytes()


@settings(max_examples=3)
@given(st.lists(st.lists(st.sampled_from(BLOCKS), min_size=1, max_size=5), min_size=1, max_size=4))
def test_it_shows_what_ingest_of_the_same_files_would_store(files: list[list[Block]]) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        for number, blocks in enumerate(files):
            write(folder / "out" / f"day={number}" / "part.parquet", blocks)
        store = empty_store(folder / "store.duckdb")
        for path in sorted((folder / "out").rglob("*.parquet")):
            store.take_table(path)
        shown = Store(folder / "out")
        assert as_csv(shown, folder) == as_csv(store, folder)
        assert shown.check().breaches == []


def test_every_question_is_answered_as_a_store_does(table: Path) -> None:
    store = empty_store(table.parent / "store.duckdb")
    ingest([table], store)
    shown = Store(table)
    assert shown.coverage() == store.coverage()
    assert shown.latest() == store.latest()
    assert shown.asked("bitcoin eth", site="example.co.kr") == store.asked(
        "bitcoin eth", site="example.co.kr"
    )
    assert shown.ends(3) == store.ends(3)
    assert shown.arrow().equals(store.arrow())
    assert [row["snapshot_id"] for row in shown.history(all_readings=True)] == [
        row["snapshot_id"] for row in store.history(all_readings=True)
    ]
    assert not shown.reconciled()


@pytest.fixture
def table(tmp_path: Path) -> Path:
    write(tmp_path / "out" / "1.parquet", [block(0), block(1)])
    write(tmp_path / "out" / "day=x" / "2.parquet", [block(1), block(2)])
    return tmp_path / "out"


@pytest.mark.parametrize(
    ("place", "snapshots"),
    [("", 3), ("/", 3), ("/*.parquet", 2), ("/**/*.parquet", 3), ("/day=*", 2), ("/1.parquet", 2)],
)
def test_a_table_is_a_folder_a_pattern_or_a_file(table: Path, place: str, snapshots: int) -> None:
    assert Store(f"{table}{place}").coverage()["totals"][0]["snapshots"] == snapshots


def test_a_table_is_read_at_an_address(table: Path) -> None:
    fsspec.filesystem("memory").put(str(table), "memory://bucket/out", recursive=True)
    for place in (
        "memory://bucket/out/",
        "memory://bucket/out/day=*/*.parquet",
        "memory://bucket/*/*.parquet",
    ):
        assert Store(place).history()
    assert Store("memory://bucket/out").history() == Store(table).history()
    with pytest.raises(NotAStore, match="memory://bucket/in: names what holds no Parquet files"):
        Store("memory://bucket/in").history()
    with pytest.raises(
        StoreError,
        match=r"^https://a\.kr/out/: is of the web, where no folder can be listed; fetch its files",
    ):
        Store("https://a.kr/out/").history()


def test_what_is_hidden_or_none_of_it_is_passed_over(table: Path) -> None:
    before = Store(table).history()
    for name in (".3.parquet", "_tracker/3.parquet", ".parts/3.parquet"):
        write(table / name, [block(3)])
    (table / "_SUCCESS").touch()
    (table / "1.parquet.crc").write_bytes(b"x")
    assert Store(table).history() == before


def test_files_that_come_later_are_seen(table: Path) -> None:
    store = Store(table)
    assert len(store.history("BTC")) == 3
    write(table / "4.parquet", [block(4)])
    assert len(store.history("BTC")) == 4
    shutil.rmtree(table)
    with pytest.raises(NotAStore):
        store.history()


def _less(rows: pa.Table) -> pa.Table:
    return rows.drop_columns(["price"])


def _floats(rows: pa.Table) -> pa.Table:
    return rows.set_column(rows.column_names.index("price"), "price", rows["price"].cast(pa.float64()))


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (_less, "has no column price; take it out"),
        (_floats, "column price is DOUBLE, not DECIMAL(30,12); take it out"),
    ],
)
def test_a_file_of_other_columns_is_told_and_none_is_shown(
    table: Path, change: Callable[[pa.Table], pa.Table], line: str
) -> None:
    pq.write_table(change(arrow([block(7)])), table / "7.parquet")
    with pytest.raises(StoreError) as caught:
        Store(table).history()
    assert str(caught.value).startswith(f"{table / '7.parquet'}: {line}")


def test_a_damaged_file_is_told(table: Path) -> None:
    data = (table / "1.parquet").read_bytes()
    (table / "1.parquet").write_bytes(data[: len(data) // 2])
    with pytest.raises(StoreError, match=r"1\.parquet"):
        Store(table).history()


WRITES: dict[str, Callable[[Store], Any]] = {
    "add": lambda store: store.add([block(9)]),
    "load": lambda store: store.load(arrow([block(9)])),
    "forget": lambda store: store.forget(superseded=True, commit=True),
    "reconcile": lambda store: store.reconcile(),
    "ingest": lambda store: ingest(["nowhere"], store),
}


@pytest.mark.parametrize("name", WRITES)
def test_it_is_only_read(table: Path, name: str) -> None:
    with pytest.raises(StoreError) as caught:
        WRITES[name](Store(table))
    assert str(caught.value) == (
        f"{table}: is a table of Parquet files, which is only read; name a DuckDB file with --store, and `tracker export"
        " --append` what is in it"
    )


# -- adding to it


def test_each_adds_what_is_new_as_a_file_of_its_own(tmp_path: Path) -> None:
    store, place = empty_store(tmp_path / "s.duckdb"), tmp_path / "a" / "out"
    assert store.append(place) == (None, 0, 0)
    store.add([block(0), block(1)])
    first = store.append(place)
    assert first[1:] == (6, 2)
    assert store.append(place) == (None, 0, 0)
    store.add([block(2)])
    assert store.append(place)[1:] == (3, 1)
    assert first.file is not None
    assert len({*place.iterdir(), Path(first.file)}) == 2
    assert as_csv(Store(place), tmp_path) == as_csv(store, tmp_path)


def test_a_selection_of_snapshots_can_be_added(tmp_path: Path) -> None:
    store = empty_store(tmp_path / "s.duckdb")
    store.add([block(0), block(10), block(20, url="https://other.kr/1")])
    place = "memory://appended/out"
    assert store.append(place, since=NOON + timedelta(minutes=5), site="example.co.kr").snapshots == 1
    assert store.append(place).snapshots == 2
    assert as_csv(Store(place), tmp_path) == as_csv(store, tmp_path)


def test_many_add_at_once_and_nothing_is_lost_or_there_twice(tmp_path: Path) -> None:
    """Each has snapshots of its own and some that all have."""
    place = tmp_path / "out"

    def work(writer: int) -> None:
        store = empty_store(tmp_path / f"{writer}.duckdb")
        for turn in range(2):
            store.add([block(turn), block(100 + writer * 10 + turn)])
            store.append(place)

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(work, range(3)))
    assert len(list(place.iterdir())) == 6
    rows = Store(place).history()
    assert len({row["snapshot_id"] for row in rows}) == 2 + 6
    assert len(rows) == 3 * 8


def test_a_file_is_there_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = empty_store(tmp_path / "s.duckdb")
    store.add([block(0)])

    def half(*_: Any) -> Any:
        path = Path(_[2])
        path.write_bytes(b"PAR1")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(appending, "copied", half)
    with pytest.raises(OutputError, match="No space left"):
        store.append(tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_where_it_cannot_be_added_is_told(tmp_path: Path) -> None:
    store = empty_store(tmp_path / "s.duckdb")
    store.add([block(0)])
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="cannot be made"):
        store.append(tmp_path / "file" / "out")
    (tmp_path / "other").mkdir()
    duckdb.sql("COPY (SELECT 1 AS a) TO '{}' (FORMAT parquet)".format(tmp_path / "other" / "x.parquet"))
    with pytest.raises(StoreError, match="has no column snapshot_id"):
        store.append(tmp_path / "other")
