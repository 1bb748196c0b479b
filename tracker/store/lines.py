"""An export as JSON Lines -> Arrow, each figure with exactly the digits that stand there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import SourceError
from ..frame import schema
from ..model import COLUMNS

if TYPE_CHECKING:
    import pyarrow as pa

_AT_ONCE = 20_000  # lines held


def json_lines(path: Path, name: str) -> pa.RecordBatchReader:
    """The rows of an export as JSON Lines, a few thousand at a time. SourceError if it cannot be opened; the reader ends
    in an error that names the line where one is no row of ours."""
    import pyarrow as pa

    fields = schema()
    try:
        path.open("rb").close()
    except OSError as error:
        raise SourceError(name, f"cannot be read: {error.strerror}") from error
    return pa.RecordBatchReader.from_batches(fields, _batches(path, fields))


def _batches(path: Path, fields: pa.Schema) -> Iterator[pa.RecordBatch]:
    with path.open(encoding="utf-8-sig") as file:
        numbered = ((number, line) for number, line in enumerate(file, 1) if not line.isspace())
        while lines := list(islice(numbered, _AT_ONCE)):
            rows = [(number, _row(line, number)) for number, line in lines]
            try:
                yield _batch([row for _, row in rows], fields)
            except ValueError:
                for number, row in rows:  # the one that is no row of ours
                    with _line(number):
                        _batch([row], fields)
                raise


def _batch(rows: list[list[Any]], fields: pa.Schema) -> pa.RecordBatch:
    """ValueError for a cell of another kind than its column."""
    import pyarrow as pa

    columns = zip(*rows, strict=True)
    try:
        arrays = [pa.array(cells, one.type) for cells, one in zip(columns, fields, strict=True)]
    except (pa.ArrowException, TypeError) as error:
        raise ValueError(str(error)) from error
    return pa.RecordBatch.from_arrays(arrays, schema=fields)


def _row(line: str, number: int) -> list[Any]:
    """The cells of a line in the order of COLUMNS; figures as they are spelled."""
    with _line(number):
        told = json.loads(line, parse_float=Decimal)
        return [_cell(told[column.name], column.kind) for column in COLUMNS]


@contextmanager
def _line(number: int) -> Iterator[None]:
    """What is wrong inside is wrong with that line."""
    try:
        yield
    except KeyError as error:
        raise ValueError(f"line {number}: has no {error.args[0]}") from error
    except ArithmeticError as error:
        raise ValueError(f"line {number}: a figure is no plain number") from error
    except (ValueError, TypeError, RecursionError) as error:
        raise ValueError(f"line {number}: {error}") from error


def _cell(value: Any, kind: str) -> Any:
    if kind == "time" and value is not None:
        return datetime.fromisoformat(value).astimezone(UTC)
    return Decimal(value) if kind in ("price", "percent") and value is not None else value
