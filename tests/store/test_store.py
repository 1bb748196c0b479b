"""The store: what goes in comes out, once; rules, identity, versions, errors in one line."""

from __future__ import annotations

import os
import sqlite3
import struct
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from at_length import some
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made import BITCOIN, NAMELESS, NOON, RIPPLE, block, blocks, empty_store, series

from tracker.errors import NotAStore, SourceError, StoreBusy, StoreError, StoreTooNew, TimeError, TrackerError
from tracker.frame import NAMES, arrow, rows, schema
from tracker.model import COLUMNS, READ_DIFFERENTLY, Block, plain
from tracker.store import Store, adding, tables
from tracker.store import file as store_file

ROOT = Path(__file__).parents[2]
Tamper = Callable[..., Any]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return empty_store(tmp_path / "tracker.duckdb")


@pytest.fixture
def sql(store: Store) -> Tamper:
    """Reach into the file past the Store, as nobody should."""

    def run(*statements: str) -> list[Any]:
        with duckdb.connect(str(store.path)) as con:
            return [con.execute(statement).fetchall() for statement in statements]

    return run


def tidy(made: list[Block]) -> list[dict[str, Any]]:
    return [dict(zip(NAMES, row, strict=True)) for row in rows(made)]


# -- in and out


def test_rows_come_back_as_they_went_in(store: Store) -> None:
    made = [block(at) for at in range(3)]
    assert store.add(made) == 3
    assert store.history() == tidy(made)
    assert store.arrow().equals(arrow(made))


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(made=st.lists(blocks(), max_size=12))
def test_any_block_is_stored_and_read_back_unaltered(tmp_path: Path, made: list[Block]) -> None:
    store = empty_store(tmp_path / f"{len([*tmp_path.iterdir()])}.duckdb")
    once = {b.snapshot_id: b for b in reversed(made)}
    assert store.add(made) <= len(once)
    stored = {
        (row["snapshot_id"], row["rank"]): {
            name: row[name] if name != "flags" else [f for f in row["flags"] if f != READ_DIFFERENTLY]
            for name in NAMES
        }
        for row in store.history(all_readings=True)
    }
    assert stored == {(row["snapshot_id"], row["rank"]): row for row in tidy([*once.values()])}
    assert store.check().breaches == []


@pytest.mark.parametrize("zone", ["Asia/Seoul"])
def test_no_zone_of_the_machine_leaks_into_the_times(tmp_path: Path, zone: str) -> None:
    code = "import made, sys; from tracker.store import Store; s = Store(sys.argv[1]); s.add([made.block()]);"
    code += "print(s.history()[0]['observed_at'].isoformat(), s.quotes(since=made.NOON)['observed_at'][0].isoformat())"
    out = run_python(code, tmp_path / "s.duckdb", TZ=zone)
    assert out.split() == ["2019-12-03T12:00:00+00:00"] * 2


