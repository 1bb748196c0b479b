"""The conductor: the same rows whoever reads, nothing twice, nothing lost by a stop, a death or a bad file."""

from __future__ import annotations

import bz2
import io
import json
import multiprocessing
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from at_length import some
from files import make
from made import block as table_block
from made import empty_store

from tracker.blocks import Orders
from tracker.coins.registry import load as load_coins
from tracker.errors import SourceError
from tracker.ingest import Progress, Tally, ingest
from tracker.ingest.fingerprint import circumstances, mark
from tracker.ingest.joint import Joint
from tracker.ingest.work import Piece, Report, reports
from tracker.layouts.layout import load
from tracker.pages import Source, expand, split
from tracker.pages.source import locate
from tracker.store import Store
from tracker.store.export import export

FILES = Path(__file__).parents[1] / "files"
FIRST = Path(__file__).parents[2] / "seeds" / "000_35ec38ae2d22f11d.txt"
conductor, pool = import_module("tracker.ingest"), import_module("tracker.ingest.pool")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store.duckdb")


def stored(store: Store) -> list[dict[str, Any]]:
    return (
        sorted(store.history(), key=lambda row: (row["snapshot_id"], row["rank"]))
        if store.path.exists()
        else []
    )


def block(number: int) -> str:
    """A block of its own."""
    return make.BLOCK.replace("100,703,000", f"100,{703 + number % 200},000")


DAMAGED = (
    "revisits.warc", "damaged-record.warc.gz", "cut-off-in-a-record.warc.gz", "damaged-row-group.parquet", "empty.txt",
)  # fmt: skip


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every kind of source: some with the same captures, some damaged."""
    folder = tmp_path_factory.mktemp("corpus")
    records = [make.record(10 + n % 50, f"page {n} {block(n) if n % 7 == 0 else ''}") for n in range(300)]
    (folder / "a.warc.gz").write_bytes(b"".join(map(make.gz, records)))
    (folder / "b.warc").write_bytes(b"".join(records[50:200]))
    texts = [f"page {n} {block(n) if n % 9 == 0 else ''}" for n in range(200)]
    lines = [json.dumps({"text": text, "url": f"https://a.kr/{n}"}) for n, text in enumerate(texts)]
    lines[100] = "[]"
    (folder / "c.jsonl").write_text("\n".join(lines))
    for n in range(90):
        (folder / f"d{n:02}.txt").write_text(f"page {n}\n{block(n) if n % 10 == 0 else ''}")
    for name in DAMAGED:
        shutil.copy(FILES / name, folder / f"e-{name}")
    return folder


@pytest.fixture
def divided(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small files are large ones, and little is much."""
    monkeypatch.setattr(conductor, "PART", 4000)
    monkeypatch.setattr(conductor, "_SMALL", 0)
    monkeypatch.setattr(conductor, "BATCH", 7)
    monkeypatch.setattr(pool, "_TASK_BYTES", 4000)
    monkeypatch.setattr(pool, "_AHEAD", 10)


def summed(tally: Tally) -> dict[str, Any]:
    fields = {name: getattr(tally, name) for name in Tally.__slots__}
    return {**fields, "unreadable": [str(error) for error in tally.unreadable]}


WRAPPED: dict[str, Callable[[str, bytes], bytes]] = {
    "as it is": lambda name, data: data,
    "gzip": lambda name, data: make.gz(data),
    "zstd": lambda name, data: make.zst(data),
    "bzip2": lambda name, data: bz2.compress(data),
    "zip": lambda name, data: zipped(name, data),
    "zip in zip": lambda name, data: zipped("inner.zip", zipped(f"deep/{name}", data)),
}


def zipped(name: str, data: bytes) -> bytes:
    with zipfile.ZipFile(into := io.BytesIO(), "w") as bundle:
        bundle.writestr("page.txt", block(7))
        bundle.writestr(name, data)
    return into.getvalue()


