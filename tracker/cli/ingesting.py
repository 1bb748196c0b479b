"""Commands that read pages: ingest, inspect, layouts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import AtlasError, LayoutError, Skipped, SourceError
from . import options as o
from . import table
from .app import DONE, FAILED, STOPPED, counted, opened, reading, say

if TYPE_CHECKING:
    from ..coins.registry import Coins
    from ..ingest import Tally
    from ..layouts.layout import Layout
    from ..store import Store

EXPORTS = 10  # told one by one; more are a table of a file a day, say
LISTED = "`tracker layouts` lists those there are"


@reading
def ingest(
    sources: o.Sources, at: o.At = None, url: o.Url = None, text_column: o.TextColumn = None,
    layouts: o.Layouts = None, coins: o.CoinList = None, jobs: o.Jobs = None, again: o.Again = False,
    if_better: o.IfBetter = False, strict: o.Strict = False, quiet: o.Quiet = False,
    connect_timeout: o.ConnectTimeout = 10, read_timeout: o.ReadTimeout = 30, max_time: o.MaxTime = 300,
    store: o.Store = None, wait: o.Wait = None, tz: o.Zone = None,
) -> int:  # fmt: skip
    """Read pages and store what is new in them.

    A CSV, JSON Lines or Parquet export of a store is taken back as it is.

    \b
    tracker ingest pages/
    tracker ingest crawl-*.warc.gz --jobs 4
    tracker ingest page.html --at "2019-12-03 16:35"
    """
    from ..ingest import ingest as read
    from ..pages import Limits
    from .progress import Progress

    own, known = own_layouts(layouts), coin_list(coins)
    with Progress(quiet) as progress:
        tell = progress.over(say)
        target = opened(store, wait, tell)
        tally = read(
            sources, target, at=at, url=url, text_column=text_column, tz=str(tz),
            limits=Limits(connect_timeout, read_timeout, max_time), jobs=jobs, again=again, if_better=if_better,
            layouts=own, known=known, on_error=tell, on_progress=lambda far: progress.update(*far),
        )  # fmt: skip
    if not quiet:
        _sum_up(tally)
    if tally.moved and not tally.stopped:
        _keep_up(target, quiet)
    return _status(tally, strict)


@reading
def inspect(
    sources: o.Sources, layout: o.OneLayout = None, layouts: o.Layouts = None, coins: o.CoinList = None,
    at: o.At = None, url: o.Url = None, text_column: o.TextColumn = None, format: o.Format = None,
    why: o.Why = False, connect_timeout: o.ConnectTimeout = 10, read_timeout: o.ReadTimeout = 30,
    max_time: o.MaxTime = 300, tz: o.Zone = None,
) -> int:  # fmt: skip
    """The verdict on each page and its rows; nothing is stored.

    \b
    tracker inspect page.html
    tracker inspect page.html --layout my-site.toml
    tracker inspect page.html --why
    tracker inspect crawl.warc.gz#1063 --format csv
    """
    from ..finder.find import examine
    from ..pages import Limits, pages
    from .explain import explain

    tried, known = one_layout(layout, layouts) or own_layouts(layouts), coin_list(coins)
    missing = Missing()
    read = pages(
        sources, at=at, url=url, text_column=text_column, tz=str(tz),
        limits=Limits(connect_timeout, read_timeout, max_time), on_skip=missing.note,
    )  # fmt: skip
    explain((examine(page, tried, known) for page in read), format, tz, say, why)
    return missing.status


@reading
def layouts(layouts: o.Layouts = None, format: o.Format = None, tz: o.Zone = None) -> int:
    """The known layouts, yours among them.

    \b
    tracker layouts
    tracker layouts --layouts my-layouts/
    """
    from ..layouts.layout import load

    columns = ("layout", "title", "sites", "currency", "zone", "file")
    known = load(o.folders(layouts))
    values = [(one.id, one.title, one.sites, one.currency, one.zone, one.file) for one in known]
    rows = [dict(zip(columns, row, strict=True)) for row in values]
    table.show(rows, format, tz, view=columns[:-1], header=columns)
    return DONE


@dataclass
class Missing:
    """What could not be read, told as it turns up. A record left out costs nothing; a whole source costs the status."""

    status: int = field(default=DONE)

    def note(self, error: SourceError) -> None:
        say(error)
        if not isinstance(error, Skipped):
            self.status = FAILED


def _keep_up(store: Store, quiet: bool) -> None:
    """Hold what is new against the rest at once, in a store where that was done before."""
    try:
        made = store.keep_up(o.atlas(None))
    except AtlasError as error:
        say(f"{error}; the findings are those of before")
        return
    if made is None:
        say("`tracker reconcile` brings the findings up to what is new")
    elif made and not quiet:
        say(f"{counted(sum(made.values()), 'finding')} made of what is new")


def _sum_up(tally: Tally) -> None:
    """What an ingest came to, and what to do about it where something is amiss."""
    if len(tally.exports) > EXPORTS:
        new, anew = (sum(column) for column in zip(*tally.exports.values(), strict=True))
        say(f"{len(tally.exports):,} exports, {counted(new, 'snapshot')} added, {anew:,} read anew")
    for name, (new, anew) in tally.exports.items() if len(tally.exports) <= EXPORTS else ():
        say(f"{name}: an export, {counted(new, 'snapshot')} added, {anew:,} read anew")
    say(
        f"{counted(tally.pages, 'page')} read, {counted(tally.blocks, 'block')} found, "
        f"{counted(tally.added, 'snapshot')} added, {tally.anew:,} read anew, {tally.known:,} already known, "
        f"{counted(tally.without_block, 'page')} without a block, {counted(len(tally.unreadable), 'source')} unreadable"
    )
    if tally.completed:
        say(f"{counted(tally.completed, 'source')} passed over, read before; --again reads anew")
    if tally.outdated:
        say(
            f"{_were(tally.outdated, 'source')} read by an older finder; --if-better reads {_them(tally.outdated)} anew"
        )
    if tally.withdrawn:
        say(
            f"{_were(tally.withdrawn, 'snapshot')} withdrawn: an older finder had taken for a block what is none"
        )
    if tally.refused:
        say(
            f"{counted(tally.refused, 'row')} refused in {counted(tally.partial, 'block')}; `tracker inspect` says why"
        )
    for reason, count in sorted(tally.skipped.items()):
        say(f"left out {count:,}: {reason}")
    if tally.pages and not tally.blocks:
        say("no block was found; `tracker inspect` says of each page why")


def _were(number: int, noun: str) -> str:
    """`1 source was`, `2 sources were`."""
    return f"{counted(number, noun)} {'was' if number == 1 else 'were'}"


def _them(number: int) -> str:
    return "it" if number == 1 else "them"


def _status(tally: Tally, strict: bool) -> int:
    """The exit status of an ingest."""
    if tally.stopped:
        return STOPPED
    if strict and tally.partial:
        say(
            f"--strict: {counted(tally.partial, 'block')} came out in part; `tracker inspect` says which rows and why"
        )
        return FAILED
    return FAILED if tally.unreadable else DONE


def one_layout(named: str | None, own: Sequence[str] | None) -> tuple[Layout, ...] | None:
    """The layout to try, and no other: a known one by its id, or a file."""
    from ..layouts.layout import load, read

    if named is None:
        return None
    if Path(named).is_file():
        return (read(Path(named)),)
    known = {layout.id: layout for layout in load(o.folders(own))}
    if named not in known:
        near = get_close_matches(named, known, 1)
        raise LayoutError(
            named, "there is no such layout, and no such file", f"did you mean {near[0]}?" if near else LISTED
        )
    return (known[named],)


def own_layouts(given: Sequence[str] | None) -> tuple[Layout, ...] | None:
    """The installed layouts and the user's; None where there are only the installed ones."""
    from ..layouts.layout import load

    folders = o.folders(given)
    return load(folders) if folders else None


def coin_list(own: str | None) -> Coins | None:
    """The coin list with the user's own coins; None for the installed one."""
    from ..coins.registry import load

    return load(Path(own)) if own else None
