"""Rows shown to people and handed to programs: a table on a terminal, CSV or JSON Lines in a pipe.

A table is for reading: chosen columns, times in the reader's zone, figures grouped by thousands, the middle of a long one
folded. CSV and JSON Lines are data: every column, times as ISO 8601 in UTC or in the zone that was asked for, the
printed digits, texts guarded against spreadsheets as in exports.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from itertools import chain, islice
from typing import Any, Literal, NamedTuple, TextIO
from zoneinfo import ZoneInfo

from ..model import DAYS

Form = Literal["table", "csv", "jsonl"]
Row = Mapping[str, Any]

LATEST = ("symbol", "name", "price", "currency", "change_pct", "observed_at", "time_basis", "site", "layout")
HISTORY = ("observed_at", "time_basis", "symbol", "price", "currency", "change_pct", "site", "source")
FINDINGS = ("kind", "value", "symbol", "observed_at", "time_basis", "evidence", "source")
FOUND = (
    "kind value evidence snapshot_id rank site name symbol currency price observed_at time_basis source"
).split()
READINGS = ("read_by", "superseded_by", "superseded_at")
IF_ANY = ("change_abs", "change_window")  # shown where they hold something
FOR_FILES = 160  # columns of a table that goes into a file or a pipe
UNKNOWN = "–"
OBSERVED = ("observed_at", "first", "last")


class ZoneName(str):
    """The zone of times. asked: it was given, on the command line or as a setting; so data are in it too."""

    asked: bool = False

    @classmethod
    def of(cls, name: str, asked: bool) -> ZoneName:
        zone = cls(name)
        zone.asked = asked
        return zone


def of_data(zone: str | None) -> str | None:
    """The zone of times in CSV and the like; None is UTC."""
    return str(zone) if isinstance(zone, ZoneName) and zone.asked else None


class Fold(NamedTuple):
    """Tables of more rows than `above` show `to` of them, the first and the last."""

    above: int
    to: int


LONG = Fold(200, 40)


def form(asked: Form | None) -> Form:
    """The asked form, else a table on a terminal and CSV in a pipe."""
    return asked or ("table" if sys.stdout.isatty() else "csv")


def fold(every: bool, limit: int | None, wanted: Form | None) -> Fold | None:
    """How rows are folded: to a limit in any form; without one only long tables on a terminal."""
    if limit is not None:
        return Fold(limit, limit)
    return LONG if form(wanted) == "table" and sys.stdout.isatty() and not every else None


def show(
    rows: Iterable[Row], wanted: Form | None, zone: str | None, *, view: Sequence[str] = (), header: Sequence[str] = (),
    title: str = "", folded: Fold | None = None, tail: Sequence[Row] = (), more: int = 0,
) -> int:  # fmt: skip
    """Write rows to standard output in the form wanted. Returns how many were folded away.

    view    the columns of a table; all of them if empty
    header  the columns of CSV, known even if there are no rows
    folded  leave out the middle of long ones; or they come folded: `tail` the last rows, `more` those between
    """
    if folded is not None and not more:
        rows, tail, more = _ends(rows, folded)
    match form(wanted):
        case "table":
            _print(rows, view, zone, title, tail, more)
        case "csv":
            _write_csv(chain(rows, tail), header, sys.stdout, zone)
        case "jsonl":
            sys.stdout.writelines(_json(row, zone) + "\n" for row in chain(rows, tail))
    return more


def _ends(rows: Iterable[Row], to: Fold) -> tuple[Iterable[Row], Sequence[Row], int]:
    """The first rows, the last ones, and how many lie between."""
    every = list(rows)
    if len(every) <= to.above:
        return every, (), 0
    last = to.to // 2
    return every[: to.to - last], every[len(every) - last :], len(every) - to.to


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


def shown(value: Any, zone: tzinfo, *, day: bool = False) -> str:
    """A value for people; day: a time that is known to the day only, and is the noon of that day where it was printed:
    in UTC it falls on that day from any zone but the few beyond +12:00, in the reader's zone it might not."""
    match value:
        case None | []:
            return UNKNOWN
        case datetime():
            return f"{value.astimezone(UTC):%Y-%m-%d}" if day else f"{value.astimezone(zone):%Y-%m-%d %H:%M}"
        case Decimal():
            return _grouped(value)
        case bool():
            return "yes" if value else "no"
        case int():
            return f"{value:,}"
        case list() | tuple():
            return printable(", ".join(map(str, value)))
    return printable(str(value))


