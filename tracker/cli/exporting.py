"""Commands that write files: plot, export, report."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from ..errors import OutputError, TrackerError
from . import options as o
from .app import DONE, FAILED, command, counted, opened, say
from .querying import nothing, selection

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from pandas import DataFrame

CHARTS = (".png", ".svg", ".pdf")


@command
def plot(
    output: o.Output, symbols: o.Symbols = None, kind: o.ChartKind = "history", log: o.Log = False,
    panels: o.Panels = None, base: o.Base = None, at: o.Moment = None, window: o.Window = None, step: o.Step = None,
    since: o.Since = None, until: o.Until = None, currency: o.Currency = None, site: o.Site = None,
    gap: o.Gap = None, theme: o.Theme = None, title: o.Title = None, size: o.Size = None, dpi: o.Dpi = None,
    by: o.By = None, lang: o.Lang = None, store: o.Store = None, wait: o.Wait = None, tz: o.Zone = None,
) -> int:  # fmt: skip
    """Draw a chart into a PNG, SVG or PDF file.

    \b
    tracker plot BTC ETH -o history.png
    tracker plot --kind indexed --base 2024-04-01 BTC ETH XRP -o indexed.svg
    tracker plot --kind movers --theme dark --lang ko -o movers.png
    """
    from ..charts import save

    if not output.lower().endswith(CHARTS):
        raise typer.BadParameter(f"{output}: charts are {', '.join(CHARTS)} files", param_hint="--output")
    which = selection(symbols, currency, site, since, until, tz)
    times = {"base": o.moment(base, str(tz)), "at": o.moment(at, str(tz))}
    words = {"panels": panels, "window": window, "step": step, "gap": gap, "theme": theme, "title": title}
    look = {
        "size": size,
        "dpi": dpi,
        "tz": tz,
        "coins": which["symbols"],
        "currency": currency,
        "log": log or None,
    }
    kept = opened(store, wait)
    quotes = kept.quotes(**which)
    if quotes.empty:
        nothing(which)
        return FAILED
    sites = [
        row["site"] for row in kept.coverage()["sites"] if row["site"]
    ]  # each keeps its colour in every chart
    given = {**times, **words, **look, "sites": sites, "by": by, "lang": lang}
    save(_drawn(quotes, kind, {name: value for name, value in given.items() if value is not None}), output)
    say(f"drew {output}, {counted(-(-Path(output).stat().st_size // 1000), 'kilobyte')}")
    return DONE


def _drawn(quotes: DataFrame, kind: str, given: dict[str, Any]) -> Axes | Figure:
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
    from ..store.export import export as write

    which = selection(symbols, currency, site, since, until, tz)
    chosen = form or _form_of(output)
    if bom and chosen != "csv":
        raise typer.BadParameter(f"--bom is for csv, not for {chosen}")
    written = write(opened(store, wait), output or sys.stdout.buffer, chosen, wide=wide, bom=bom, **which)
    if written.left_out:
        say(
            f"{counted(written.left_out, 'quote')} left out: undated or nameless ones have no place in a wide table"
        )
    if output:
        say(f"wrote {counted(written.rows, 'row')} to {output}")
    if not written.rows:
        nothing(which)
    return DONE


def _form_of(output: str | None) -> str:
    """The format that a file's ending asks for; CSV for standard output."""
    from ..store.export import format_of

    try:
        return format_of(output) if output else "csv"
    except OutputError as error:
        raise typer.BadParameter(str(error), param_hint="--output") from error


@command
def report(
    output: o.Output, symbols: o.Symbols = None, since: o.Since = None, until: o.Until = None,
    currency: o.Currency = None, site: o.Site = None, title: o.Title = None, lang: o.Lang = None,
    store: o.Store = None, wait: o.Wait = None, tz: o.Zone = None,
) -> int:  # fmt: skip
    """One page with everything: quotes, histories, coverage.

    It is one HTML file that loads nothing from outside: open it offline, mail it, print it.

    \b
    tracker report -o report.html
    tracker report BTC ETH --since 2024-01-01 --title "Two coins" -o report.html
    """
    from ..report.page import write

    which = selection(symbols, currency, site, since, until, tz)
    quotes = opened(store, wait).quotes(**which)
    if quotes.empty:
        nothing(which)
        return FAILED
    size = write(quotes, output, made=datetime.now(UTC), tz=str(tz), title=title, lang=str(lang))
    say(f"wrote {output}, {counted(size // 1000, 'kilobyte')}")
    return DONE