@pytest.mark.parametrize("wrap", some(WRAPPED, 6))
@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet"])
def test_an_export_is_taken_back_however_it_is_wrapped(tmp_path: Path, form: str, wrap: str) -> None:
    store, other = (empty_store(tmp_path / name) for name in ("a.duckdb", "b.duckdb"))
    store.add([table_block(0), table_block(1)])
    export(store, tmp_path / "plain", form)
    (tmp_path / "any name").write_bytes(WRAPPED[wrap](f"q.{form}", (tmp_path / "plain").read_bytes()))
    errors: list[str] = []
    tally = ingest([tmp_path / "any name"], other, on_error=lambda error: errors.append(str(error)))
    assert errors == [] and list(tally.exports.values()) == [(2, 0)]
    assert [row for row in stored(other) if "crawl" in row["source"]] == stored(store)
    assert list(ingest([tmp_path / "any name"], other).exports.values()) == [(0, 0)]


def test_an_export_in_parts_is_taken_back_once(tmp_path: Path, divided: None) -> None:
    store = empty_store(tmp_path / "a.duckdb")
    store.add(table_block(n) for n in range(60))
    for form in ("jsonl", "parquet"):
        export(store, path := tmp_path / f"q.{form}", form)
        if form == "parquet":
            pq.write_table(pq.read_table(path), path, row_group_size=20)
        assert len(list(split(locate(str(path)), 1000))) > 1
        tally = ingest([path], other := empty_store(tmp_path / f"{form}.duckdb"), jobs=2)
        assert tally.exports == {str(path): (60, 0)} and stored(other) == stored(store)


