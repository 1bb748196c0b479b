"""Commands that look at the store: latest, history, coverage, check, reconcile, forget."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Literal

import typer

from . import options as o
from . import table
from .app import DONE, FAILED, command, counted, keeping, opened, say
from .asking import asked, left_out, nothing
from .table import FINDINGS, FOUND, HISTORY, LATEST, READINGS, flat, show

if TYPE_CHECKING:
    from ..store import Asked, Store


@command
def latest(
    symbols: o.Symbols = None, currency: o.Currency = None, site: o.Site = None,
    as_printed: o.AsPrinted = False, without: o.Without = None, accept_guesses: o.AcceptGuesses = False,
    every: o.All = False, limit: o.Limit = None, store: o.Store = None, wait: o.Wait = None,
    format: o.Format = None, tz: o.Zone = None,
) -> int:  # fmt: skip
    """The newest quote of each coin, with its time, basis and site.

    \b
    tracker latest
    tracker latest BTC 이더리움 --currency KRW --format csv
    """
    folded, held = o.folding(every, limit, format), opened(store, wait)
    concluded = partial(times, held, as_printed)
    which, found = asked(
        held, symbols, currency, site, concluded=concluded, without=without, guesses=accept_guesses
    )
    rows = held.latest(**found.which) if found.rows else []
    left_out(found)
    if not rows:
        return nothing(which, found)
    pages = _pages(held, found)
    _tell(show(rows, format, tz, view=(*LATEST, *pages), header=(*_names(), *pages), folded=folded), format)
    return DONE


@command
def history(
    symbols: o.SomeSymbols, since: o.Since = None, until: o.Until = None, currency: o.Currency = None,
    site: o.Site = None, follow_renames: o.FollowRenames = False, as_printed: o.AsPrinted = False,
    without: o.Without = None, accept_guesses: o.AcceptGuesses = False, implied: o.Implied = False,
    all_readings: o.AllReadings = False, every: o.All = False,
    limit: o.Limit = None, store: o.Store = None, wait: o.Wait = None,
    format: o.Format = None, tz: o.Zone = None,
) -> int:  # fmt: skip
    """Every observation of the coins in time order.

    \b
    tracker history BTC
    tracker history BTC ETH --since 2024-03-01 --until 2024-04-30 --format jsonl
    tracker history BTC --all-readings
    """
    if all_readings and (implied or without or accept_guesses):
        raise typer.BadParameter(
            "--all-readings shows what pages said: no --implied, --without or --accept-guesses"
        )
    folded, held = o.folding(every, limit, format), opened(store, wait)
    coins = followed(symbols) if follow_renames else symbols
    concluded = partial(times, held, as_printed or all_readings)
    which, found = asked(
        held, coins, currency, site, since, until, tz, concluded=concluded, without=without,
        guesses=accept_guesses, implied=implied,
    )  # fmt: skip
    if since or until:
        left_out(found)
    if all_readings:
        told, names = held.history(all_readings=True, **found.which), (*_names(), *READINGS)
        _tell(show(told, format, tz, view=(*HISTORY, *READINGS[:-1]), header=names, folded=folded), format)
        return DONE if told else nothing(which, found)
    if not found.rows:
        return nothing(which, found)
    pages = _pages(held, found)
    view, names = (*HISTORY, *pages), (*_names(), *pages)
    if folded and found.rows > folded.above:
        first, last = held.ends(folded.to, **found.which)
        more = found.rows - len(first) - len(last)
        _tell(show(first, format, tz, view=view, header=names, tail=last, more=more), format)
    elif table.form(format) == "table":
        show(held.each(**found.which), format, tz, view=view)
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
    market: o.Market = False, every: o.All = False, limit: o.Limit = None, store: o.Store = None, wait: o.Wait = None,
    format: o.Format = None, tz: o.Zone = None,
) -> int:  # fmt: skip
    """Hold the store against its own rules; 1 on a breach.

    \b
    tracker check
    tracker check --store backup.duckdb
    """
    from ..store import Breach

    folded = o.folding(every, limit, format)
    if market:
        said = opened(store, wait).findings()
        _tell(show(said, format, tz, view=FINDINGS, header=FOUND, folded=folded), format)
        say(counted(len(said), "finding"))
        return DONE
    found = opened(store, wait).check()
    doubtful = [Breach("read-differently", row["quotes"], row["snapshot_id"]) for row in found.different]
    rows = [one._asdict() for one in (*found.breaches, *doubtful)]
    _tell(show(rows, format, tz, header=Breach._fields, folded=folded), format)
    say(", ".join(f"{name} {count:,}" for name, count in found.counts.items()))
    if doubtful:
        told = counted(len(doubtful), "snapshot")
        say(f"{told} that another reading contradicts; `tracker history --all-readings` shows both")
    say(f"{counted(len(found.breaches), 'rule')} broken" if found.breaches else "every rule holds")
    return FAILED if found.breaches else DONE


@keeping
def reconcile(
    atlas: o.AtlasFile = None, within: o.Within = None, store: o.Store = None, wait: o.Wait = None,
    format: o.Format = None, tz: o.Zone = None,
) -> int:  # fmt: skip
    """Hold rows against each other and against what coins cost.

    What pages said stays as it is; `tracker check --market` shows what was found.

    \b
    tracker reconcile
    tracker reconcile --within 21
    """
    from ..market.margins import NARROW

    made = opened(store, wait).reconcile(o.atlas(atlas), within=NARROW if within is None else within)
    rows = [{"kind": kind, "findings": count} for kind, count in made.items()]
    show(rows, format, tz, header=("kind", "findings"))
    say(
        f"{counted(sum(made.values()), 'finding')} made; `tracker check --market` shows them"
        if made
        else "nothing new"
    )
    return DONE


@keeping
def forget(
    source: o.ForgetSource = None, snapshot: o.ForgetSnapshot = None, superseded: o.ForgetSuperseded = False,
    yes: o.Yes = False, every: o.All = False, limit: o.Limit = None, store: o.Store = None, wait: o.Wait = None,
    format: o.Format = None, tz: o.Zone = None,
) -> int:  # fmt: skip
    """Show what a source or a snapshot gave, or what was superseded; --yes removes it.

    What the removed readings of a source or snapshot had superseded stands again.

    \b
    tracker forget --source pages/2019.html
    tracker forget --snapshot 697072b0cbcec85fb91ba0d168d5aa27 --yes
    tracker forget --superseded --yes
    """
    if (source is not None) + (snapshot is not None) + superseded != 1:
        raise typer.BadParameter("give one of --source, --snapshot and --superseded")
    folded, held = o.folding(every, limit, format), opened(store, wait)
    rows = held.forget(source, snapshot, superseded=superseded, commit=yes)
    if not rows and superseded:
        say("nothing was superseded")
        return DONE
    if not rows:
        say(f"{source or snapshot}: nothing of it is in the store; {_meant(held, source)}")
        return FAILED
    _tell(show(rows, format, tz, folded=folded), format)
    snapshots, quotes = (sum(row[name] for row in rows) for name in ("snapshots", "quotes"))
    gone = f"{counted(snapshots, 'snapshot')} of {counted(quotes, 'quote')}"
    say(f"removed {gone}" if yes else f"would remove {gone}; repeat with --yes to do so")
    return DONE


def followed(symbols: Sequence[str]) -> list[str]:
    """The tickers that these coins have and had."""
    from ..market import renames

    return renames.followed(symbol.upper() for symbol in symbols)


def times(store: Store, as_printed: bool) -> bool | Literal["times"]:
    """Whether to show times that `reconcile` concluded: unless it is not wanted, or there are none."""
    return "times" if not as_printed and store.reconciled() else False


def _pages(store: Store, found: Asked) -> tuple[str, ...]:
    """The column that says on how many pages a block stood, where times are concluded and one stood on several."""
    return ("pages",) if found.which.get("findings") and store.repeated() else ()


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
