"""What an executor does, without Spark: the rows of `tracker.blocks`, and every loss as a row."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from files import make
from made import BITCOIN, block

from tracker.blocks import Orders, PageBlocks, blocks
from tracker.errors import Beside, Skipped, SourceError
from tracker.frame import NAMES, arrow
from tracker.spark import work
from tracker.spark.paths import Named

FILES = Path(__file__).parents[1] / "files"
NAMED = (
    "binary.txt",
    "cut-off",
    "damaged",
    "empty.txt",
    "length-t",
    "packed",
    "revisits",
    "whole",
    "archive-in",
)
SAMPLES = sorted(path for path in FILES.iterdir() if path.name.startswith(NAMED))


def rows(path: Path, orders: Orders | None = None) -> dict[str, list[dict[str, Any]]]:
    """What is found in a path, by the kind of row."""
    found = pa.Table.from_batches(
        work.found(Named(str(path), 5), 7, orders or Orders()), work.schema()
    ).to_pylist()
    assert {row["path"] for row in found} == {str(path)}
    assert {row["number"] for row in found} == {7}
    return {kind: [row for row in found if row["kind"] == kind] for kind in ("quote", "left out", "came to")}


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_quotes_are_those_of_blocks_and_each_loss_is_counted(path: Path) -> None:
    lost: list[SourceError] = []
    pages = list(reading := blocks(path, on_skip=lost.append))
    found = rows(path)
    quotes = arrow(each for page in pages for each in page.blocks)
    assert [{name: row[name] for name in NAMES} for row in found["quote"]] == quotes.to_pylist()
    counted = {(row["reason"], row["count"]) for row in found["left out"]}
    reasons = [error.reason for error in lost if not isinstance(error, Beside)]
    assert counted == {(reason, reasons.count(reason)) for reason in reasons}
    (told,) = found["came to"]
    assert (told["size"], told["pages"], told["quotes"]) == (5, reading.pages, len(quotes))
    whole = [error.reason for error in lost if not isinstance(error, Skipped)]
    assert told["reason"] == (whole[0] if whole else None)


def test_a_path_that_is_not_there_is_a_row() -> None:
    found = rows(Path("/nowhere/x.warc.gz"))
    (lost,), (told,) = found["left out"], found["came to"]
    assert (lost["record"], lost["reason"], lost["count"]) == ("", "there is no such file", 1)
    assert (told["pages"], told["reason"]) == (0, "there is no such file")


class Faulty:
    """A layout with a bug."""

    id, needle, installed = "faulty", "", True

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError("a bug")


def test_a_bug_costs_one_path_and_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(make.BLOCK, "utf-8")
    found = rows(tmp_path / "a.txt", Orders(layouts=[Faulty()]))  # type: ignore[list-item]
    assert found["came to"][0]["reason"] == "could not be read to its end: RuntimeError: a bug"
    assert not found["quote"]


def test_a_figure_without_room_costs_its_block_and_is_told() -> None:
    huge = block(
        1, quotes=(BITCOIN.__class__(1, "x", "X", None, BITCOIN.price.scaleb(40), None, None, None, "x"),)
    )
    visit = work._Visit(Named("a"), 0)
    visit.take(PageBlocks("a#1", None, None, (huge, block(2))))
    assert (visit.nth, visit.rows) == (1, 3)
    assert [reason.partition(":")[0] for reason in visit.lost] == ["a figure does not fit the table"]
    assert [*visit.first.values()] == ["1"]


def test_paths_come_by_their_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "found", lambda named, number, orders: iter([(named.path, number)]))
    numbers = [pa.RecordBatch.from_pydict({"id": ids}) for ids in ([2], [0, 1])]
    assert list(work.visited(iter(numbers), [*map(Named, "abc")], Orders())) == [("c", 2), ("a", 0), ("b", 1)]  # type: ignore[comparison-overlap]
