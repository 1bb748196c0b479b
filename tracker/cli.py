"""The command line: each command reads like a table of contents. Data to standard output, all else to standard error."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime
from io import TextIOWrapper
from typing import TYPE_CHECKING, Annotated, Any

import typer

from . import __version__
from . import options as o
from .errors import CoinsError, LayoutError, TimeError, TrackerError
from .model import COLUMNS
from .table import HISTORY, LATEST, flat, form, printable, show, utc

if TYPE_CHECKING:
    from .store import Selection
    from .store import Store as Opened

DONE, FAILED, MISUSED, STOPPED = 0, 1, 2, 130
NAMES = tuple(column.name for column in COLUMNS)

app = typer.Typer(
    cls=o.Commands, add_completion=False, no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False,
    help="Crypto price blocks out of collected web pages, into a tidy table of timestamped snapshots.",
    context_settings={"help_option_names": ["--help", "-h"], "max_content_width": 110},
)  # fmt: skip
command = app.command(cls=o.Command)


def main() -> None:
    """The command `tracker`."""
    _steady_streams()
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Do what the arguments say; returns the exit status. What can be foreseen ends in one line, never a traceback."""
    try:
        status = app(list(arguments), prog_name="tracker", standalone_mode=False)
    except typer.TyperException as error:
        return _misused(error)
    except TrackerError as error:
        say(error)
        return MISUSED if isinstance(error, TimeError | LayoutError | CoinsError) else FAILED
    if status == STOPPED:
        say("stopped; what was stored is kept: give the same command again to go on")
    return int(status or DONE)


def say(line: object) -> None:
    """One line to standard error."""
    typer.echo(f"tracker: {printable(str(line))}", err=True)


def _misused(error: typer.TyperException) -> int:
    """A usage error in one line, or the help that was asked for by giving no arguments."""
    reason = error.format_message()
    if "\n" in reason.strip() and reason.startswith("Usage:"):
        typer.echo(reason, err=True)
    else:
        where = getattr(getattr(error, "ctx", None), "command_path", "tracker")
        say(f"{' '.join(reason.split())} Try '{where} --help'.")
    return error.exit_code


