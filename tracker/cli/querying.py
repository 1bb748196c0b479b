"""Commands that look at the store: latest, history, coverage, check, reconcile, forget."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import typer

from . import options as o
from . import table
from .app import DONE, FAILED, command, counted, opened, say
from .table import FINDINGS, FOUND, HISTORY, LATEST, flat, show, utc

if TYPE_CHECKING:
    from ..store import Selection, Store


@command
def latest(
    symbols: o.Symbols = None, currency: o.Currency = None, site: o.Site = None, as_printed: o.AsPrinted = False,
    store: o.Store = None, wait: o.Wait = None, format: o.Format = None, tz: o.Zone = None,
) -> int:  # fmt: skip
    """The newest quote of each coin, with its time, basis and site.

    \b
    tracker latest
    tracker latest BTC ETH --currency KRW --format csv
    """
    which = selection(symbols, currency=currency, site=site)
    known = opened(store, wait)
    which["findings"] = concluded(known, as_printed)
    rows = known.latest(**which)
    show(rows, format, str(tz), view=LATEST, header=_names())
    if not rows:
        nothing(which)
    return DONE


@command
def history(
    symbols: o.SomeSymbols, since: o.Since = None, until: o.Until = None, currency: o.Currency = None,
    site: o.Site = None, follow_renames: o.FollowRenames = False, as_printed: o.AsPrinted = False,
    store: o.Store = None, wait: o.Wait = None, format: o.Format = None, tz: o.Zone = None,
) -> int:  # fmt: skip
    """Every observation of the coins in time order.

    \b
    tracker history BTC
    tracker history BTC ETH --since 2024-03-01 --until 2024-04-30 --format jsonl
    """
    which = selection(followed(symbols) if follow_renames else symbols, currency, site, since, until, tz)
    known = opened(store, wait)
    which["findings"] = concluded(known, as_printed)
    rows = known.history(**which)
    show(rows, format, str(tz), view=HISTORY, header=_names())
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
def check(
    market: o.Market = False,
    store: o.Store = None,
    wait: o.Wait = None,
    format: o.Format = None,
    tz: o.Zone = None,
) -> int:
    """Hold the store against its own rules; 1 on a breach.

    \b
    tracker check
    tracker check --market
    tracker check --store backup.duckdb
    """
    from ..store import Breach

    if market:
        rows = opened(store, wait).findings()
        show(rows, format, str(tz), view=FINDINGS, header=FOUND)
        say(counted(len(rows), "finding"))
        return DONE
    found = opened(store, wait).check()
    show([breach._asdict() for breach in found.breaches], format, str(tz), header=Breach._fields)
    say(", ".join(f"{name} {count:,}" for name, count in found.counts.items()))
    say(f"{counted(len(found.breaches), 'rule')} broken" if found.breaches else "every rule holds")
    return FAILED if found.breaches else DONE


@command
def reconcile(
    atlas: o.AtlasFile = None, within: o.Within = None, store: o.Store = None, wait: o.Wait = None,
    format: o.Format = None, tz: o.Zone = None,
) -> int:  # fmt: skip
    """Hold the rows against each other and against what coins cost.

    What pages said stays as it is; `tracker check --market` shows what was found.

    \b
    tracker reconcile
    tracker reconcile --atlas days.csv
    """
    from ..market.margins import NARROW

    made = opened(store, wait).reconcile(o.atlas(atlas), within=NARROW if within is None else within)
    show(
        [{"kind": kind, "findings": count} for kind, count in made.items()],
        format,
        str(tz),
        header=("kind", "findings"),
    )
    say(
        f"{counted(sum(made.values()), 'finding')} made; `tracker check --market` shows them"
        if made
        else "nothing new"
    )
    return DONE


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
    rows = opened(store, wait).forget(source, snapshot, commit=yes)
    show(rows, format, str(tz))
    if not rows:
        say(f"{source or snapshot}: nothing of it is in the store; exports name sources and snapshots")
        return FAILED
    snapshots, quotes = (sum(row[name] for row in rows) for name in ("snapshots", "quotes"))
    gone = f"{counted(snapshots, 'snapshot')} of {counted(quotes, 'quote')}"
    say(f"removed {gone}" if yes else f"would remove {gone}; repeat with --yes to do so")
    return DONE


def followed(symbols: Sequence[str]) -> list[str]:
    """The tickers that these coins have and had."""
    from ..market import renames

    return renames.followed(symbol.upper() for symbol in symbols)


def concluded(store: Store, as_printed: bool) -> bool:
    """Whether to show what `reconcile` concluded: unless it is not wanted, or there is nothing."""
    return not as_printed and store.reconciled()


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
    narrowed = ", ".join(_told(name, value) for name, value in which.items() if value and name != "findings")
    say(f"no quotes in the store{narrowed and f' for {narrowed}'}; `tracker coverage` lists what there is")


def _told(name: str, value: Any) -> str:
    """One condition of a selection, as the user would say it."""
    if name == "symbols":
        return " ".join(value)
    return f"{name} {utc(value) if isinstance(value, datetime) else value}"