def run_python(code: str, *args: object, **env: str) -> str:
    """Run a piece of Python as another process, with the tests' modules at hand; what it prints."""
    path = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    command = [sys.executable, "-W", "error", "-c", code, *map(str, args)]
    done = subprocess.run(
        command, env={**os.environ, "PYTHONPATH": path, **env}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_nothing_loads_pandas_or_pyarrow_but_the_dataframe(tmp_path: Path) -> None:
    code = """
import sys, made
from tracker.store import Store
store = Store(sys.argv[1])
store.add([made.block()]); store.latest(); store.history(); store.coverage(); store.check(); store.copy(sys.argv[2], "csv")
print(sorted({"pandas", "pyarrow", "numpy", "pytz"} & set(sys.modules)))
"""
    assert run_python(code, tmp_path / "s.duckdb", tmp_path / "s.csv").strip() == "[]"


def test_quotes_are_a_dataframe_of_the_tidy_table(store: Store) -> None:
    store.add([block()])
    df = store.quotes(symbols=["BTC"], since="2019-12-01")
    assert tuple(df.columns) == NAMES
    assert df["price"].tolist() == [8692000.0]
    assert store.quotes("BTC", exact=True)["price"].tolist() == [Decimal("8692000")]
    with pytest.warns(UserWarning, match="^no quotes of DOGE$"):
        assert store.quotes("DOGE").empty
    assert store.quotes(until="2019-12-02").empty
    assert store.quotes(currency="KRW", site="example.co.kr")["rank"].tolist() == [1, 2, 3]


# -- identity

SOURCES = ("page.txt", "page.html", "crawl.warc.gz#1063", "part.parquet#17")


def test_one_capture_from_four_containers_is_one_snapshot(store: Store) -> None:
    """Text file, HTML, WARC and corpus: where URL, time and rows agree, the page's text need not."""
    same = [block(source=source, content_id=source) for source in SOURCES]
    assert [store.add([one]) for one in same] == [1, 0, 0, 0]
    assert [row["source"] for row in store.history()] == ["page.txt"] * 3


def test_one_capture_four_times_in_a_batch_is_one_snapshot(store: Store, tmp_path: Path) -> None:
    same = [block(source=source, content_id=source) for source in SOURCES]
    assert store.add(same) == 1
    other = empty_store(tmp_path / "other.duckdb")
    assert other.load(arrow(same + same)) == 1
    assert len(other.history()) == 3
    assert len({row["source"] for row in other.history()}) == 1
    assert other.check().breaches == []


LATER = NOON + timedelta(seconds=1)
ANOTHER = {
    "time": {"observed_at": LATER, "captured_at": LATER},
    "url": {"url": "https://example.co.kr/2"},
    "no url": {"url": None},
}


@pytest.mark.parametrize("changes", ANOTHER.values(), ids=ANOTHER)
def test_what_was_taken_elsewhere_is_a_new_snapshot(store: Store, changes: dict[str, Any]) -> None:
    assert store.add([block(), block(**changes)]) == 2
    assert store.add([block(**changes), block()]) == 0
    assert store.check().counts["superseded"] == 0


def test_a_page_without_url_is_known_by_its_text(store: Store) -> None:
    assert (
        store.add([block(url=None), block(url=None, source="copy.txt"), block(url=None, content_id="else")])
        == 2
    )


def test_the_same_row_in_two_currencies_is_two_quotes(store: Store, tmp_path: Path) -> None:
    dollars = replace(BITCOIN, currency="USD", price=Decimal("7300.5"))
    assert store.add([block(quotes=(BITCOIN, dollars))]) == 1
    assert store.check().breaches == []
    other = empty_store(tmp_path / "other.duckdb")
    assert other.load(store.arrow()) == 1
    assert other.history() == store.history()
    assert other.check().breaches == []


def test_blocks_without_quotes_are_passed_over(store: Store) -> None:
    assert store.add([block(quotes=())]) == 0
    assert store.history() == []


def test_sources_are_marked_as_read(store: Store) -> None:
    missing = Store(store.path.with_name("missing.duckdb"))
    assert missing.done(["a"]) == {}
    assert not missing.path.exists()
    store.add([block()], done=[("a", "o", 1), ("b", "o", 1), ("a", "o", 1)])
    store.add([], done=[("b", "o", 2), ("c", "o", 2), ("a", "o", 0)])
    assert store.done(["a", "b", "c", "x"]) == {"a": 1, "b": 2, "c": 2}
    assert store.check().counts["sources"] == 3


# -- rules

UNFIT = {
    "13 places": {"price": Decimal("0.1234567890123")},
    "19 digits": {"price": Decimal(10) ** 18},
    "5 places of percent": {"change_pct": Decimal("0.00001")},
    "no number": {"change_abs": Decimal("NaN")},
    "infinite": {"price": Decimal("Infinity")},
    "price of zero": {"price": Decimal(0)},
    "price below zero": {"price": Decimal(-1)},
    "percent below -100": {"change_pct": Decimal("-100.0001")},
    "rank of zero": {"rank": 0},
}


@pytest.mark.parametrize("changes", UNFIT.values(), ids=UNFIT)
def test_impossible_rows_are_refused_by_name(store: Store, changes: dict[str, Any]) -> None:
    bad = block(1, quotes=(replace(BITCOIN, **changes),))
    with pytest.raises(
        StoreError, match=r"비트코인 8,692,000 -2.13%.*crawl.warc.gz#1|crawl.warc.gz#1.*비트코인"
    ):
        store.add([block(0), bad])
    assert store.add([block(0)]) == 1


WRONG_TIMES = {
    "unknown basis": {"time_basis": "guess"},
    "time without basis": {"time_basis": "none"},
    "basis without time": {"observed_at": None},
}


@pytest.mark.parametrize("changes", WRONG_TIMES.values(), ids=WRONG_TIMES)
def test_a_time_needs_its_evidence(store: Store, changes: dict[str, Any]) -> None:
    with pytest.raises(StoreError, match=r"a time .*crawl.warc.gz#0; nothing of this batch was stored"):
        store.add([block(**changes)])


def test_the_table_itself_refuses_impossible_rows(store: Store, sql: Tamper) -> None:
    store.add([block()])
    for change in (
        "price = 0",
        "change_pct = -101",
        "rank = 0",
        "time_basis = 'x'",
        "observed_at = 'infinity'",
    ):
        with pytest.raises(duckdb.ConstraintException):
            sql(f"UPDATE quotes SET {change}")


# -- questions


@pytest.fixture(scope="module")
def four(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Minutes 0, 1 and 2, and minute 1 of the day after; not to be written to."""
    store = Store(tmp_path_factory.mktemp("four") / "s.duckdb")
    store.add([block(at) for at in (1441, 2, 0, 1)])
    return store


@pytest.mark.parametrize(
    ("which", "minutes"),
    [
        ({}, [0, 1, 2, 1441]),
        ({"symbols": "BTC"}, [0, 1, 2, 1441]),
        ({"symbols": ["BTC", "XRP"]}, [0, 0, 1, 1, 2, 2, 1441, 1441]),
        ({"symbols": []}, [0, 1, 2, 1441]),
        ({"symbols": ["btc"]}, [0, 1, 2, 1441]),
        ({"since": NOON + timedelta(minutes=1)}, [1, 2, 1441]),
        ({"since": "2019-12-03T21:02+09:00"}, [2, 1441]),
        ({"since": "2019-12-04"}, [1441]),
        ({"since": date(2019, 12, 4)}, [1441]),
        ({"until": NOON + timedelta(minutes=1)}, [0, 1]),
        ({"until": datetime(2019, 12, 3, 21, 1, tzinfo=timezone(timedelta(hours=9)))}, [0, 1]),
        ({"until": "2019-12-03"}, [0, 1, 2]),
        ({"until": "2019-12-02"}, []),
        ({"since": "2019-12-03T12:01", "until": "2019-12-03T12:01:30"}, [1]),
        ({"currency": "krw"}, [0, 1, 2, 1441]),
        ({"site": "www.Example.co.kr"}, [0, 1, 2, 1441]),
    ],
)
def test_a_selection_passes_every_filter(four: Store, which: dict[str, Any], minutes: list[int]) -> None:
    found = four.history(**which)
    once = found if which.get("symbols") else [row for row in found if row["rank"] == 1]
    assert [(row["observed_at"] - NOON) // timedelta(minutes=1) for row in once] == minutes


@pytest.mark.parametrize("text", ["yesterday", "2019-13-01", "", "2019-12-03T25:00"])
def test_a_time_that_is_none_is_told(four: Store, text: str) -> None:
    with pytest.raises(TimeError, match="is no time; write 2019-12-03"):
        four.history(since=text)


def test_undated_quotes_come_last_and_in_no_span(store: Store) -> None:
    store.add([block(observed_at=None, time_basis="none"), block(5)])
    assert [row["time_basis"] for row in store.history(symbols="BTC")] == ["capture", "none"]
    assert [row["time_basis"] for row in store.history(symbols="BTC", since="1900-01-01")] == ["capture"]


def test_latest_is_the_newest_dated_quote_of_each_coin(store: Store) -> None:
    unknown = replace(RIPPLE, symbol=None, name="듣보코인")
    later = NOON + timedelta(hours=2)
    store.add([
        block(0),
        block(60, quotes=(BITCOIN, unknown)),
        block(30),
        block(120, url="https://a.kr/1", observed_at=later, time_basis="published", quotes=(BITCOIN,)),
        block(120, url="https://a.kr/2", observed_at=later, time_basis="stated", quotes=(BITCOIN,)),
        block(999, observed_at=None, time_basis="none"),
    ])  # fmt: skip
    found = [(row["symbol"], row["name"], row["observed_at"], row["time_basis"]) for row in store.latest()]
    assert found == [
        ("BTC", "비트코인", later, "stated"),
        (None, "듣보코인", NOON + timedelta(hours=1), "capture"),
        ("XRP", "리플", NOON + timedelta(minutes=30), "capture"),
    ]
    assert [row["symbol"] for row in store.latest(["xrp", "btc"])] == ["XRP", "BTC"]
    assert [row["name"] for row in store.latest("리플, 듣보 코인")] == ["리플", "듣보코인"]


def test_coverage_counts_everything(store: Store) -> None:
    store.add(
        [block(0), block(1), block(2, url=None, observed_at=None, time_basis="none", flags=("partial",))]
    )
    found = store.coverage()
    (totals,) = found["totals"]
    assert totals == {
        "snapshots": 3, "quotes": 9, "first": NOON, "last": NOON + timedelta(minutes=1), "undated": 1, "flagged": 5,
    }  # fmt: skip
    short = {name: [tuple(row.values())[:3] for row in found[name]] for name in found if name != "totals"}
    assert short == {
        "sites": [("example.co.kr", 2, 6), (None, 1, 3)],
        "layouts": [("generic", 3, 9)],
        "bases": [("capture", 2, 6), ("none", 1, 3)],
        "coins": [("BTC", None, "KRW"), ("XRP", None, "KRW"), (None, None, "KRW")],
        "flags": [("name-missing", 3, 3), ("partial", 1, 3)],
    }
    assert found["sites"][0]["last"] == NOON + timedelta(minutes=1)


def test_an_empty_store_answers_every_question(store: Store, tmp_path: Path) -> None:
    store.add([])
    assert (store.history(), store.latest(), store.check().breaches) == ([], [], [])
    assert store.coverage()["totals"][0]["snapshots"] == 0
    assert store.quotes().empty
    assert store.arrow().schema == schema()
    assert store.copy(tmp_path / "o.csv", "csv").rows == 0
    assert store.copy(tmp_path / "w.csv", "csv", wide=True).rows == 0
    assert Store(tmp_path / "again.duckdb").load(tmp_path / "o.csv") == 0


# -- forgetting


@pytest.mark.parametrize(
    ("what", "left"),
    [
        ({"source": "crawl.warc.gz"}, ["other.txt"]),
        ({"source": "crawl.warc.gz#1"}, ["crawl.warc.gz#0", "crawl.warc.gz#10", "other.txt"]),
        ({"source": "other.txt"}, ["crawl.warc.gz#0", "crawl.warc.gz#1", "crawl.warc.gz#10"]),
        ({"source": "crawl"}, ["crawl.warc.gz#0", "crawl.warc.gz#1", "crawl.warc.gz#10", "other.txt"]),
        ({"snapshot": block(1).snapshot_id}, ["crawl.warc.gz#0", "crawl.warc.gz#10", "other.txt"]),
    ],
)
def test_forget_shows_first_and_removes_whole_snapshots(
    store: Store, what: dict[str, str], left: list[str]
) -> None:
    made = [block(0), block(1), block(10), block(20, source="other.txt")]
    store.add(made, done=[("mark", "o", 1)])
    shown = store.forget(**what)
    assert len({row["source"] for row in store.history()}) == 4
    assert store.forget(**what, commit=True) == shown
    assert sorted({row["source"] for row in store.history()}) == left
    assert sum(row["snapshots"] for row in shown) == 4 - len(left)
    assert store.check().breaches == []
    assert store.done(["mark"]) == ({"mark": 1} if len(left) == 4 else {})
    assert store.add(made) == 4 - len(left)


# -- checking

TAMPERED = {
    "price": ("ids must be", "UPDATE quotes SET price = price + 1 WHERE rank = 1"),
    "name": ("ids must be", "UPDATE quotes SET name = 'Bitcoin' WHERE rank = 1"),
    "url": ("ids must be", "UPDATE quotes SET url = url || '?'"),
    "symbol": ("as they were stored", "UPDATE quotes SET symbol = 'LTC' WHERE rank = 2"),
    "text": ("as they were stored", "UPDATE quotes SET row_text = 'x' WHERE rank = 2"),
    "flags": ("as they were stored", "UPDATE quotes SET flags = [] WHERE rank = 3"),
    "source": ("as they were stored", "UPDATE quotes SET source = 'x'"),
    "a microsecond": ("ids must be", "UPDATE quotes SET observed_at = observed_at + INTERVAL 1 MICROSECOND"),
    "its id": (
        "ids must be",
        *(f"UPDATE {t} SET snapshot_id = reverse(snapshot_id)" for t in ("quotes", "snapshots")),
    ),
    "checksum": ("as they were stored", "UPDATE snapshots SET checksum = checksum + 1"),
    "row too many": (
        "number of quotes",
        "INSERT INTO quotes SELECT * REPLACE (4 AS rank) FROM quotes WHERE rank = 2",
    ),
    "one source": ("agree on page and time", "UPDATE quotes SET source = 'x' WHERE rank = 2"),
    "row gone": ("number of quotes", "DELETE FROM quotes WHERE rank = 2"),
    "row twice": ("stored once", "INSERT INTO quotes FROM quotes WHERE rank = 2"),
    "unlisted": ("have a listed snapshot", "DELETE FROM snapshots"),
    "listed twice": ("listed once", "INSERT INTO snapshots FROM snapshots"),
    "lost": ("must have quotes", "DELETE FROM quotes"),
    "impossible": (
        "above zero",
        "CREATE TABLE q AS FROM quotes",
        "DROP TABLE quotes",
        "ALTER TABLE q RENAME TO quotes",
        "UPDATE quotes SET price = 0 WHERE rank = 2",
    ),
}


@pytest.mark.parametrize(
    ("rule", "statements"), some([(r, s) for r, *s in TAMPERED.values()], 2), ids=list(TAMPERED)
)
def test_check_finds_what_was_tampered_with(
    store: Store, sql: Tamper, rule: str, statements: list[str]
) -> None:
    store.add([block()])
    sql(*statements)
    assert [breach for breach in store.check().breaches if rule in breach.rule and breach.snapshot_id]


def test_check_counts(store: Store) -> None:
    store.add([block(0), block(1, observed_at=None, time_basis="none")], done=[("a", "o", 1)])
    assert store.check().counts == {
        "snapshots": 2, "quotes": 6, "undated": 3, "flagged": 2, "sources": 1, "superseded": 0,
    }  # fmt: skip


def test_a_flipped_byte_in_the_file_is_found(store: Store) -> None:
    store.add(series(0, 200))
    data = bytearray(store.path.read_bytes())
    for at in range(16_384, len(data), 100_000):
        data[at] ^= 0xFF
    store.path.write_bytes(data)
    with pytest.raises(StoreError, match=r"is damaged: .*; put back a copy"):
        store.check()


# -- bulk


def test_load_takes_tables_and_readers(store: Store, tmp_path: Path) -> None:
    table = arrow(series(0, 50))
    assert store.load(table) == 50
    assert store.load(table) == 0
    assert store.load(arrow(series(40, 60))) == 10
    other = empty_store(tmp_path / "other.duckdb")
    assert other.load(arrow(series(0, 60)).to_reader(max_chunksize=7)) == 60
    assert other.history() == store.history() == tidy(series(0, 60))
    assert other.check().breaches == store.check().breaches == []


def test_load_takes_what_arrow_spells_otherwise(store: Store) -> None:
    import pyarrow as pa

    table = arrow([block()])
    seoul = pa.timestamp("us", "Asia/Seoul")
    kinds = {"url": pa.large_string(), "rank": pa.int64(), "site": pa.string_view(), "captured_at": seoul}
    for name, kind in kinds.items():
        at = table.column_names.index(name)
        table = table.set_column(at, name, table.column(name).cast(kind))
    assert store.load(table) == 1
    assert store.history() == tidy([block()])


def test_load_refuses_what_is_not_exact(store: Store) -> None:
    import pyarrow as pa

    table = arrow([block()])
    at = NAMES.index("price")
    floats = table.set_column(at, "price", table.column("price").cast(pa.float64()))
    with pytest.raises(SourceError, match=r"table: column price is DOUBLE, not DECIMAL\(30,12\)"):
        store.load(floats)
    with pytest.raises(SourceError, match="table: has no column price"):
        store.load(table.drop_columns(["price"]))
    with pytest.raises(StoreError, match="a price must be above zero"):
        zero = pa.array([Decimal(0)] * 3, schema().field("price").type)
        store.load(table.set_column(at, "price", zero))
    assert store.history() == []


def test_a_file_that_changes_while_it_is_read_is_told(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adding, "DIGEST", tables.DIGEST.replace("count(*)::", "(count(*) + 1)::"))
    with pytest.raises(SourceError, match="table: changed while it was read; run it again"):
        store.load(arrow([block()]))
    assert store.history() == []


# -- files that are no store


def _text(path: Path) -> None:
    path.write_text("snapshot_id,price\n" * 100)


def _empty(path: Path) -> None:
    path.touch()


def _sqlite(path: Path) -> None:
    con = sqlite3.connect(path)
    con.execute("CREATE TABLE quotes (price)")
    con.commit()
    con.close()


def _duckdb(path: Path) -> None:
    duckdb.connect(str(path)).execute("CREATE TABLE quotes (price INTEGER)").close()


def _no_version(path: Path) -> None:
    Store(path).add([block()])
    duckdb.connect(str(path)).execute("DELETE FROM tracker_schema").close()


def _newer(path: Path) -> None:
    Store(path).add([block()])
    duckdb.connect(str(path)).execute("UPDATE tracker_schema SET version = 7").close()


def _newer_duckdb(path: Path) -> None:
    """The storage version in the file's head raised, and the head's checksum with it."""
    Store(path).add([block()])
    data = bytearray(path.read_bytes())
    data[12:20] = struct.pack("<Q", 888)
    checksum = 5381
    for (word,) in struct.iter_unpack("<Q", data[8:4096]):
        checksum ^= word * 0xBF58476D1CE4E5B9 & (1 << 64) - 1
    data[:8] = struct.pack("<Q", checksum)
    path.write_bytes(data)


def _cut(path: Path) -> None:
    Store(path).add([block()])
    os.truncate(path, 6000)


NO_STORES = {
    "text": (_text, NotAStore, "is no DuckDB file; name another with --store"),
    "empty": (_empty, NotAStore, "is no DuckDB file; name another with --store"),
    "sqlite": (_sqlite, NotAStore, "is no DuckDB file; name another with --store"),
    "folder": (Path.mkdir, NotAStore, "is a folder that holds no Parquet files; name another with --store"),
    "other duckdb": (
        _duckdb,
        NotAStore,
        "is a DuckDB file, but no store of tracker; name another with --store",
    ),
    "no version": (
        _no_version,
        NotAStore,
        "is a DuckDB file, but no store of tracker; name another with --store",
    ),
    "newer": (
        _newer,
        StoreTooNew,
        "has version 7 of the tables, this program knows version 2; update it: pip",
    ),
    "newer DuckDB": (_newer_duckdb, StoreTooNew, "storage version number 888, but we can only read"),
    "cut": (_cut, StoreError, "is damaged: Could not read enough bytes"),
}


@pytest.mark.parametrize(("make", "kind", "line"), NO_STORES.values(), ids=NO_STORES)
def test_what_is_no_store_is_told_in_one_line(
    tmp_path: Path, make: Callable[[Path], None], kind: type[StoreError], line: str
) -> None:
    path = tmp_path / "s.duckdb"
    make(path)
    before = path.read_bytes() if path.is_file() else b""
    for use in (lambda store: store.history(), lambda store: store.add([block()])):
        with pytest.raises(kind) as caught:
            use(Store(path))
        assert str(caught.value).startswith(f"{path}: ")
        assert line in str(caught.value)
        assert "\n" not in str(caught.value)
    assert (path.read_bytes() if path.is_file() else b"") == before


def test_reading_makes_no_file(tmp_path: Path) -> None:
    store = Store(tmp_path / "no.duckdb")
    for use in (store.history, store.latest, store.coverage, store.check, store.quotes, store.forget):
        with pytest.raises(
            StoreError, match="no such store; run `tracker ingest` first, or name it with --store"
        ):
            use()
    assert list(tmp_path.iterdir()) == []


def test_the_folder_is_made_and_nothing_else_is_left_in_it(tmp_path: Path) -> None:
    with Store(tmp_path / "new" / "data" / "tracker.duckdb") as store:
        assert store.add([block()]) == 1
    assert [path.name for path in store.path.parent.iterdir()] == ["tracker.duckdb"]


# -- versions


@pytest.fixture
def version_0(store: Store, sql: Tamper) -> Iterator[Store]:
    """A made older store: no list of snapshots, and the symbol was called coin."""
    store.add([block(), block(1)])
    sql(
        *("DROP TABLE snapshots", "DROP TABLE superseded", "DROP TABLE superseded_snapshots"),
        "ALTER TABLE quotes RENAME symbol TO coin",
        "UPDATE tracker_schema SET version = 0",
    )
    yield store


MIGRATION = (
    "ALTER TABLE quotes RENAME coin TO symbol",
    "CREATE TABLE snapshots (snapshot_id VARCHAR, quotes INTEGER, checksum UHUGEINT)",
    f"INSERT INTO snapshots SELECT snapshot_id, quotes, checksum FROM ({tables.DIGEST.format('quotes')})",
)


@pytest.mark.parametrize("use", [Store.history, lambda store: store.add([block(2)])], ids=["read", "write"])
def test_an_older_store_is_migrated(version_0: Store, use: Tamper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(store_file.MIGRATIONS, 0, MIGRATION)
    use(version_0)
    assert version_0.check().breaches == []
    assert version_0.add([block(), block(1)]) == 0


def test_a_migration_that_fails_changes_nothing(
    version_0: Store, sql: Tamper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(store_file.MIGRATIONS, 0, (*MIGRATION, "SELECT error('power cut')"))
    with pytest.raises(StoreError, match="power cut"):
        version_0.history()
    assert sql("SELECT version FROM tracker_schema", "SELECT count(coin) FROM quotes") == [[(0,)], [(4,)]]


def test_a_version_without_a_way_up_is_told(version_0: Store) -> None:
    with pytest.raises(StoreError, match="has version 0 of the tables, too old for this program"):
        version_0.history()


# -- in use


def test_a_reader_does_not_wait_for_readers(store: Store) -> None:
    store.add([block()])
    with store.cells() as (_, _, cells):
        next(cells)
        assert run_python(COUNT, store.path).strip() == "3"


COUNT = "import sys; from tracker.store import Store; print(len(Store(sys.argv[1], wait=0).history()))"


def test_a_busy_store_is_waited_for_with_one_line(store: Store) -> None:
    store.add([block()])
    lines: list[str] = []
    waiting = Store(store.path, wait=10, on_wait=lines.append)
    with duckdb.connect(str(store.path)):  # as another program would hold it
        worker = threading.Timer(0.3, lambda: None)
        worker.start()
        late = threading.Thread(target=waiting.history)
        late.start()
        worker.join()
    late.join()
    assert lines == [f"{store.path}: is in use by another connection of this process; waiting up to 10 s"]


@pytest.mark.parametrize("use", ["s.history()", "s.add([made.block(1)])"])
def test_patience_ends_with_the_name_of_the_holder(store: Store, use: str) -> None:
    store.add([block()])
    code = f"""
import sys, made
from tracker.errors import StoreBusy
from tracker.store import Store
s = Store(sys.argv[1], wait=0.2)
try:
    {use}
except StoreBusy as error:
    print(error)
"""
    with duckdb.connect(str(store.path)):
        line = run_python(code, store.path)
    assert f"{store.path}: is in use by process {os.getpid()} (" in line
    assert "pytest" in line.partition("PYTHONPATH")[0] or not Path("/proc/self/cmdline").exists()
    assert line.rstrip().endswith("; try again when it is done, or wait longer with --wait")


def test_threads_take_turns(store: Store) -> None:
    errors: list[TrackerError] = []

    def work(first: int) -> None:
        try:
            for at in range(first, first + 6):
                store.add(series(at, at + 2, coins=3))
                store.latest()
        except TrackerError as error:
            errors.append(error)

    workers = [threading.Thread(target=work, args=(first,)) for first in (0, 2, 4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert errors == []
    assert store.history() == tidy(series(0, 11, coins=3))
    assert store.check().breaches == []


def test_a_store_for_reading_only_is_not_written_to(store: Store) -> None:
    store.add([block()])
    with pytest.raises(StoreError, match="was opened for reading only"):
        Store(store.path, read_only=True).add([block(1)])
    assert len(Store(store.path, read_only=True).history()) == 3


READ_ONLY = """
import os, sys, made
import tracker.store.file
from tracker.errors import StoreError
from tracker.store import Store
os.chdir(sys.argv[1])
if os.geteuid() == 0:  # root may write anywhere: be somebody else
    os.setegid(65534); os.seteuid(65534)
for path, use in (("s.duckdb", lambda s: s.add([made.block(1)])), ("new.duckdb", lambda s: s.add([made.block(1)]))):
    try:
        use(Store(path))
        print("written")
    except StoreError as error:
        print(error)
print(len(Store("s.duckdb").history()))
"""


def test_a_store_that_may_not_be_written_is_told_and_read() -> None:
    with tempfile.TemporaryDirectory() as name:  # pytest's own folders are closed to others
        folder = Path(name)
        store = Store(folder / "s.duckdb")
        store.add([block()])
        store.path.chmod(0o444)
        folder.chmod(0o555)
        lines = run_python(READ_ONLY, folder).splitlines()
        folder.chmod(0o755)
    remedy = "permission denied; see who may read and write it, and its folder"
    assert lines == [f"s.duckdb: {remedy}", f"new.duckdb: {remedy}", "3"]


def test_a_long_query_draws_no_progress_on_standard_output(store: Store) -> None:
    """It does after two seconds, which no test should take."""
    store.add([block()])
    for use in (store._file.reading, store._file.writing):
        with use() as con:
            assert con.execute("SELECT current_setting('enable_progress_bar')").fetchall() == [(False,)]


def test_columns_are_explained_in_the_file(store: Store, sql: Tamper) -> None:
    store.add([])
    (found,) = sql(
        "SELECT column_name, comment FROM duckdb_columns() WHERE table_name = 'quotes' ORDER BY column_index"
    )
    assert found == [(c.name, c.meaning) for c in COLUMNS]


def test_printed_digits_survive(store: Store) -> None:
    store.add([block()])
    assert [plain(row["price"]) for row in store.history()] == ["8692000", "63.7", "41.3"]
    assert store.history()[0]["observed_at"].tzinfo is UTC
    assert NAMELESS.row_text in [row["row_text"] for row in store.history()]


def test_busy_is_a_store_error() -> None:
    assert issubclass(StoreBusy, StoreError)
