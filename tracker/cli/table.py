"""Rows shown to people and handed to programs: a table on a terminal, CSV or JSON Lines in a pipe.

A table is for reading: chosen columns, times in the reader's zone, figures grouped by thousands. CSV and JSON Lines are
data: every column, times as ISO 8601 in UTC, the printed digits, texts guarded against spreadsheets as in exports.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, TextIO

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from rich.table import Table

Form = Literal["table", "csv", "jsonl"]
Row = Mapping[str, Any]

LATEST = ("symbol", "name", "price", "currency", "change_pct", "observed_at", "time_basis", "site", "layout")
HISTORY = ("observed_at", "time_basis", "symbol", "price", "currency", "change_pct", "site", "source")
READINGS = ("read_by", "superseded_by", "superseded_at")
IF_ANY = ("change_abs", "change_window")  # shown where they hold something
SPARE = (
    *IF_ANY,
    "layout",
    "name",
    "source",
    "site",
)  # left out, one after the other, where there is no room for all
FOR_FILES = 160  # columns of a table that goes into a file or a pipe
UNKNOWN = "–"


def form(asked: Form | None) -> Form:
    """The asked form, else a table on a terminal and CSV in a pipe."""
    return asked or ("table" if sys.stdout.isatty() else "csv")


def show(
    rows: Iterable[Row], wanted: Form | None, zone: str, *, view: Sequence[str] = (), header: Sequence[str] = (),
    title: str = "",
) -> None:  # fmt: skip
    """Write rows to standard output in the form wanted.

    view    the columns of a table; all of them if empty
    header  the columns of CSV, known even if there are no rows
    """
    from zoneinfo import ZoneInfo

    match form(wanted):
        case "table":
            _print(list(rows), view, ZoneInfo(zone), title)
        case "csv":
            _write_csv(rows, header, sys.stdout)
        case "jsonl":
            sys.stdout.writelines(_json(row) + "\n" for row in rows)


def flat(parts: Mapping[str, Sequence[Row]]) -> list[Row]:
    """The small tables of Store.coverage as one: part, value, currency, snapshots, quotes, first, last."""
    own = {"sites": "site", "layouts": "layout", "bases": "time_basis", "flags": "flag", "coins": "symbol"}
    rows: list[Row] = []
    for part, lines in parts.items():
        for line in lines:
            value = line.get(own.get(part, "")) or line.get("name")
            counts = {name: line.get(name) for name in ("currency", "snapshots", "quotes", "first", "last")}
            rows.append({"part": part, "value": value, **counts})
    (totals,) = parts["totals"]
    rest = {"currency": None, "first": None, "last": None}
    rows.append({"part": "undated", "value": None, "snapshots": totals["undated"], "quotes": None, **rest})
    rows.append({"part": "flagged", "value": None, "snapshots": None, "quotes": totals["flagged"], **rest})
    return rows


def printable(text: str) -> str:
    """A page's text, safe for a terminal: control and direction characters become `�`."""
    return text if text.isprintable() else "".join(c if c.isprintable() else "�" for c in text)


def shown(value: Any, zone: ZoneInfo, *, day: bool = False) -> str:
    """A value for people; day: a time that is known to the day only."""
    match value:
        case None | []:
            return UNKNOWN
        case datetime():
            return f"{value.astimezone(zone):{'%Y-%m-%d' if day else '%Y-%m-%d %H:%M'}}"
        case Decimal():
            return _grouped(value)
        case bool():
            return "yes" if value else "no"
        case int():
            return f"{value:,}"
        case list() | tuple():
            return printable(", ".join(map(str, value)))
    return printable(str(value))


def _grouped(value: Decimal) -> str:
    """`8692000` -> `8,692,000`, the decimal places as printed."""
    from ..model import plain

    whole, dot, rest = (plain(abs(value)) or "").partition(".")
    return f"{'-' if value < 0 else ''}{int(whole):,}{dot}{rest}"


def _write_csv(rows: Iterable[Row], header: Sequence[str], out: TextIO) -> None:
    import csv

    writer = csv.writer(out, lineterminator="\n")
    if header:
        writer.writerow(header)
    for n, row in enumerate(rows):
        if not (n or header):
            writer.writerow(row)
        writer.writerow([_cell(value) for value in row.values()])


def _cell(value: Any) -> Any:
    """A value as exports spell it: exact digits, UTC, texts guarded, lists with blanks between."""
    from ..model import plain

    match value:
        case Decimal():
            return plain(value)
        case datetime():
            return utc(value)
        case list() | tuple():
            return " ".join(map(str, value))
        case str():
            from ..store import guarded

            return guarded(value)
    return value


def utc(moment: datetime) -> str:
    """`2019-12-03T07:35:00Z`."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _json(row: Row) -> str:
    """One line of JSON, figures as numbers with their printed digits."""
    import json

    return "{" + ",".join(f"{json.dumps(name)}:{_json_value(value)}" for name, value in row.items()) + "}"


def _json_value(value: Any) -> str:
    import json

    from ..model import plain

    if isinstance(value, Decimal):
        return str(plain(value))
    return json.dumps(
        utc(value) if isinstance(value, datetime) else value, ensure_ascii=False, separators=(",", ":")
    )


def _print(rows: Sequence[Row], view: Sequence[str], zone: ZoneInfo, title: str) -> None:
    """A table on a terminal, as wide as there is room for."""
    from rich.console import Console
    from rich.text import Text

    if not rows:
        return
    console = Console(file=sys.stdout, highlight=False, width=None if sys.stdout.isatty() else FOR_FILES)
    asked = view or tuple(rows[0])
    filled = {name for name in asked if any(row[name] is not None for row in rows)}
    columns = [name for name in asked if name in filled or (view and name not in IF_ANY) or name == asked[0]]
    for spare in SPARE:
        drawn = _drawn(rows, columns, zone)
        room = console.options.update(width=10 * FOR_FILES)
        if console.measure(drawn, options=room).maximum > console.width and spare in columns[1:]:
            columns.remove(spare)
    if title:
        console.print(Text(f"\n{title}", "bold"))
    drawn = _drawn(rows, columns, zone)
    if not title and any(isinstance(row[name], datetime) for row in rows for name in columns):
        drawn.caption, drawn.caption_justify = Text(f"times in {zone.key}", "dim"), "left"
    console.print(drawn)


def _drawn(rows: Sequence[Row], columns: Sequence[str], zone: ZoneInfo) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    grid = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    for name in columns:
        values = [row[name] for row in rows]
        figures = any(isinstance(value, int | Decimal) for value in values)
        head = Text(name.replace("_", " "))
        grid.add_column(head, justify="right" if figures else "left", overflow="fold", no_wrap=figures)
    for row in rows:
        day = row.get("time_basis") == "stated-day"
        grid.add_row(*(Text(shown(row[name], zone, day=day and name == "observed_at")) for name in columns))
    return grid
