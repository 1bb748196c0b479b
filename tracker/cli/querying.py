"""Commands that look at the store: latest, history, coverage, check, forget."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from . import options as o
from . import table
from .app import DONE, FAILED, command, counted, keeping, opened, say
from .asking import asked, left_out, nothing
from .table import HISTORY, LATEST, flat, show

if TYPE_CHECKING:
    from ..store import Store


@command
def latest(
    symbols: o.Symbols = None, currency: o.Currency = None, site: o.Site = None, every: o.All = False,
    limit: o.Limit = None, store: o.Store = None, wait: o.Wait = None, format: o.Format = None, tz: o.Zone = None,
) -> int:  # fmt: skip
    """The newest quote of each coin, with its time, basis and site.

    \b
    tracker latest
    tracker latest BTC 이더리움 --currency KRW --format csv
    """
    folded, held = o.folding(every, limit, format), opened(store, wait)
    which, found = asked(held, symbols, currency, site)
    rows = held.latest(**found.which) if found.rows else []
    left_out(found)
    if not rows:
        return nothing(which, found)
    _tell(show(rows, format, tz, view=LATEST, header=_names(), folded=folded), format)
    return DONE


@command
def history(
    symbols: o.SomeSymbols, since: o.Since = None, until: o.Until = None, currency: o.Currency = None,
    site: o.Site = None, every: o.All = False, limit: o.Limit = None, store: o.Store = None, wait: o.Wait = None,
    format: o.Format = None, tz: o.Zone = None,
) -> int:  # fmt: skip
    """Every observation of the coins in time order.

    \b
    tracker history BTC
    tracker history BTC ETH --since 2024-03-01 --until 2024-04-30 --format jsonl
    """
    folded, held = o.folding(every, limit, format), opened(store, wait)
    which, found = asked(held, symbols, currency, site, since, until, tz)
    if since or until:
        left_out(found)
    if not found.rows:
        return nothing(which, found)
    if folded and found.rows > folded.above:
        first, last = held.ends(folded.to, **found.which)
        more = found.rows - len(first) - len(last)
        _tell(show(first, format, tz, view=HISTORY, header=_names(), tail=last, more=more), format)
    elif table.form(format) == "table":
        show(held.each(**found.which), format, tz, view=HISTORY)
    else:
        from ..store.export import export

        sys.stdout.flush()
        export(held, sys.stdout.buffer, table.form(format), ordered=True, tz=table.of_data(tz), **found.which)
    return DONE


@command
def coverage(
    every: o.All = False, limit: o.Limit = None, store: o.Store = None, wait: o.Wait = None,
    format: o.Format = None, tz: o.Zone = None,
) -> int:  # fmt: skip
    """What is in the store: sites, layouts, spans, doubts.

    \b
    tracker coverage
    tracker coverage --format csv
    """
    folded = o.folding(every, limit, format)
    parts = opened(store, wait).coverage()
    if table.form(format) != "table":
        _tell(show(flat(parts), format, tz, folded=folded), format)
        return DONE
    for part, rows in parts.items():
        title = f"{part}, times in {tz}" if part == "totals" else part
        show(rows, format, tz, title=title, folded=folded)
    return DONE


@keeping
def check(
    every: o.All = False, limit: o.Limit = None, store: o.Store = None, wait: o.Wait = None,
    format: o.Format = None, tz: o.Zone = None,
) -> int:  # fmt: skip
    """Hold the store against its own rules; 1 on a breach.

    \b
    tracker check
    tracker check --store backup.duckdb
    """
    from ..store import Breach

    folded = o.folding(every, limit, format)
    found = opened(store, wait).check()
    rows = [breach._asdict() for breach in found.breaches]
    _tell(show(rows, format, tz, header=Breach._fields, folded=folded), format)
    say(", ".join(f"{name} {count:,}" for name, count in found.counts.items()))
    say(f"{counted(len(found.breaches), 'rule')} broken" if found.breaches else "every rule holds")
    return FAILED if found.breaches else DONE


@keeping
def forget(
    source: o.ForgetSource = None, snapshot: o.ForgetSnapshot = None, yes: o.Yes = False, every: o.All = False,
    limit: o.Limit = None, store: o.Store = None, wait: o.Wait = None, format: o.Format = None, tz: o.Zone = None,
) -> int:  # fmt: skip
    """Show what a source or a snapshot gave; --yes removes it.

    \b
    tracker forget --source pages/2019.html
    tracker forget --snapshot 4f8898d2a7e0f059bbeee9d51feeb8bc --yes
    """
    if (source is None) == (snapshot is None):
        raise typer.BadParameter("give either --source or --snapshot")
    folded, held = o.folding(every, limit, format), opened(store, wait)
    rows = held.forget(source, snapshot, commit=yes)
    if not rows:
        say(f"{source or snapshot}: nothing of it is in the store; {_meant(held, source)}")
        return FAILED
    _tell(show(rows, format, tz, folded=folded), format)
    snapshots, quotes = (sum(row[name] for row in rows) for name in ("snapshots", "quotes"))
    gone = f"{counted(snapshots, 'snapshot')} of {counted(quotes, 'quote')}"
    say(f"removed {gone}" if yes else f"would remove {gone}; repeat with --yes to do so")
    return DONE


def _meant(store: Store, source: str | None) -> str:
    """What to do about a source or a snapshot that is not there."""
    near = store.nearest_source(source) if source else None
    return f"did you mean {near}?" if near else "exports name sources and snapshots"


def _names() -> Sequence[str]:
    """The columns of the tidy table."""
    from ..model import COLUMNS

    return tuple(column.name for column in COLUMNS)


def _tell(more: int, format: table.Form | None) -> None:
    """Say how many rows were folded away; a table says it itself."""
    if more and table.form(format) != "table":
        say(
            f"{counted(more, 'row')} between the first and the last left out; without --limit they are all there"
        )
