"""The command that looks at sites again and again: watch."""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import typer

from . import options as o
from .app import DONE, FAILED, FIRED, STOPPED, counted, opened, reading, say
from .exporting import PAGES, ending
from .ingesting import coin_list, one_layout, own_layouts

if TYPE_CHECKING:
    from ..store import Store
    from ..watch.round import Watch
    from ..watch.world import Count, World


@reading
def watch(
    sites: o.SitesFile, once: o.Once = False, into: o.Into = "data/warc", report: o.ReportFile = None,
    call: o.Exec = None, notify: o.Notify = None, margin: o.Margin = 2, contact: o.Contact = None,
    ignore_robots: o.IgnoreRobots = False, layouts: o.Layouts = None, coins: o.CoinList = None, quiet: o.Quiet = False,
    lang: o.Lang = None, store: o.Store = None, wait: o.Wait = None, tz: o.Zone = None,
) -> int:  # fmt: skip
    """Look at sites at an interval, store what they show, tell when a rule on prices turns true.

    The file says which sites, how often, and the rules; docs/watch.md has one. It runs until Ctrl-C, or one round with
    --once. Alerts are JSON lines on standard output; all else is one line an event on standard error. With --once the
    status is 3 if a rule fired, else 1 if a site could not be had.

    \b
    tracker watch sites.toml --once
    tracker watch sites.toml --once --quiet
    tracker watch sites.toml --once --exec 'cat >> alerts.jsonl'
    """
    from ..coins.registry import load
    from ..collect import needed
    from ..watch import sites as files
    from ..watch.lock import alone

    needed()
    if report:
        ending(report, PAGES, "reports")
    own, known = own_layouts(layouts), coin_list(coins)
    what = files.read(sites, known or load(), lambda name: one_layout(name, layouts) or ())
    held = opened(store, wait)
    tell = partial(_told, quiet=quiet, zone=str(tz))
    with alone(held.path, Path(sites)), _outside(into, contact, not ignore_robots, tell, str(tz)) as world:
        from ..watch.round import Watch
        from ..watch.tell import Teller

        teller = Teller(
            typer.echo, call, notify or (), lambda line: tell(datetime.now(UTC), line, False), world.when
        )
        write = partial(_report, held, report, str(tz), str(lang)) if report else None
        run = Watch(
            what, held, world, teller, margin=Decimal(str(margin)), layouts=own, known=known, report=write
        )
        stopped = _until_told(run.once if once else run.run)
    _sum_up(run, quiet)
    if not once:
        return DONE
    return STOPPED if stopped else _status(run)


def _status(run: Watch) -> int:
    """The exit status of one round."""
    if run.count.fired:
        return FIRED
    return FAILED if run.count.failed or run.count.troubles or run.teller.failed else DONE


def _told(at: datetime, line: str, plain: bool, *, quiet: bool, zone: str) -> None:
    if not (quiet and plain):
        say(f"{_when(at, zone)} {line}")


def _when(at: datetime, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M:%S}"


@contextmanager
def _outside(
    into: str, contact: str | None, robots: bool, tell: Callable[[datetime, str, bool], object], zone: str
) -> Iterator[World]:
    """The world of a watch: the net, the clock, chance, and who is told."""
    from ..watch.bring import Bringer
    from ..watch.world import World

    def now() -> datetime:
        return datetime.now(UTC)

    with Bringer(
        Path(into), robots=robots, contact=contact, say=lambda line: tell(now(), line, False)
    ) as bringer:
        yield World(
            bringer.bring, bringer.kept, now, time.sleep, random.random, tell, partial(_when, zone=zone)
        )


def _until_told(act: Callable[[], None]) -> bool:
    """Do it until it is done, or until Ctrl-C or SIGTERM; returns whether that ended it."""

    def end(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, end)
    try:
        act()
    except KeyboardInterrupt:
        return True
    finally:
        signal.signal(signal.SIGTERM, before)
    return False


def _report(held: Store, path: str, zone: str, lang: str) -> None:
    """Write the report of the whole store, if there is anything in it."""
    from ..report.page import write
    from ..report.sections import DOUBTS

    if not held.path.exists():
        return
    concluded = held.reconciled()
    found = held.first_findings(DOUBTS) if concluded else ()
    with held.reported(findings=concluded) as quotes:
        if len(quotes):
            write(quotes, path, tz=zone, lang=lang, made=datetime.now(UTC), findings=found)


def _sum_up(run: Watch, quiet: bool) -> None:
    """What a watch came to."""
    count: Count = run.count
    if quiet:
        return
    say(
        f"{counted(count.rounds, 'round')}, {counted(count.visits, 'page')} asked for, {count.unchanged:,} unchanged, "
        f"{count.failed:,} not to be had, {counted(count.added, 'snapshot')} added, "
        f"{counted(count.fired, 'alert')} fired, {count.ended:,} ended"
    )
    if run.teller.failed:
        say(f"{counted(run.teller.failed, 'notice')} failed")
    if count.troubles:
        say(f"{counted(count.troubles, 'time')} something was amiss here, as said above")
