"""The command that brings pages: collect."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from . import options as o
from .app import DONE, FAILED, HALTED, STOPPED, counted, reading, say

if TYPE_CHECKING:
    from ..collect import Estimate, Orders, Tally
    from ..collect.archives import Archive
    from ..collect.pace import Pace
    from ..collect.tally import Progress as Far

_ARCHIVES_ONLY = ("--since", "--until", "--every", "--limit", "--match", "--crawl", "--replay", "--dry-run")


@reading
def collect(
    addresses: o.Targets, from_: o.From = "live", since: o.FirstCapture = None, until: o.LastCapture = None,
    every: o.Every = "all", match: o.MatchKind = None, limit: o.Most = None, crawl: o.Crawls = None,
    replay: o.ReplayAt = None, into: o.Into = "data/warc", roll: o.Roll = "1GB", rate: o.Rate = None,
    budget: o.BudgetOf = None, contact: o.Contact = None, ignore_robots: o.IgnoreRobots = False,
    render: o.Render = False, dry_run: o.DryRun = False,
    quiet: o.Quiet = False, connect_timeout: o.ConnectTimeout = 10, read_timeout: o.ReadTimeout = 30,
    max_time: o.MaxTime = 300, tz: o.Zone = None,
) -> int:  # fmt: skip
    """Bring pages from live sites, the Wayback Machine, Common Crawl or any CDX server, and keep them as web archives.

    Give the same command again to go on: what is kept is not asked for again. `tracker ingest data/warc` reads it all.

    \b
    tracker collect https://www.etoday.co.kr/news/
    tracker collect 'etoday.co.kr/news/*' --from wayback --since 2019-11 --until 2020-01 --every 1d
    tracker collect ebn.co.kr --from commoncrawl --crawl CC-MAIN-2024-18 --limit 2000
    tracker collect example.com/markets --from http://localhost:8080/coll/cdx
    tracker collect coinmarketcap.com/all/views/all/ --from wayback --every 1mo --dry-run
    """
    from ..collect import Orders, Pace, archives, needed, target
    from ..collect import collect as run
    from ..collect.choose import every as bucket
    from ..collect.tally import Budget
    from ..collect.tally import budget as budgeted
    from ..pages import Limits
    from .progress import Progress

    needed()
    if from_ == "live":
        _only_archives(since, until, every != "all", limit, match, crawl, replay, dry_run)
    if render and from_ != "live":
        raise typer.BadParameter("--render is for live pages: an archive's are as they were")
    targets = [target(typed, match) for typed in addresses]
    if from_ == "live" and (pattern := next((one.typed for one in targets if "*" in one.typed), None)):
        raise typer.BadParameter(f"a pattern cannot be asked of a live site: {pattern}; --from wayback can")
    begin, end = o.first_of(since, str(tz)), o.behind(until, str(tz))
    size = budgeted(roll).size
    if not size:
        raise typer.BadParameter(f"{roll!r} is no size", param_hint="'--roll'")
    orders = Orders(
        Path(into), begin, end, bucket(every), limit, budgeted(budget) if budget else Budget(), contact, not ignore_robots,
        render, int(size), " ".join(["tracker", *sys.argv[1:]]), Limits(connect_timeout, read_timeout, max_time),
    )  # fmt: skip
    pace = Pace(slow=60 / rate if rate else 0.0)
    if from_ == "live":
        asked: list[Archive] = []
    else:
        asked = archives(from_, crawl or (), replay, lambda: _crawls(pace, orders), begin, end)
    with Progress(quiet) as progress:
        tell = progress.over(say)
        if dry_run:
            return _estimated(targets, asked, orders, pace, progress)
        tally = run(
            targets,
            asked,
            orders,
            pace,
            on_say=tell,
            on_progress=lambda far: progress.line(lambda seconds: _far(far)),
        )
    if not quiet:
        _sum_up(tally, into, from_ == "live")
    return _status(tally)


def _only_archives(*given: Any) -> None:
    """BadParameter for an option that only archives know."""
    named = next((name for name, value in zip(_ARCHIVES_ONLY, given, strict=True) if value), None)
    if named:
        raise typer.BadParameter(f"{named} is for archives; name one with --from, such as --from wayback")


def _crawls(pace: Pace, orders: Orders) -> list[dict[str, str]]:
    """What Common Crawl says of its crawls."""
    import json

    from ..collect.archives import CRAWLS
    from ..collect.asking import Asking
    from ..collect.pace import Gap
    from ..pages.web import Web

    with Web(orders.limits, orders.contact) as web:
        got = Asking(web, pace, Gap("index.commoncrawl.org", "cdx", 1.0)).get(CRAWLS)
    return list(json.loads(got.body))


def _far(far: Far) -> str:
    """`3,200 captures listed, 120 kept, 4 MB, www.example.kr/…`."""
    from .progress import size

    return f"{counted(far.listed, 'capture')} listed, {far.kept:,} kept, {size(far.size)}, {far.under_way}"


def _estimated(targets: Any, asked: list[Archive], orders: Orders, pace: Pace, progress: Any) -> int:
    from ..collect import estimate

    seen = estimate(
        targets, asked, orders, pace, on_progress=lambda far: progress.line(lambda seconds: _far(far))
    )
    progress.wipe()
    _tell(seen)
    return DONE


def _tell(seen: Estimate) -> None:
    """What a collection would take."""
    from .progress import size, span

    new = seen.wanted - seen.known
    unsized = f" and {seen.unsized:,} of unknown size" if seen.unsized else ""
    typer.echo(
        f"{counted(seen.listed, 'capture')} listed, {seen.wanted:,} wanted, {seen.known:,} of them kept already; "
        f"{counted(new, 'capture')} to collect: {size(seen.size)} packed{unsized}, {span(seen.seconds)} of pauses"
    )


def _sum_up(tally: Tally, into: str, live: bool) -> None:
    """What a collection came to."""
    from .progress import size, span

    if live:
        had = tally.kept + tally.revisits + tally.known
        say(
            f"{counted(tally.wanted, 'page')} asked for, {tally.kept:,} collected, {had - tally.kept:,} unchanged, "
            f"{tally.wanted - had:,} not had"
        )
    else:
        say(
            f"{counted(tally.listed, 'capture')} listed, {tally.wanted:,} wanted, {tally.kept:,} collected, "
            f"{tally.revisits:,} known by their digest, {tally.known:,} kept before, "
            f"{sum(tally.left.values()):,} left for the next run"
        )
    say(
        f"{counted(tally.asked, 'request')}, {size(tally.size)} written, {span(tally.waited)} waited; in {into}"
    )
    for reason, count in sorted(tally.noted.items()):
        say(f"not kept {count:,}, noted in uncollected.csv: {reason}")
    if tally.before:
        say(f"not asked for again {tally.before:,}: noted in uncollected.csv by an earlier run")
    for reason, count in sorted(tally.passed.items()):
        say(f"passed over {count:,}: {reason}")
    for reason, count in sorted(tally.left.items()):
        say(f"left for the next run {count:,}: {reason}")
    if tally.ended:
        say(f"ended early: {tally.ended}; give the same command again to go on")


def _status(tally: Tally) -> int:
    """The exit status of a collection."""
    if tally.stopped:
        return STOPPED
    if tally.refused:
        return HALTED
    return FAILED if tally.failed or tally.left else DONE