def _steady_streams() -> None:
    """A console that lacks a character shows its number instead of ending the run."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"tracker {__version__}")
        raise typer.Exit


@app.callback()
def shared(
    store: o.Store = None,
    wait: o.Wait = None,
    format: o.Format = None,
    tz: o.Zone = None,
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_version, help="the version")
    ] = False,
) -> None:
    """Options that every command understands, here or after its name."""


@command
def latest(
    symbols: o.Symbols = None, currency: o.Currency = None, site: o.Site = None, store: o.Store = None,
    wait: o.Wait = None, format: o.Format = None, tz: o.Zone = None,
) -> int:  # fmt: skip
    """The newest quote of each coin, with its time, basis and site.

    \b
    tracker latest
    tracker latest BTC ETH --currency KRW --format csv
    """
    which = _selection(symbols, currency=currency, site=site)
    rows = _opened(store, wait).latest(**which)
    show(rows, format, str(tz), view=LATEST, header=NAMES)
    return DONE if rows else _nothing(which)


@command
def history(
    symbols: o.SomeSymbols, since: o.Since = None, until: o.Until = None, currency: o.Currency = None,
    site: o.Site = None, store: o.Store = None, wait: o.Wait = None, format: o.Format = None, tz: o.Zone = None,
) -> int:  # fmt: skip
    """Every observation of the coins in time order.

    \b
    tracker history BTC
    tracker history BTC ETH --since 2024-03-01 --until 2024-04-30 --format jsonl
    """
    which = _selection(symbols, currency, site, since, until, tz)
    rows = _opened(store, wait).history(**which)
    show(rows, format, str(tz), view=HISTORY, header=NAMES)
    return DONE if rows else _nothing(which)


@command
def plot(
    output: o.Output, symbols: o.Symbols = None, kind: o.ChartKind = "history", log: o.Log = False,
    panels: o.Panels = None, base: o.Base = None, at: o.Moment = None, window: o.Window = None, step: o.Step = None,
    since: o.Since = None, until: o.Until = None, currency: o.Currency = None, site: o.Site = None,
    gap: o.Gap = None, theme: o.Theme = None, title: o.Title = None, size: o.Size = None, dpi: o.Dpi = None,
    store: o.Store = None, wait: o.Wait = None, tz: o.Zone = None,
) -> int:  # fmt: skip
    """Draw a chart into a PNG, SVG or PDF file.

    \b
    tracker plot BTC ETH -o history.png
    tracker plot --kind indexed --base 2024-04-01 BTC ETH XRP -o indexed.svg
    tracker plot --kind movers --theme dark -o movers.png
    """
    from .charts import plot as draw
    from .charts import save

    which = _selection(symbols, currency, site, since, until, tz)
    quotes = _opened(store, wait).quotes(**which)
    if quotes.empty:
        return _nothing(which)
    times = {"base": o.moment(base, str(tz)), "at": o.moment(at, str(tz))}
    words = {"panels": panels, "window": window, "step": step, "gap": gap, "theme": theme, "title": title}
    look = {
        "log": log or None,
        "size": size,
        "dpi": dpi,
        "tz": tz,
        "coins": which["symbols"],
        "currency": currency,
    }
    chosen: dict[str, Any] = {name: value for name, value in {**times, **words, **look}.items() if value is not None}
    save(draw(quotes, kind, **chosen), output)
    say(f"drew {output}")
    return DONE


@command
def export(
    symbols: o.Symbols = None, output: o.MaybeOutput = None, form: o.ExportForm = None, wide: o.Wide = False,
    bom: o.Bom = False, since: o.Since = None, until: o.Until = None, currency: o.Currency = None,
    site: o.Site = None, store: o.Store = None, wait: o.Wait = None, tz: o.Zone = None,
) -> int:  # fmt: skip
    """The table as a file: CSV, JSON Lines, Parquet or XLSX.

    \b
    tracker export -o quotes.csv
    tracker export BTC ETH --wide --since 2024-03-01 -o wide.xlsx
    tracker export --format jsonl | head -n 1
    """
    from .export import export as write

    which = _selection(symbols, currency, site, since, until, tz)
    written = write(_opened(store, wait), output, form, wide=wide, bom=bom, **which)
    say(written)
    return DONE


@command
def coverage(store: o.Store = None, wait: o.Wait = None, format: o.Format = None, tz: o.Zone = None) -> int:
    """What is in the store: sites, layouts, spans, doubts.

    \b
    tracker coverage
    tracker coverage --format csv
    """
    parts = _opened(store, wait).coverage()
    if form(format) != "table":
        show(flat(parts), format, str(tz))
        return DONE
    for title, rows in parts.items():
        show(rows, format, str(tz), title=title)
    return DONE


@command
def check(store: o.Store = None, wait: o.Wait = None, format: o.Format = None, tz: o.Zone = None) -> int:
    """Hold the store against its own rules; 1 on a breach.

    \b
    tracker check
    tracker check --store backup.duckdb
    """
    from .store import Breach

    found = _opened(store, wait).check()
    show([breach._asdict() for breach in found.breaches], format, str(tz), header=Breach._fields)
    say(", ".join(f"{name} {count:,}" for name, count in found.counts.items()))
    say(f"{len(found.breaches)} rules are broken" if found.breaches else "every rule holds")
    return FAILED if found.breaches else DONE


@command
def forget(
    source: o.ForgetSource = None, snapshot: o.ForgetSnapshot = None, yes: o.Yes = False, store: o.Store = None,
    wait: o.Wait = None, format: o.Format = None, tz: o.Zone = None,
) -> int:  # fmt: skip
    """Show what a source or a snapshot gave; --yes removes it.

    \b
    tracker forget --source pages/2019.html
    tracker forget --snapshot 35ec38ae2d22f11d35ec38ae2d22f11d --yes
    """
    if (source is None) == (snapshot is None):
        raise typer.BadParameter("give either --source or --snapshot")
    rows = _opened(store, wait).forget(source, snapshot, commit=yes)
    show(rows, format, str(tz))
    if not rows:
        say(
            f"{source or snapshot}: not in the store; `tracker history` and exports name sources and snapshots"
        )
        return FAILED
    gone = (
        f"{sum(row['snapshots'] for row in rows):,} snapshots, {sum(row['quotes'] for row in rows):,} quotes"
    )
    say(f"removed {gone}" if yes else f"would remove {gone}; repeat with --yes to do so")
    return DONE


@command
def layouts(folder: o.Layouts = None, format: o.Format = None, tz: o.Zone = None) -> int:
    """The known layouts, yours among them.

    \b
    tracker layouts
    tracker layouts --layouts my-layouts/
    """
    from .layout import load

    known = load(o.folders(folder))
    columns = ("layout", "title", "sites", "currency", "zone", "file")
    values = [(one.id, one.title, one.sites, one.currency, one.zone, one.file) for one in known]
    show(
        [dict(zip(columns, row, strict=True)) for row in values],
        format,
        str(tz),
        view=columns[:-1],
        header=columns,
    )
    return DONE


def _selection(
    symbols: Sequence[str] | None, currency: str | None, site: str | None,
    since: str | None = None, until: str | None = None, tz: str | None = None,
) -> Selection:  # fmt: skip
    """Which quotes are asked for. Raises TimeError."""
    zone = str(tz)
    return {
        "symbols": [symbol.upper() for symbol in symbols] if symbols else None,
        "currency": currency and currency.upper(), "site": site and site.lower().removeprefix("www."),
        "since": o.moment(since, zone), "until": o.last_moment(until, zone),
    }  # fmt: skip


def _nothing(which: Selection) -> int:
    """No quotes: which were asked for, and the way out."""
    narrowed = ", ".join(_told(name, value) for name, value in which.items() if value)
    say(f"no quotes in the store{narrowed and f' for {narrowed}'}; `tracker coverage` lists what there is")
    return DONE


def _told(name: str, value: Any) -> str:
    """One condition of a selection, as the user would say it."""
    if name == "symbols":
        return " ".join(value)
    return f"{name} {utc(value) if isinstance(value, datetime) else value}"


def _opened(path: str | None, wait: float | None) -> Opened:
    from .store import Store

    return Store(str(path), wait=float(wait or 0), on_wait=say)