def test_a_packed_export_that_breaks_off_is_not_taken_back(tmp_path: Path) -> None:
    store, other = (empty_store(tmp_path / name) for name in ("a.duckdb", "b.duckdb"))
    store.add(table_block(n) for n in range(60))
    export(store, tmp_path / "q.csv", "csv")
    packed = make.gz((tmp_path / "q.csv").read_bytes())
    (tmp_path / "q.csv.gz").write_bytes(packed[: len(packed) * 3 // 4])
    tally = ingest([tmp_path / "q.csv.gz"], other)
    assert [str(error) for error in tally.unreadable] == [
        f"{tmp_path}/q.csv.gz: cut off: its packed data breaks off; fetch it again"
    ]
    assert stored(other) == [] and not tally.exports


@pytest.mark.slow
def test_the_rows_are_the_same_whoever_reads_them(corpus: Path, tmp_path: Path, divided: None) -> None:
    told: list[list[str]] = []
    sums, rows = [], []
    for jobs in (1, 3):
        store = Store(tmp_path / f"{jobs}.duckdb")
        told.append([])
        tally = ingest([corpus], store, jobs=jobs, on_error=lambda error: told[-1].append(str(error)))
        sums.append(summed(tally))
        rows.append(stored(store))
    assert rows[0] == rows[1]
    assert sums[0] == sums[1]
    assert told[0] == told[1]
    assert sums[0]["skipped"] == {
        "is JSON of another type, not an object": 1,
        "damaged bytes behind this record": 1,
        "a damaged row group, from this row on": 1,
        "a revisit record of a page that is not known": 1,
    }
    assert [error.rpartition("/")[2].partition(":")[0] for error in sums[0]["unreadable"]] == [
        "e-cut-off-in-a-record.warc.gz", "e-empty.txt",
    ]  # fmt: skip
    assert sums[0]["pages"] == 300 + 150 + 199 + 90 + 5 + 4 + 4 + 15
    assert sums[0]["added"] == len({row["snapshot_id"] for row in rows[0]})
    assert sums[0]["added"] < sums[0]["blocks"], "some captures came twice"


def test_large_files_are_divided(corpus: Path, divided: None) -> None:
    for name, least in {"a.warc.gz": 5, "b.warc": 5, "c.jsonl": 2}.items():
        (source,) = expand([corpus / name], pytest.fail)
        assert len(list(split(source, 4000))) >= least


@pytest.mark.slow
def test_a_second_run_reads_nothing_and_adds_nothing(corpus: Path, store: Store) -> None:
    first = ingest([corpus], store)
    rows = stored(store)
    second = ingest([corpus], store)
    assert (second.added, second.sources, second.completed) == (0, 0, first.sources)
    assert len(second.unreadable) == len(first.unreadable), "what failed is tried again"
    assert second.pages == 4, "those before the cut"
    third = ingest([corpus], store, again=True)
    assert (third.pages, third.added, third.blocks, third.known) == (
        first.pages,
        0,
        first.blocks,
        first.blocks,
    )
    assert stored(store) == rows


def test_a_source_is_known_by_its_content_and_not_by_its_name(tmp_path: Path, store: Store) -> None:
    path = tmp_path / "a.txt"
    path.write_text(make.BLOCK)
    assert ingest([path], store).added == 1
    shutil.copy(path, tmp_path / "b.txt")
    assert ingest([tmp_path / "b.txt"], store).completed == 1
    path.write_text(block(50))
    assert ingest([path], store).added == 1


def marks(path: Path, **circumstance: Any) -> str | None:
    options = {"layouts": None, "known": None, "at": None} | circumstance
    (source,) = expand([path], pytest.fail)
    known = mark(source, circumstances(options["layouts"], options["known"], options["at"]))
    return known and known.fingerprint


def test_a_fingerprint_changes_with_all_that_changes_what_is_found(tmp_path: Path) -> None:
    path, stamped = tmp_path / "a.txt", tmp_path / "20191203163500.txt"
    path.write_text(make.BLOCK)
    shutil.copy(path, stamped)
    own = replace(load()[0], file=tmp_path / "own.toml")
    by_layouts = {marks(path, layouts=(*load(), own)), marks(path, layouts=load()[:1])}
    coins = tmp_path / "coins.csv"
    coins.write_text("symbol,english\nXYZ,Bitcoin\n")
    by_coins = marks(path, known=load_coins(coins))
    assert len({marks(path), marks(stamped), marks(path, at="2020"), by_coins} | by_layouts) == 6
    assert marks(path) == marks(path, layouts=load(), known=load_coins()), "what comes with the program"


def test_a_large_file_is_known_by_samples(tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    data = bytearray(5 << 20)
    path.write_bytes(data)
    before = marks(path)
    for place in (0, len(data) // 63 * 20, len(data) - 1):
        data[place] ^= 1
        path.write_bytes(data)
        assert marks(path) != before
        data[place] ^= 1
    path.write_bytes(data + b"\0")
    assert marks(path) != before


def test_what_is_no_file_has_no_fingerprint(tmp_path: Path) -> None:
    nothing = circumstances(None, None)
    for source in (Source("-"), Source("https://a.kr/1"), Source(str(tmp_path / "nowhere"), size=9)):
        assert mark(source, nothing) is None


def stopping(after: int) -> Any:
    """Progress that is stopped by Ctrl-C after so many blocks."""

    def stop(progress: Progress) -> None:
        if progress.blocks >= after:
            raise KeyboardInterrupt

    return stop


@pytest.mark.slow
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_stop_keeps_what_was_found_and_a_rerun_finishes(
    corpus: Path, tmp_path: Path, jobs: int, divided: None
) -> None:
    whole, halved = Store(tmp_path / "whole.duckdb"), Store(tmp_path / "halved.duckdb")
    ingest([corpus], whole, jobs=1)
    tally = ingest([corpus], halved, jobs=jobs, on_progress=stopping(50))
    assert tally.stopped
    assert 0 < len(stored(halved)) < len(stored(whole))
    second = ingest([corpus], halved, jobs=jobs)
    assert not second.stopped
    assert second.completed == tally.sources > 0
    assert stored(halved) == stored(whole)
    assert not multiprocessing.active_children()


SLOW = """
import sys
from tracker.ingest import ingest
from tracker.store import Store
if __name__ == "__main__":
    tally = ingest([sys.argv[1]], Store(sys.argv[2]), jobs=2, on_progress=lambda p: print(p.pages, flush=True))
    print("stopped", tally.stopped, tally.added)
"""


def slow(tmp_path: Path, pages: int) -> Path:
    """A corpus that takes its time: the finder looks at every page."""
    path = tmp_path / "slow.jsonl"
    path.write_text("\n".join(json.dumps({"text": f"{n} {make.BLOCK}"}) for n in range(pages)))
    return path


def test_ctrl_c_ends_the_workers_promptly(tmp_path: Path) -> None:
    (tmp_path / "run.py").write_text(f"import tracker.ingest as i\ni._SMALL = 0\n{SLOW}")
    line = [sys.executable, str(tmp_path / "run.py"), str(slow(tmp_path, 30_000)), str(tmp_path / "s.duckdb")]
    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stderr
        while not int(process.stdout.readline()):
            pass
        process.send_signal(signal.SIGINT)
        asked = time.monotonic()
        last = process.stdout.read().splitlines()[-1]
        assert time.monotonic() - asked < 5
        assert process.stderr.read() == ""
    assert last.startswith("stopped True")


@pytest.mark.slow
def test_a_worker_that_dies_costs_its_source(tmp_path: Path, store: Store, divided: None) -> None:
    conductor.PART = 1 << 30  # the fixture puts it back
    path = slow(tmp_path, 2_500)
    for n in range(5):
        (tmp_path / f"t{n}.txt").write_text(block(n))
    killed: list[int] = []

    def kill(progress: Progress) -> None:
        if progress.pages > 300 and not killed:
            for child in multiprocessing.active_children():
                killed.append(child.pid or 0)
                child.kill()

    tally = ingest([path, *sorted(tmp_path.glob("t*.txt"))], store, jobs=2, on_progress=kill)
    assert killed
    (error,) = tally.unreadable
    assert error.subject == str(path)
    assert "was ended (signal 9)" in error.reason
    assert tally.sources == 5


class Faulty:
    """A layout that is a bug."""

    needle, id, data = "", "faulty", ()

    @property
    def begin(self) -> Any:
        raise RuntimeError("a bug")

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError("a bug")

    def __reduce__(self) -> Any:
        return Faulty, ()


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_bug_is_no_bad_input_and_comes_to_light(
    tmp_path: Path, store: Store, divided: None, jobs: int
) -> None:
    (tmp_path / "a.txt").write_text(make.BLOCK)
    with pytest.raises(RuntimeError, match="a bug"):
        ingest([tmp_path / "a.txt"], store, jobs=jobs, layouts=[Faulty()])  # type: ignore[list-item]
    assert not multiprocessing.active_children()


def read_in_parts(source: Source, parts: list[Source]) -> Iterator[tuple[Piece, Report]]:
    for number, part in enumerate(parts, 1):
        piece = Piece(part, None, number == len(parts))
        yield from ((piece, report) for report in reports(part, Orders(), lambda *_: None))


def test_a_part_that_begins_inside_a_record_is_noticed(tmp_path: Path) -> None:
    """An archive in an archive: what looks like a record is one of the inner one, and must not be read."""
    inner = b"".join(make.record(n, block(n)) for n in range(20, 40))
    outer = [
        make.record(1, block(1)),
        make.record(2, inner, "resource", Content_Type="application/warc"),
        make.record(3, block(3)),
    ]
    path = tmp_path / "x.warc"
    path.write_bytes(b"".join(outer))
    (source,) = expand([path], pytest.fail)
    parts = list(split(source, 1500))
    assert len(parts) > 2
    joint, taken = Joint(), []
    for piece, report in read_in_parts(source, parts):
        fit = joint.fit(piece, report)
        if fit is None:
            taken += report.items
        elif fit is not piece:
            taken += [item for anew in reports(fit.source, Orders(), lambda *_: None) for item in anew.items]
    (whole,) = reports(source, Orders(), lambda *_: None)
    assert [item.source for item in taken] == [item.source for item in whole.items]
    assert len(taken) == 2


def test_a_revisit_in_a_later_file_finds_its_page(tmp_path: Path, store: Store) -> None:
    first, *later = make.revisits()
    (tmp_path / "1.warc").write_bytes(first)
    (tmp_path / "2.warc").write_bytes(b"".join(later))
    tally = ingest([tmp_path], store)
    assert (tally.added, sum(tally.skipped.values())) == (4, 1)
    assert len({row["observed_at"] for row in stored(store)}) in (1, 4)


def test_a_revisit_in_a_later_run_finds_the_page_it_gives_address_and_time_of(
    tmp_path: Path, store: Store
) -> None:
    first, by_address, *by_other_names = make.revisits()
    (tmp_path / "1.warc").write_bytes(first)
    ingest([tmp_path], store)
    (tmp_path / "2.warc").write_bytes(b"".join([by_address, *by_other_names]))
    tally = ingest([tmp_path], store)
    assert (tally.completed, tally.added) == (1, 1)
    assert tally.skipped["a revisit record of a page that is not known"] == 3
    assert {row["captured_at"].second for row in stored(store)} == {1, 2}


@pytest.mark.parametrize(
    "now", [b"", make.record(9, make.HTML.encode(), "resource", Content_Type="text/html")]
)
def test_a_revisit_of_a_page_that_is_another_by_now_is_counted(
    now: bytes, tmp_path: Path, store: Store
) -> None:
    first, by_address, *_ = make.revisits()
    (tmp_path / "1.warc").write_bytes(first)
    ingest([tmp_path], store)
    (tmp_path / "1.warc").write_bytes(now)
    (tmp_path / "2.warc").write_bytes(by_address)
    tally = ingest([tmp_path / "2.warc"], store)
    assert (tally.added, sum(tally.skipped.values())) == (0, 1)


def test_what_lies_beside_pages_is_counted_and_not_told(tmp_path: Path, store: Store) -> None:
    (tmp_path / "a.txt").write_text(make.BLOCK)
    (tmp_path / "a.png").write_bytes(b"\x89PNG")
    told: list[SourceError] = []
    tally = ingest([tmp_path], store, on_error=told.append)
    assert (tally.added, told, tally.unreadable) == (1, [], [])
    assert dict(tally.skipped) == {"a picture, style, script or office document": 1}


def test_of_each_kind_of_loss_the_first_is_told(tmp_path: Path, store: Store) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "x"}\n' + "[]\n" * 50 + "{}\n" * 50)
    told: list[SourceError] = []
    tally = ingest([tmp_path / "a.jsonl"], store, on_error=told.append)
    assert [error.subject.rpartition("#")[2] for error in told] == ["2", "52"]
    assert sorted(tally.skipped.values()) == [50, 50]
    assert tally.unreadable == []


def test_progress_counts_bytes_pages_and_blocks(corpus: Path, store: Store) -> None:
    seen: list[Progress] = []
    tally = ingest([corpus], store, on_progress=seen.append)
    assert seen == sorted(seen, key=lambda progress: (progress.done, progress.pages))
    assert (seen[-1].done, seen[-1].pages, seen[-1].blocks) == (seen[-1].total, tally.pages, tally.blocks)


def test_refused_rows_are_counted(tmp_path: Path, store: Store) -> None:
    (tmp_path / "a.txt").write_text(FIRST.read_text("utf-8").replace("• 173,900", "• 0"), "utf-8")
    tally = ingest([tmp_path / "a.txt"], store)
    assert (tally.blocks, tally.partial, tally.refused, tally.rows) == (1, 1, 1, 23)


LIGHT = """
import sys
from tracker.ingest import ingest
from tracker.store import Store
ingest([sys.argv[1]], Store(sys.argv[2]))
print(*sys.modules)
"""


def test_a_small_run_loads_little(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(make.BLOCK)
    line = [sys.executable, "-c", LIGHT, str(tmp_path), str(tmp_path / "s.duckdb")]
    loaded = subprocess.run(line, capture_output=True, check=True, text=True).stdout.split()
    assert not {
        "pandas",
        "matplotlib",
        "numpy",
        "pyarrow",
        "fastwarc",
        "resiliparse",
        "multiprocessing",
    } & set(loaded)
