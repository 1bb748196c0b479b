"""The tidy table as one sheet of a spreadsheet: frozen head, filter, widths, and formats that show what was printed."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ..errors import OutputError
from ..model import plain
from ..writing import ROOM
from . import Selection, Shape, Store, Written, guarded
from .file import reason_to_write

ROWS = 1_048_575  # below the head; a limit of the file format, as are the next two
COLUMNS = 16_384
TEXT = 32_767
DIGITS = 15  # numbers with more significant digits are rounded by spreadsheets
TIME = 'yyyy-mm-dd hh:mm:ss "{}"'  # a cell has no zone: its format says it
PERCENT = "0.00##"
WIDTHS = {"text": 18, "time": 27, "integer": 6, "price": 16, "percent": 12, "texts": 28}  # characters
NAMED = {"row_text": 48, "source": 36, "url": 36, "currency": 10, "symbol": 10, "time_basis": 12}
OTHER = "choose fewer with a coin, --since or --until, or --format parquet"


def xlsx(store: Store, path: Path, wide: bool, tz: str | None, which: Selection) -> Written:
    """One sheet, row by row, so that memory does not grow with the table.

    tz  zone of times; None is UTC
    OutputError where the table does not fit a sheet, before anything is written.
    """
    try:
        import xlsxwriter
    except ImportError:
        raise OutputError("xlsx", "needs XlsxWriter", "pip install 'ticker-tracker[xlsx]'") from None
    try:
        with (
            store.cells(wide=wide, **which) as (shape, count, cells),
            tempfile.TemporaryDirectory(
                ".part", f"{path.name.removesuffix('.part')}.", path.parent
            ) as folder,
        ):
            _fitting(path, shape, count, wide)
            options = {"constant_memory": True, "tmpdir": folder}
            with xlsxwriter.Workbook(str(path), options) as book:
                _fill(book, shape, cells, ZoneInfo(tz) if tz else UTC, count)
            return Written(count, shape.left_out)
    except xlsxwriter.exceptions.XlsxWriterException as error:
        raise OutputError(str(path), f"cannot be written: {reason_to_write(error)}", ROOM) from error


def _fitting(path: Path, shape: Shape, count: int, wide: bool) -> None:
    """OutputError for a table that is too long or too broad."""
    if count > ROWS:
        remedy = OTHER if wide else f"{OTHER}, or --wide"
        raise OutputError(str(path), f"a sheet holds {ROWS:,} rows, and this table has {count:,}", remedy)
    if len(shape.columns) > COLUMNS:
        have = f"{len(shape.columns):,}"
        raise OutputError(str(path), f"a sheet holds {COLUMNS:,} columns, and this table has {have}", OTHER)


def _fill(book: Any, shape: Shape, cells: Iterator[list[Any]], zone: tzinfo, count: int) -> None:
    """Head, rows, and what makes them easy to read."""
    sheet, put = book.add_worksheet("quotes"), Put(book, zone)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, count, len(shape.columns) - 1)
    for at, (name, kind, _) in enumerate(shape.columns):
        sheet.set_column(at, at, max(NAMED.get(name, WIDTHS[kind]), min(len(name) + 3, 40)))
        sheet.write_string(0, at, guarded(name), put.format("", bold=True))
    kinds = [kind for _, kind, _ in shape.columns]
    for n, row in enumerate(cells, 1):
        for at, (kind, cell) in enumerate(zip(kinds, row, strict=True)):
            put(sheet, n, at, kind, cell)


class Put:
    """Puts a value as the cell that shows it unaltered: what a spreadsheet would round or cannot hold is text."""

    def __init__(self, book: Any, zone: tzinfo) -> None:
        self._book, self._zone = book, zone
        self._formats: dict[str, Any] = {}

    def format(self, spelled: str, **more: bool) -> Any:
        """The cell format with this number format, made once."""
        if spelled not in self._formats:
            self._formats[spelled] = self._book.add_format({"num_format": spelled, **more})
        return self._formats[spelled]

    def __call__(self, sheet: Any, row: int, at: int, kind: str, cell: Any) -> None:
        if isinstance(cell, datetime):
            self._time(sheet, row, at, cell.astimezone(self._zone))
        elif isinstance(cell, Decimal):
            self._number(sheet, row, at, kind, cell)
        elif isinstance(cell, str):
            if len(cell) > TEXT:
                reason = f"a cell holds {TEXT} characters, {cell[:40]!r} has more"
                raise OutputError("xlsx", reason, "choose csv")
            sheet.write_string(row, at, cell)
        elif cell is not None:
            sheet.write_number(row, at, cell)

    def _time(self, sheet: Any, row: int, at: int, when: datetime) -> None:
        """A date and clock as the zone has them, with the offset in the format; sheets know no year before 1900."""
        if when.year >= 1900 and when.microsecond % 1000 == 0:
            offset = "UTC" if self._zone is UTC else when.isoformat()[-6:]
            sheet.write_datetime(row, at, when.replace(tzinfo=None), self.format(TIME.format(offset)))
        else:
            sheet.write_string(row, at, when.isoformat().replace("+00:00", "Z"))

    def _number(self, sheet: Any, row: int, at: int, kind: str, value: Decimal) -> None:
        """The float with the same digits, with the decimal places that were printed; or the digits themselves."""
        text = plain(value) or ""
        if len(text.replace(".", "").strip("-0")) > DIGITS:
            sheet.write_string(row, at, text)
            return
        places = len(text.partition(".")[2])
        spelled = PERCENT if kind == "percent" else "#,##0" + f".{'0' * places}" * bool(places)
        sheet.write_number(row, at, float(text), self.format(spelled))
