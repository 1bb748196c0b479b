"""Exports: printed digits, every format, guarded text, whole files, and back into a store."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest
from at_length import some
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made import BITCOIN, NAMELESS, NOON, RIPPLE, block, blocks, empty_store, series

from tracker.errors import Export, OutputError, Skipped, SourceError, StoreError
from tracker.frame import NAMES, arrow, schema
from tracker.model import Block
from tracker.pages import pages
from tracker.store import Store, guarded, sheet
from tracker.store import export as module
from tracker.store import formats as spelling
from tracker.store.export import FORMATS, Written, export, format_of

MADE = [block(0), block(1)]


def is_export(path: Path) -> bool:
    """Whoever reads pages knows it for an export of a store."""
    errors: list[SourceError] = []
    found = list(pages(path, on_skip=errors.append))
    return not found and [type(error) for error in errors] == [Export]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Two snapshots; not to be written to."""
    store = Store(tmp_path_factory.mktemp("store") / "s.duckdb")
    store.add(MADE)
    return store


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Store]:
    yield empty_store(tmp_path / "fresh.duckdb")


def table(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


# -- what is in them


def test_csv_has_the_printed_digits(store: Store, tmp_path: Path) -> None:
    assert export(store, tmp_path / "o.csv", "csv") == Written(6, 0)
    head, first, second, third, *_ = table(tmp_path / "o.csv")
    assert tuple(head) == NAMES
    assert first == [
        MADE[0].snapshot_id, MADE[0].block_id, "2019-12-03T12:00:00Z", "capture", "2019-12-03T12:00:00Z", "",
        "example.co.kr", "https://www.example.co.kr/1", "crawl.warc.gz#0", "generic", "1", "비트코인", "BTC", "KRW",
        "8692000", "-2.13", "", "24h", "비트코인 8,692,000 -2.13%", "",
    ]  # fmt: skip
    assert (second[14], third[14], third[19]) == ("63.7", "41.3", "name-missing")
    assert second[18] == "'- 리플 63.7"


def test_jsonl_has_the_printed_digits(store: Store, tmp_path: Path) -> None:
    export(store, tmp_path / "o.jsonl", "jsonl")
    lines = (tmp_path / "o.jsonl").read_text("utf-8").splitlines()
    assert len(lines) == 6
    assert '"price":8692000,"change_pct":-2.13,"change_abs":null,' in lines[0]
    first = json.loads(lines[0], parse_float=Decimal)
    assert tuple(first) == NAMES
    assert (first["observed_at"], first["published_at"], first["flags"]) == ("2019-12-03T12:00:00Z", None, [])
    assert [json.loads(line)["row_text"] for line in lines[1:3]] == ["- 리플 63.7", "41.3"]
    assert json.loads(lines[2])["flags"] == ["name-missing"]


def test_parquet_has_decimals_and_times_in_utc(store: Store, tmp_path: Path) -> None:
    export(store, tmp_path / "o.parquet", "parquet")
    read = pq.read_table(tmp_path / "o.parquet")
    assert read.cast(schema()).equals(arrow(MADE))
    assert [str(read.schema.field(name).type) for name in ("price", "change_pct", "observed_at")] == [
        "decimal128(30, 12)", "decimal128(12, 4)", "timestamp[us, tz=UTC]",
    ]  # fmt: skip


def test_xlsx_has_typed_cells(store: Store, tmp_path: Path) -> None:
    assert export(store, tmp_path / "o.xlsx", "xlsx") == Written(6, 0)
    sheet = openpyxl.load_workbook(tmp_path / "o.xlsx").active
    head, first, second, *_ = sheet.iter_rows()
    assert tuple(cell.value for cell in head) == NAMES
    kinds = {name: (cell.data_type, cell.value) for name, cell in zip(NAMES, first, strict=True)}
    assert kinds["price"] == ("n", 8692000)
    assert kinds["change_pct"] == ("n", -2.13)
    assert kinds["observed_at"] == ("d", NOON.replace(tzinfo=None))
    assert kinds["rank"] == ("n", 1)
    assert kinds["url"] == ("s", "https://www.example.co.kr/1")
    assert kinds["change_abs"] == ("n", None)
    assert second[NAMES.index("row_text")].value == "'- 리플 63.7"


def test_xlsx_writes_as_text_what_a_spreadsheet_would_round(fresh: Store, tmp_path: Path) -> None:
    long, early = Decimal("123456789.123456789"), datetime(1899, 1, 1, 0, 0, 0, 1, tzinfo=UTC)
    quotes = (replace(BITCOIN, price=long), replace(RIPPLE, price=Decimal("0.000000123456")))
    fresh.add([block(quotes=quotes, captured_at=early)])
    export(fresh, tmp_path / "o.xlsx", "xlsx")
    first, second = openpyxl.load_workbook(tmp_path / "o.xlsx").active.iter_rows(min_row=2, values_only=True)
    assert (first[14], second[14]) == ("123456789.123456789", 0.000000123456)
    assert first[4] == "1899-01-01T00:00:00.000001Z"


def test_a_bom_leads_the_csv_only(store: Store, tmp_path: Path, fresh: Store) -> None:
    export(store, tmp_path / "o.csv", "csv", bom=True)
    assert (tmp_path / "o.csv").read_bytes().startswith(b"\xef\xbb\xbfsnapshot_id,")
    assert is_export(tmp_path / "o.csv")
    assert fresh.load(tmp_path / "o.csv") == 2
    with pytest.raises(OutputError, match="--bom: is for csv, not for jsonl"):
        export(store, tmp_path / "o.jsonl", "jsonl", bom=True)


@pytest.mark.parametrize("form", FORMATS)
def test_a_selection_is_exported(store: Store, tmp_path: Path, form: str) -> None:
    since = NOON + timedelta(minutes=1)
    assert (
        export(
            store, tmp_path / "o", form, symbols="BTC", since=since, currency="KRW", site="example.co.kr"
        ).rows
        == 1
    )
    with pytest.warns(UserWarning, match="no quotes of DOGE"):
        assert export(store, tmp_path / "o", form, symbols="DOGE").rows == 0


def test_small_exports_are_in_time_order_and_large_ones_as_stored(
    fresh: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh.add([block(2)])
    fresh.add([block(1)])
    for limit, order in ((6, ["12:01", "12:02"]), (5, ["12:02", "12:01"])):
        monkeypatch.setattr(spelling, "SORTED_ROWS", limit)
        export(fresh, tmp_path / "o.csv", "csv")
        assert minutes(tmp_path / "o.csv") == order
    export(fresh, tmp_path / "o.csv", "csv", ordered=True)
    assert minutes(tmp_path / "o.csv") == ["12:01", "12:02"]


def minutes(path: Path) -> list[str]:
    return list(dict.fromkeys(row[2][11:16] for row in table(path)[1:]))


# -- guards

RUN = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "'=1", "-", "'"]
CALM = ["1", "비트코인", "a=b", " =1", "", '"=1"', "(-1)"]


def test_text_that_a_spreadsheet_would_run_is_guarded_and_numbers_are_not(
    fresh: Store, tmp_path: Path
) -> None:
    change = replace(NAMELESS, change_pct=Decimal("-1.52"))
    texts = [*RUN, *CALM]
    fresh.add(
        block(at, quotes=(replace(change, name=text, row_text=text),), source=text, url=None, layout=text)
        for at, text in enumerate(texts)
    )
    export(fresh, tmp_path / "o.csv", "csv")
    export(fresh, tmp_path / "o.xlsx", "xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "o.xlsx").active.iter_rows(min_row=2)
    for text, row, cells in zip(texts, table(tmp_path / "o.csv")[1:], sheet, strict=True):
        expected = f"'{text}" if text in RUN else text
        assert guarded(text) == expected
        for at in map(NAMES.index, ("name", "row_text", "source", "layout")):
            assert row[at] == expected
            assert (cells[at].value or "").replace("_x000D_", "\r") == expected
            assert cells[at].data_type != "f"
        at = NAMES.index("change_pct")
        assert (row[at], cells[at].value, cells[at].data_type) == ("-1.52", -1.52, "n")


# -- and back


@pytest.mark.slow
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(made=st.lists(blocks(), min_size=4, max_size=12))
def test_every_form_but_xlsx_is_a_backup_of_any_store(tmp_path: Path, made: list[Block]) -> None:
    stores = [empty_store(tmp_path / f"{len([*tmp_path.iterdir()])}.{n}.duckdb") for n in range(4)]
    stores[0].add(made)
    for form, other in zip(("csv", "parquet", "jsonl"), stores[1:], strict=True):
        path = tmp_path / f"o.{form}"
        export(stores[0], path, form)
        assert is_export(path)
        other.load(path)
        assert other.history() == stores[0].history()
        assert other.load(path) == 0
    assert all(other.check() == stores[0].check() for other in stores[1:])


BROKEN = {
    "exponent": ("8692000,", "8.692E6,", "no plain number of at most 12 decimal places: 8.692E6"),
    "too many places": ("8692000,", "0.1234567890123,", "no plain number of at most 12 decimal places"),
    "word": ("8692000,", "much,", "no plain number"),
    "price of zero": ("8692000,", "0,", "a price must be above zero"),
    "no price": (",8692000,", ",,", "price must be given"),
    "no time": ("2019-12-03T12:00:00Z", "noon", "invalid timestamp"),
    "rank": (",1,비트코인", ",first,비트코인", "Could not convert string 'first' to INT32"),
    "basis": (",capture,", ",guess,", "a time basis must be a known one"),
    "one cell more": (
        ",KRW",
        ",KRW,KRW",
        "Expected Number of Columns: 20 Found: 21; nothing of it was stored",
    ),
    "cells lost": ("XRP,KRW,63.7", "XRP", "Expected Number of Columns: 20 Found: 18"),
    "encoding": ("비트코인", "\udcba\udcf1", "is not in UTF-8; save it as CSV UTF-8"),
    "head": ("symbol,", "ticker,", "has no column symbol; hand over what `tracker export` wrote"),
}


@pytest.mark.parametrize(("old", "new", "line"), BROKEN.values(), ids=BROKEN)
def test_a_broken_export_is_refused_whole(
    store: Store, fresh: Store, tmp_path: Path, old: str, new: str, line: str
) -> None:
    path = tmp_path / "o.csv"
    export(store, path, "csv")
    path.write_bytes(path.read_text("utf-8").replace(old, new).encode("utf-8", "surrogateescape"))
    with pytest.raises((SourceError, StoreError)) as caught:
        fresh.load(path)
    assert line in str(caught.value)
    assert fresh.history() == []


def test_a_csv_that_went_through_a_spreadsheet_is_read(store: Store, fresh: Store, tmp_path: Path) -> None:
    """Other line ends, a mark in front, quotes about everything, columns in another order and one more."""
    export(store, tmp_path / "o.csv", "csv")
    rows = [[*reversed(row), 'note, "mine"'] for row in table(tmp_path / "o.csv")]
    with (tmp_path / "p.csv").open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, lineterminator="\r\n").writerows(rows)
    assert is_export(tmp_path / "p.csv")
    assert fresh.load(tmp_path / "p.csv") == 2
    assert fresh.history() == store.history()


@pytest.mark.parametrize("name", ["no.csv", "no.parquet"])
def test_an_export_that_is_not_there_is_told(fresh: Store, tmp_path: Path, name: str) -> None:
    with pytest.raises(SourceError, match=name):
        fresh.load(tmp_path / name)


def test_names_are_no_patterns(store: Store, fresh: Store, tmp_path: Path) -> None:
    for name in ("q*.csv", "q[1].csv", "it's?.csv", "한글.csv"):
        export(store, tmp_path / name, "csv")
    (tmp_path / "qx.csv").write_text("nothing of ours\n")
    assert [fresh.load(tmp_path / name) for name in ("q*.csv", "q[1].csv", "it's?.csv", "한글.csv")] == [
        2,
        0,
        0,
        0,
    ]


def test_what_is_an_export_is_known_by_its_columns(store: Store, tmp_path: Path) -> None:
    import pyarrow as pa

    (tmp_path / "a.csv").write_text("symbol,price\n")
    (tmp_path / "b.csv").write_bytes(b"\xba\xf1\xc6\xae\n")
    (tmp_path / "c.csv").touch()
    (tmp_path / "d.parquet").write_text("not Parquet")
    pq.write_table(pa.table({"text": ["a"]}), tmp_path / "e.parquet")
    assert [is_export(path) for path in sorted(tmp_path.iterdir())] == [False] * 5
    for name in ("w.csv", "w.jsonl", "w.parquet"):
        export(store, tmp_path / name, format_of(name), wide=True)
        with pytest.raises(
            Skipped, match=r"an export of a store in its wide form, no page; export it without --wide"
        ):
            list(pages(tmp_path / name))


BROKEN_LINES = {
    "word": ('"price":8692000', '"price":"much"', "line 1: a figure is no plain number"),
    "too many places": (
        "8692000",
        "0.1234567890123",
        "line 1: Rescaling Decimal value would cause data loss",
    ),
    "price of zero": ("8692000", "0", "a price must be above zero"),
    "no time": ("2019-12-03T12:00:00Z", "noon", "line 1: Invalid isoformat string: 'noon'"),
    "rank": ('"rank":2', '"rank":"second"', "line 2: "),
    "a key lost": ('"symbol":"XRP"', '"ticker":"XRP"', "line 2: has no symbol; nothing of it was stored"),
    "cut off": ('"flags":[]}', '"flags":[', "line 1: Expecting value"),
    "a list": ('{"snapshot_id"', '["snapshot_id"', "line 1: "),
}


@pytest.mark.parametrize(("old", "new", "line"), BROKEN_LINES.values(), ids=BROKEN_LINES)
def test_broken_json_lines_are_refused_whole(
    store: Store, fresh: Store, tmp_path: Path, old: str, new: str, line: str
) -> None:
    path = tmp_path / "o.jsonl"
    export(store, path, "jsonl")
    assert old in path.read_text("utf-8")
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    with pytest.raises((SourceError, StoreError)) as caught:
        fresh.load(path)
    assert line in str(caught.value) and "Python" not in str(caught.value)
    assert fresh.history() == []


def test_json_lines_that_went_through_another_program_are_read(
    store: Store, fresh: Store, tmp_path: Path
) -> None:
    """Keys in another order and one more, blanks, an exponent, another offset, a blank line."""
    export(store, tmp_path / "o.jsonl", "jsonl")
    lines = (tmp_path / "o.jsonl").read_text("utf-8").replace("8692000,", "8.692e6,").splitlines()
    rows = [json.loads(line, parse_float=str) for line in lines]
    for row in rows:
        row["observed_at"] = (
            datetime.fromisoformat(row["observed_at"]).astimezone(timezone(timedelta(hours=9))).isoformat()
        )
    made = [json.dumps({"note": 1, **dict(reversed(row.items()))}) for row in rows]
    (tmp_path / "p.jsonl").write_text("\ufeff" + "\n\n".join(made), "utf-8")
    assert is_export(tmp_path / "p.jsonl")
    assert fresh.load(tmp_path / "p.jsonl") == 2
    assert fresh.history() == store.history()


@pytest.mark.parametrize("form", FORMATS)
def test_a_file_that_may_not_grow_is_told_in_our_words(store: Store, tmp_path: Path, form: str) -> None:
    if os.name != "posix":
        pytest.fail("this needs a limit on the size of files")
    code = f"""
import resource, signal
from tracker.store import Store
from tracker.store.export import export
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
export(Store({str(store.path)!r}), {str(tmp_path / "o")!r} + ".{form}", "{form}")"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    said = done.stderr.strip().splitlines()[-1]
    assert said.endswith(
        "cannot be written: the file may not grow any further; make room, or name another file"
    )
    assert not any(tmp_path.iterdir())


def test_what_a_dead_process_left_half_written_goes(store: Store, tmp_path: Path) -> None:
    dead = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True
    )
    pid = dead.stdout.strip()
    gone = (f".o.csv.{pid}.part", f".o.csv.{pid}.abc.part")
    kept = (".o.csv.part", f".other.csv.{pid}.part", f".o.csv.{os.getpid()}.x.part", f"o.csv.{pid}.part")
    for name in (gone[0], *kept):
        (tmp_path / name).touch()
    (tmp_path / gone[1]).mkdir()
    export(store, tmp_path / "o.csv", "csv")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted((*kept, "o.csv"))


# -- wide


def wide(store: Store, tmp_path: Path) -> tuple[Written, list[list[str]]]:
    written = export(store, tmp_path / "w.csv", "csv", wide=True)
    return written, table(tmp_path / "w.csv")


def test_wide_is_time_by_symbol(store: Store, tmp_path: Path) -> None:
    written, rows = wide(store, tmp_path)
    assert written == Written(2, 2)  # the nameless quotes have no column
    assert rows == [
        ["observed_at", "time_basis", "BTC", "XRP"],
        ["2019-12-03T12:00:00Z", "capture", "8692000", "63.7"],
        ["2019-12-03T12:01:00Z", "capture", "8692000", "63.7"],
    ]
    export(store, tmp_path / "w.xlsx", "xlsx", wide=True)
    read = list(openpyxl.load_workbook(tmp_path / "w.xlsx").active.iter_rows(values_only=True))
    assert read[1] == (NOON.replace(tzinfo=None), "capture", 8692000, 63.7)
    export(store, tmp_path / "w.parquet", "parquet", wide=True)
    assert pq.read_table(tmp_path / "w.parquet").column_names == rows[0]
    export(store, tmp_path / "w.jsonl", "jsonl", wide=True)
    line = (tmp_path / "w.jsonl").read_text("utf-8").splitlines()[0]
    assert line == '{"observed_at":"2019-12-03T12:00:00Z","time_basis":"capture","BTC":8692000,"XRP":63.7}'


def test_wide_merges_nothing_that_differs(fresh: Store, tmp_path: Path) -> None:
    dollars = replace(BITCOIN, currency="USD", price=Decimal("7300.5"))
    fresh.add([
        block(0, quotes=(BITCOIN, dollars)),
        block(0, url="https://b.kr/1", quotes=(replace(BITCOIN, price=Decimal(1)),)),
        block(0, url="https://b.kr/2", quotes=(replace(BITCOIN, price=Decimal(2)),)),
        block(0, url="https://b.kr/3", quotes=(replace(BITCOIN, price=Decimal(2)),)),
        block(0, url="https://b.kr/4", time_basis="published", quotes=(replace(BITCOIN, price=Decimal(3)),)),
        block(0, url=None, quotes=(replace(BITCOIN, symbol=None, name="=듣보", currency=None),)),
        block(9, observed_at=None, time_basis="none"),
    ])  # fmt: skip
    written, rows = wide(fresh, tmp_path)
    assert written == Written(3, 3)
    assert rows[0] == [
        "observed_at", "time_basis", "'=듣보 (symbol unknown, currency unknown, no site)", "BTC (KRW, b.kr)",
        "BTC (KRW, example.co.kr)", "BTC (USD, example.co.kr)",
    ]  # fmt: skip
    assert [row[1:] for row in rows[1:]] == [
        ["capture", "8692000", "1", "8692000", "7300.5"],
        ["capture", "", "2", "", ""],
        ["published", "", "3", "", ""],
    ]


def test_wide_of_one_site_and_currency_names_neither(fresh: Store, tmp_path: Path) -> None:
    fresh.add(
        [block(0), block(0, url="https://b.kr/1"), block(9, observed_at=None, time_basis="none", url=None)]
    )
    export(fresh, tmp_path / "w.csv", "csv", wide=True, site="b.kr")
    assert table(tmp_path / "w.csv")[0] == ["observed_at", "time_basis", "BTC", "XRP"]


# -- where they go


def test_the_ending_names_the_format() -> None:
    assert [format_of(f"a.{form}") for form in FORMATS] == list(FORMATS)
    assert [format_of(f"a.{form.upper()}") for form in FORMATS] == list(FORMATS)


@pytest.mark.parametrize("name", ["a", "a.txt", "csv", "a.csv.gz"])
def test_an_ending_that_names_none_is_told(name: str) -> None:
    with pytest.raises(
        OutputError, match=r"its ending names no format; end it in .csv, .jsonl, .parquet, .xlsx"
    ):
        format_of(name)


@pytest.mark.parametrize("form", FORMATS)
def test_a_stream_gets_the_same_bytes_as_a_file(store: Store, tmp_path: Path, form: str) -> None:
    stream = io.BytesIO()
    assert export(store, stream, form) == export(store, tmp_path / "o", form)
    if form == "xlsx":  # carries the time it was made
        assert openpyxl.load_workbook(stream).active.max_row == 7
    else:
        assert stream.getvalue() == (tmp_path / "o").read_bytes()


class Full(io.BytesIO):
    """A stream that breaks after so many bytes."""

    def __init__(self, error: int) -> None:
        super().__init__()
        self.error = error

    def write(self, data: Any) -> int:
        raise OSError(self.error, os.strerror(self.error))


@pytest.mark.parametrize("form", FORMATS)
def test_a_stream_that_breaks_ends_the_export(store: Store, form: str) -> None:
    before = set(threading.enumerate())  # servers of other tests may be about
    with pytest.raises(OutputError, match="standard output: cannot be written: No space left on device"):
        export(store, Full(errno.ENOSPC), form)
    with pytest.raises(BrokenPipeError):
        export(store, Full(errno.EPIPE), form)
    assert set(threading.enumerate()) <= before


def test_a_named_pipe_is_written_to_and_not_replaced(store: Store, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append((tmp_path / "pipe").read_bytes()))
    reader.start()
    export(store, tmp_path / "pipe", "csv")
    reader.join()
    assert got[0].count(b"\n") == 7
    assert (tmp_path / "pipe").is_fifo()


def test_a_link_is_followed(store: Store, tmp_path: Path) -> None:
    (tmp_path / "link.csv").symlink_to(tmp_path / "real.csv")
    export(store, tmp_path / "link.csv", "csv")
    assert (tmp_path / "link.csv").is_symlink()
    assert is_export(tmp_path / "real.csv")


@pytest.mark.parametrize("form", FORMATS)
def test_no_half_file_ever_stands_under_the_name(
    store: Store, tmp_path: Path, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "o"
    out.write_text("what was there")

    def cut(path: Path, *_: Any, **__: Any) -> Written:
        Path(path).write_bytes(b"half a fi")
        raise OutputError(str(path), "cannot be written: the disk is full")

    monkeypatch.setattr(Store, "copy", lambda self, path, *args, **more: cut(path))
    monkeypatch.setattr(module, "xlsx", lambda store, path, *args: cut(path))
    with pytest.raises(OutputError) as caught:
        export(store, out, form)
    assert str(caught.value).startswith(f"{out}: cannot be written")
    assert [path.name for path in tmp_path.iterdir()] == ["o"]
    assert out.read_text() == "what was there"


LIMITED = """
import resource, sys
from tracker.errors import OutputError
from tracker.store.export import export
from tracker.store import Store
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
try:
    export(Store(sys.argv[1], read_only=True), sys.argv[2], sys.argv[3])
except OutputError as error:
    print(error)
"""


@pytest.mark.parametrize("form", some(FORMATS, 3))
def test_a_full_disk_leaves_no_file(tmp_path: Path, form: str) -> None:
    store = Store(tmp_path / "s.duckdb")
    store.add(series(0, 200))
    out = tmp_path / "out" / f"o.{form}"
    out.parent.mkdir()
    command = [sys.executable, "-c", LIMITED, str(store.path), str(out), form]
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "TMPDIR": str(out.parent)}
    done = subprocess.run(command, env=env, capture_output=True, text=True)
    assert done.stderr == ""
    assert done.stdout.startswith(f"{out}: cannot be written: ")
    assert done.stdout.count("\n") == 1
    assert list(out.parent.iterdir()) == []


def test_places_that_cannot_be_written_are_told(store: Store, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="is a folder; name a file in it"):
        export(store, tmp_path, "csv")
    with pytest.raises(OutputError, match=r"there is no folder .*/no; make it first"):
        export(store, tmp_path / "no" / "o.csv", "csv")
    with pytest.raises(OutputError, match="pdf: is no format; choose one of csv, jsonl, parquet, xlsx"):
        export(store, tmp_path / "o.pdf", "pdf")
    with pytest.raises(StoreError, match="no such store"):
        export(Store(tmp_path / "no.duckdb"), tmp_path / "o.csv", "csv")
    assert list(tmp_path.iterdir()) == []


def test_a_missing_writer_of_xlsx_is_told(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(OutputError, match=r"needs XlsxWriter; pip install 'ticker-tracker\[xlsx\]'"):
        export(store, tmp_path / "o.xlsx", "xlsx")
    assert list(tmp_path.iterdir()) == []


def test_the_limits_of_a_sheet_are_told(
    store: Store, fresh: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh.add([block(quotes=(replace(BITCOIN, row_text="x" * 32_768),))])
    with pytest.raises(OutputError, match="a cell holds 32767 characters"):
        export(fresh, tmp_path / "o.xlsx", "xlsx")
    monkeypatch.setattr(sheet, "ROWS", 5)
    monkeypatch.setattr(sheet, "_fill", None)  # it is refused before anything is written
    with pytest.raises(
        OutputError, match=r"holds 5 rows, and this table has 6; .*--format parquet, or --wide"
    ):
        export(store, tmp_path / "o.xlsx", "xlsx")
    monkeypatch.setattr(sheet, "COLUMNS", 3)
    with pytest.raises(OutputError, match=r"holds 3 columns, and this table has 4"):
        export(store, tmp_path / "o.xlsx", "xlsx", wide=True)
    assert not (tmp_path / "o.xlsx").exists()


def test_a_sheet_shows_what_was_printed(store: Store, tmp_path: Path) -> None:
    """Head frozen and bold, a filter over all, columns as wide as what they hold, figures as printed."""
    export(store, tmp_path / "o.xlsx", "xlsx")
    page = openpyxl.load_workbook(tmp_path / "o.xlsx").active
    assert (page.freeze_panes, page.auto_filter.ref) == ("A2", "A1:T7")
    at = {name: page.cell(2, n + 1) for n, name in enumerate(NAMES)}
    assert page.cell(1, 1).font.b and not page.cell(2, 1).font.b
    assert at["price"].number_format == "#,##0"
    assert page.cell(3, NAMES.index("price") + 1).number_format == "#,##0.0"
    assert at["change_pct"].number_format == "0.00##"
    assert at["observed_at"].number_format.endswith('"UTC"')
    widths = {name: page.column_dimensions[cell.column_letter].width for name, cell in at.items()}
    assert widths["row_text"] > widths["price"] > widths["rank"]


@pytest.mark.parametrize(
    ("zone", "told"),
    [(None, "2019-12-03T12:00:00Z"), ("Asia/Seoul", "2019-12-03T21:00:00+09:00"), ("UTC", "2019-12-03T12:00:00+00:00"),
     ("America/St_Johns", "2019-12-03T08:30:00-03:30")],
)  # fmt: skip
def test_times_bear_the_offset_of_the_zone_asked_for(
    store: Store, fresh: Store, tmp_path: Path, zone: str | None, told: str
) -> None:
    for form in ("csv", "jsonl", "xlsx", "parquet"):
        export(store, tmp_path / f"o.{form}", form, tz=zone)
    assert table(tmp_path / "o.csv")[1][2] == told
    line = json.loads((tmp_path / "o.jsonl").read_text("utf-8").splitlines()[0])
    assert (line["observed_at"], line["published_at"]) == (told, None)
    cell = openpyxl.load_workbook(tmp_path / "o.xlsx").active.cell(2, 3)
    assert cell.value == datetime.fromisoformat(told).replace(tzinfo=None)
    assert cell.number_format.endswith(f'"{told[19:] if zone else "UTC"}"')
    assert pq.read_table(tmp_path / "o.parquet").cast(schema()).equals(arrow(MADE))
    assert fresh.load(tmp_path / "o.csv") == 2
    assert fresh.history() == store.history()


def test_an_offset_is_that_of_its_time(fresh: Store, tmp_path: Path) -> None:
    when = datetime(2024, 7, 1, 12, 0, 0, 5, tzinfo=UTC)
    fresh.add([block(observed_at=when, captured_at=datetime(2024, 1, 1, tzinfo=UTC))])
    export(fresh, tmp_path / "o.csv", "csv", tz="America/New_York")
    row = dict(zip(*table(tmp_path / "o.csv")[:2], strict=True))
    assert row["observed_at"] == "2024-07-01T08:00:00.000005-04:00"
    assert row["captured_at"] == "2023-12-31T19:00:00-05:00"
