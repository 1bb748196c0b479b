"""Commands that write files: plot, export, report."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from ..errors import OutputError, TrackerError
from . import options as o
from .app import DONE, command, counted, keeping, opened, say
from .asking import asked, left_out, nothing
from .table import of_data

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from pandas import DataFrame

    from ..store import Filters, Store
    from ..store.large import Large

CHARTS, PAGES = (".png", ".svg", ".pdf"), (".html", ".htm")


@command
def plot(
    output: o.Output, symbols: o.Symbols = None, kind: o.ChartKind = "history", log: o.Log = False,
    panels: o.Panels = None, base: o.Base = None, at: o.Moment = None, window: o.Window = None, step: o.Step = None,
    since: o.Since = None, until: o.Until = None, currency: o.Currency = None, site: o.Site = None,
    gap: o.Gap = None, theme: o.Theme = None, title: o.Title = None, size: o.Size = None, dpi: o.Dpi = None,
    by: o.By = None, lang: o.Lang = None, as_printed: o.AsPrinted = False, without: o.Without = None,
    accept_guesses: o.AcceptGuesses = False, implied: o.Implied = False, store: o.Store = None, wait: o.Wait = None,
    tz: o.Zone = None,
) -> int:  # fmt: skip
    """Draw a chart into a PNG, SVG or PDF file.

    \b
    tracker plot BTC ETH -o history.png
    tracker plot --kind indexed --base 2024-04-01 BTC ETH XRP -o indexed.svg
    tracker plot --kind movers --theme dark --lang ko -o movers.png
    """
    from ..charts import save
    from ..store.large import LARGE

    ending(output, CHARTS, "charts")
    held = opened(store, wait)
    concluded = partial(_concluded, held, as_printed)
    which, found = asked(
        held, symbols, currency, site, since, until, tz, concluded=concluded, without=without,
        guesses=accept_guesses, implied=implied,
    )  # fmt: skip
    times = {"base": o.moment(base, str(tz)), "at": o.moment(at, str(tz))}
    words = {"panels": panels, "window": window, "step": step, "gap": gap, "theme": theme, "title": title}
    look = {
        "size": size,
        "dpi": dpi,
        "tz": tz,
        "coins": found.which.get("symbols") or None,
        "currency": found.which.get("currency"),
        "log": log or None,
        "implied": implied or None,
    }
    if kind != "coverage":
        left_out(found)
    if found.rows == 0:
        return nothing(which, found)
    # a site keeps its colour in all charts of a store
    given = {**times, **words, **look, "sites": held.sites(), "by": by, "lang": lang}
    given = {name: value for name, value in given.items() if value is not None}
    if found.rows > LARGE:
        with held.large(**found.which) as rows:
            drawn = _drawn(rows, kind, given)
    else:
        drawn = _drawn(held.quotes(**found.which), kind, given)
    save(drawn, output)
    say(f"drew {output}, {counted(-(-Path(output).stat().st_size // 1000), 'kilobyte')}")
    return DONE


def _concluded(held: Store, as_printed: bool) -> bool:
    """Whether to show what `reconcile` concluded: unless it is not wanted, or there is nothing."""
    return not as_printed and held.reconciled()


def _drawn(quotes: DataFrame | Large, kind: str, given: dict[str, Any]) -> Axes | Figure:
    """The chart; an option that this kind does not have, or a value that is none, is wrong usage."""
    from ..charts import options, plot

    if strange := sorted(set(given) - set(options(kind))):
        raise typer.BadParameter(f"{', '.join(f'--{name}' for name in strange)} is not for {kind} charts")
    try:
        return plot(quotes, kind, **given)
    except TrackerError as error:
        if type(error) is not TrackerError or error.reason.startswith("nothing to draw"):
            raise
        raise typer.BadParameter(str(error)) from error


@keeping
def export(
    symbols: o.Symbols = None, output: o.MaybeOutput = None, form: o.ExportForm = None, wide: o.Wide = False,
    bom: o.Bom = False, since: o.Since = None, until: o.Until = None, currency: o.Currency = None,
    site: o.Site = None, findings: o.Findings = False, without: o.Without = None,
    accept_guesses: o.AcceptGuesses = False, append: o.Append = None, store: o.Store = None,
    wait: o.Wait = None, tz: o.Zone = None,
) -> int:  # fmt: skip
    """The table as a file: CSV, JSON Lines, Parquet or XLSX.

    With --append what a folder of Parquet files has not yet is added to it, whoever else adds to it meanwhile; the folder
    can be read as a store is.

    \b
    tracker export -o quotes.csv
    tracker export BTC ETH --wide --since 2024-03-01 -o wide.xlsx
    tracker export --format jsonl | head -n 1
    tracker export --append shared/
    """
    if append is not None:
        others: dict[str, object] = {
            "SYMBOL": symbols, "--output": output, "--wide": wide, "--bom": bom, "--currency": currency,
            "--findings": findings, "--without": without, "--accept-guesses": accept_guesses,
            "--format": form not in (None, "parquet"),
        }  # fmt: skip
        return _append(append, others, (since, until, site), opened(store, wait), tz)
    from ..store.export import export as write

    output = None if output == "-" else output
    chosen = _form_of(output, form)
    if bom and chosen != "csv":
        raise typer.BadParameter(f"--bom is for csv, not for {chosen}")
    held = opened(store, wait)
    which, found = asked(
        held, symbols, currency, site, since, until, tz, concluded=lambda: findings, without=without,
        guesses=accept_guesses,
    )  # fmt: skip
    if wide and (since or until):
        left_out(found)
    if not found.rows:
        return nothing(which, found)
    out = output or sys.stdout.buffer
    written = write(held, out, chosen, wide=wide, bom=bom, tz=of_data(tz), **found.which)
    if written.left_out:
        say(
            f"{counted(written.left_out, 'quote')} left out: undated or nameless ones have no place in a wide table"
        )
    if output:
        say(f"wrote {counted(written.rows, 'row')} to {output}")
    return DONE


def _append(
    place: str, others: dict[str, object], snapshots: tuple[str | None, ...], held: Store, tz: str | None
) -> int:
    """Add what is new to a folder, whole snapshots alone: who looks there for one must not take a part for it."""
    if strange := [name for name, given in others.items() if given]:
        raise typer.BadParameter(f"--append adds whole snapshots as Parquet: leave out {', '.join(strange)}")
    since, until, site = snapshots
    which, found = asked(held, None, None, site, since, until, tz)
    if not found.rows:
        return nothing(which, found)
    chosen: Filters = {
        "since": o.moment(since, str(tz)),
        "until": o.last_moment(until, str(tz)),
        "site": site,
    }
    added = held.append(place, **chosen)
    if added.file is None:
        say(f"nothing new for {place}")
    else:
        say(f"added {counted(added.snapshots, 'snapshot')} of {counted(added.rows, 'quote')} to {place}")
    return DONE


def _form_of(output: str | None, asked_for: str | None) -> str:
    """The format asked for, else the one of the file's ending; CSV for standard output. The two must not disagree."""
    from ..store.export import FORMATS, format_of

    if output is None or (asked_for and Path(output).suffix.lower().removeprefix(".") not in FORMATS):
        return asked_for or "csv"
    try:
        by_name = format_of(output)
    except OutputError as error:
        raise typer.BadParameter(str(error), param_hint="--output") from error
    if asked_for and asked_for != by_name:
        raise typer.BadParameter(f"--format {asked_for} does not go with the name {output}")
    return by_name