def _grouped(value: Decimal, places: int = 0) -> str:
    """`8692000` -> `8,692,000`, the decimal places as printed, or so many at least."""
    from ..model import plain

    whole, _, rest = (plain(abs(value)) or "").partition(".")
    rest = rest.ljust(places, "0")
    return f"{'-' if value < 0 else ''}{int(whole):,}{'.' * bool(rest)}{rest}"


def _write_csv(rows: Iterable[Row], header: Sequence[str], out: TextIO, zone: str | None) -> None:
    import csv

    writer = csv.writer(out, lineterminator="\n")
    if header:
        writer.writerow(header)
    for n, row in enumerate(rows):
        if not (n or header):
            writer.writerow(row)
        writer.writerow([_cell(value, zone) for value in row.values()])


def _cell(value: Any, zone: str | None) -> Any:
    """A value as exports spell it: exact digits, times with their offset, texts guarded, lists with blanks between."""
    from ..model import plain

    match value:
        case Decimal():
            return plain(value)
        case datetime():
            return iso(value, zone)
        case list() | tuple():
            return " ".join(map(str, value))
        case str():
            from ..store import guarded

            return guarded(value)
    return value


def iso(moment: datetime, zone: str | None) -> str:
    """`2019-12-03T07:35:00Z`; in a zone that was asked for `2019-12-03T16:35:00+09:00`."""
    if in_zone := of_data(zone):
        return moment.astimezone(ZoneInfo(in_zone)).isoformat()
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _json(row: Row, zone: str | None) -> str:
    """One line of JSON, figures as numbers with their printed digits."""
    import json

    return (
        "{" + ",".join(f"{json.dumps(name)}:{_json_value(value, zone)}" for name, value in row.items()) + "}"
    )


def _json_value(value: Any, zone: str | None) -> str:
    import json

    from ..model import plain

    if isinstance(value, Decimal):
        return str(plain(value))
    spelled = iso(value, zone) if isinstance(value, datetime) else value
    return json.dumps(spelled, ensure_ascii=False, separators=(",", ":"))


class Spelling:
    """Values for people, in a zone; percents of a column with one number of decimals."""

    def __init__(self, zone: tzinfo) -> None:
        self._zone, self._places = zone, 0

    def learn(self, rows: Sequence[Row]) -> None:
        """Percents shall have as many decimals as the finest of these."""
        finest = (_places(row["change_pct"]) for row in rows if row.get("change_pct") is not None)
        self._places = max(self._places, *finest, 0)

    def text(self, row: Row, name: str) -> str:
        """A row's value in this column."""
        value = row[name]
        if name == "change_pct" and isinstance(value, Decimal):
            return _grouped(value, self._places)
        return shown(value, self._zone, day=name in OBSERVED and row.get("time_basis") in DAYS)

    def right(self, value: Any) -> bool:
        """Figures stand at the right edge."""
        return isinstance(value, int | Decimal)


def _places(value: Decimal) -> int:
    from ..model import plain

    return len((plain(value) or "").partition(".")[2])


def _print(
    rows: Iterable[Row], view: Sequence[str], zone: str | None, title: str, tail: Sequence[Row], more: int
) -> None:
    """A table, as wide as there is room for; without a view, the columns that hold something."""
    from .grid import AT_ONCE, grid

    coming = iter(rows)
    first = list(islice(coming, AT_ONCE))
    if not first:
        return
    held = {name for name in first[0] for row in (*first, *tail) if row[name] not in (None, [])}
    asked = list(view or first[0])
    names = [name for name in asked if name in held or (view and name not in IF_ANY) or name == asked[0]]
    if title:
        print(f"\n{title}")
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else FOR_FILES
    between = f"… {more:,} more: --all, --limit N, or a pipe"
    lines = grid(chain(first, coming), names, width, Spelling(ZoneInfo(str(zone))), tail, between)
    sys.stdout.writelines(f"{line}\n" for line in lines)
    if not title and any(isinstance(row[name], datetime) for row in (*first, *tail) for name in names):
        print(f"times in {zone}")
