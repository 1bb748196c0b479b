"""Commands that look at the store: latest, history, coverage, check, forget."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import typer

from . import options as o
from . import table
from .app import DONE, FAILED, command, counted, opened, say
from .table import HISTORY, LATEST, READINGS, flat, show, utc

if TYPE_CHECKING:
    from ..store import Selection


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
    which = selection(symbols, currency=currency, site=site)
    rows = opened(store, wait).latest(**which)
    show(rows, format, str(tz), view=LATEST, header=_names())
    if not rows:
        nothing(which)
    return DONE


@command
def history(
    symbols: o.SomeSymbols, since: o.Since = None, until: o.Until = None, currency: o.Currency = None,
    site: o.Site = None, all_readings: o.AllReadings = False, store: o.Store = None, wait: o.Wait = None,
    format: o.Format = None, tz: o.Zone = None,
) -> int:  # fmt: skip
    """Every observation of the coins in time order.

    \b
    tracker history BTC
    tracker history BTC ETH --since 2024-03-01 --until 2024-04-30 --format jsonl
    tracker history BTC --all-readings
    """
    which = selection(symbols, currency, site, since, until, tz)
    rows = opened(store, wait).history(all_readings=all_readings, **which)
    more = READINGS if all_readings else ()
    show(rows, format, str(tz), view=(*HISTORY, *more[:-1]), header=(*_names(), *more))
    if not rows:
        nothing(which)
    return DONE


@command
def coverage(store: o.Store = None, wait: o.Wait = None, format: o.Format = None, tz: o.Zone = None) -> int:
    """What is in the store: sites, layouts, spans, doubts.

    \b
    tracker coverage
    tracker coverage --format csv
    """
    parts = opened(store, wait).coverage()
    if table.form(format) != "table":
        show(flat(parts), format, str(tz))
        return DONE
    for part, rows in parts.items():
        show(rows, format, str(tz), title=f"{part}, times in {tz}" if part == "totals" else part)
    return DONE


@command
def check(store: o.Store = None, wait: o.Wait = None, format: o.Format = None, tz: o.Zone = None) -> int:
    """Hold the store against its own rules; 1 on a breach.

    \b
    tracker check
    tracker check --store backup.duckdb
    """
    from ..store import Breach

    found = opened(store, wait).check()
    doubtful = [Breach("read-differently", row["quotes"], row["snapshot_id"]) for row in found.different]
    show([one._asdict() for one in (*found.breaches, *doubtful)], format, str(tz), header=Breach._fields)
    say(", ".join(f"{name} {count:,}" for name, count in found.counts.items()))
    if doubtful:
        told = counted(len(doubtful), "snapshot")
        say(f"{told} that another reading contradicts; `tracker history --all-readings` shows both")
    say(f"{counted(len(found.breaches), 'rule')} broken" if found.breaches else "every rule holds")
    return FAILED if found.breaches else DONE


@command
def forget(
    source: o.ForgetSource = None, snapshot: o.ForgetSnapshot = None, superseded: o.ForgetSuperseded = False,
    yes: o.Yes = False, store: o.Store = None, wait: o.Wait = None, format: o.Format = None, tz: o.Zone = None,
) -> int:  # fmt: skip
    """Show what a source or a snapshot gave, or what was superseded; --yes removes it.

    What the removed readings of a source or snapshot had superseded stands again.

    \b
    tracker forget --source pages/2019.html
    tracker forget --snapshot 35ec38ae2d22f11d35ec38ae2d22f11d --yes
    tracker forget --superseded --yes
    """
    if (source is not None) + (snapshot is not None) + superseded != 1:
        raise typer.BadParameter("give one of --source, --snapshot and --superseded")
    rows = opened(store, wait).forget(source, snapshot, superseded=superseded, commit=yes)
    show(rows, format, str(tz))
    if not rows and superseded:
        say("nothing was superseded")
        return DONE
    if not rows:
        say(f"{source or snapshot}: nothing of it is in the store; exports name sources and snapshots")
        return FAILED
    snapshots, quotes = (sum(row[name] for row in rows) for name in ("snapshots", "quotes"))
    gone = f"{counted(snapshots, 'snapshot')} of {counted(quotes, 'quote')}"
    say(f"removed {gone}" if yes else f"would remove {gone}; repeat with --yes to do so")
    return DONE


def _names() -> tuple[str, ...]:
    """The columns of the tidy table."""
    from ..model import COLUMNS

    return tuple(column.name for column in COLUMNS)


def selection(
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


def nothing(which: Selection) -> None:
    """Say that there are no quotes, which were asked for, and the way out."""
    narrowed = ", ".join(_told(name, value) for name, value in which.items() if value)
    say(f"no quotes in the store{narrowed and f' for {narrowed}'}; `tracker coverage` lists what there is")


def _told(name: str, value: Any) -> str:
    """One condition of a selection, as the user would say it."""
    if name == "symbols":
        return " ".join(value)
    return f"{name} {utc(value) if isinstance(value, datetime) else value}"