def ending(output: str, endings: tuple[str, ...], what: str) -> None:
    """A file must be named for what it will hold."""
    if not output.lower().endswith(endings):
        raise typer.BadParameter(f"{output}: {what} are {', '.join(endings)} files", param_hint="--output")


@command
def report(
    output: o.Output, symbols: o.Symbols = None, since: o.Since = None, until: o.Until = None,
    currency: o.Currency = None, site: o.Site = None, title: o.Title = None, lang: o.Lang = None,
    as_printed: o.AsPrinted = False, without: o.Without = None,
    store: o.Store = None, wait: o.Wait = None, tz: o.Zone = None,
) -> int:  # fmt: skip
    """One page with everything: quotes, histories, coverage.

    It is one HTML file that loads nothing from outside: open it offline, mail it, print it.

    \b
    tracker report -o report.html
    tracker report BTC ETH --since 2024-01-01 --title "Two coins" -o report.html
    tracker report -o - > report.html
    """
    from ..report.page import render, write
    from ..report.sections import DOUBTS

    if output != "-":
        ending(output, PAGES, "reports")
    held = opened(store, wait)
    concluded = partial(_concluded, held, as_printed)
    which, found = asked(
        held, symbols, currency, site, since, until, tz, concluded=concluded, without=without
    )
    if not found.rows:
        return nothing(which, found)
    options: dict[str, Any] = {
        "made": datetime.now(UTC),
        "tz": str(tz),
        "title": title,
        "lang": str(lang),
    }
    if found.which.get("findings"):
        options["findings"] = held.first_findings(DOUBTS)
    with held.reported(**found.which) as quotes:
        if output == "-":
            sys.stdout.buffer.write(render(quotes, **options).encode("utf-8"))
        else:
            say(f"wrote {output}, {counted(write(quotes, output, **options) // 1000, 'kilobyte')}")
    return DONE
