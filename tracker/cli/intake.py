"""Commands that read pages: ingest, inspect, layouts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import SourceError
from . import options as o
from . import table
from .app import DONE, FAILED, STOPPED, command, counted, opened, say

if TYPE_CHECKING:
    from ..coins import Coins
    from ..ingest import Tally
    from ..ingest import Tally
    from ..layout import Layout
    from ..model import Block, Verdict
    from ..store import Store
    from .progress import Progress


@command
def ingest(
    sources: o.Sources, at: o.At = None, url: o.Url = None, text_column: o.TextColumn = None,
    layouts: o.Layouts = None, coins: o.CoinList = None, jobs: o.Jobs = None, again: o.Again = False,
    strict: o.Strict = False, quiet: o.Quiet = False, store: o.Store = None, wait: o.Wait = None,
    tz: o.Zone = None,
) -> int:  # fmt: skip
    """Read pages, find the price blocks in them and store what is new.

    \b
    tracker ingest pages/
    tracker ingest crawl-*.warc.gz --jobs 4
    tracker ingest page.html --at "2019-12-03 16:35"
    """
    from ..ingest import ingest as run
    from .progress import Progress

    missing = Missing()
    given = o.moment(at, str(tz))
    tried, known = _layouts(None, layouts), _coins(coins)
    with Progress(quiet) as progress:
        tally = run(
            sources, opened(store, wait), at=given, url=url, text_column=text_column, jobs=o.workers(jobs), again=again,
            layouts=tried, known=known, on_error=missing.over(progress),
            on_progress=lambda far: progress.update(*far),
        )  # fmt: skip
    if not quiet:
        _tell(tally)
    if tally.stopped:
        return STOPPED
    return FAILED if tally.unreadable or (strict and tally.partial) else DONE


@command
def ingest(
    sources: o.Sources, at: o.At = None, url: o.Url = None, text_column: o.TextColumn = None,
    layouts: o.Layouts = None, coins: o.CoinList = None, jobs: o.Jobs = None, again: o.Again = False,
    strict: o.Strict = False, quiet: o.Quiet = False, store: o.Store = None, wait: o.Wait = None, tz: o.Zone = None,
) -> int:  # fmt: skip
    """Read pages and store what is new.

    An export of a store (CSV or Parquet) is read back as it is.

    \b
    tracker ingest pages/ crawl.warc.gz
    tracker ingest --at "2019-12-03 16:35" page.html
    curl -s https://example.com/ | tracker ingest --url https://example.com/ -
    """
    from ..ingest import ingest as read

    moment, own, known = o.moment(at, str(tz)), _own_layouts(layouts), _coins(coins)
    with Progress(quiet) as progress:

        def tell(error: object) -> None:
            progress.wipe()
            say(error)

        target = opened(store, wait, tell)
        pages, failed = _load_exports(sources, target, quiet)
        tally = read(
            pages, target, at=moment, url=url, text_column=text_column, jobs=jobs, again=again, layouts=own,
            known=known, on_error=tell, on_progress=lambda seen: progress.update(*seen),
        )  # fmt: skip
    if not quiet and (pages or not sources):
        _sum_up(tally)
    return _status(tally, strict, failed)


@command
def inspect(
    sources: o.Sources, layout: o.OneLayout = None, layouts: o.Layouts = None, coins: o.CoinList = None,
    at: o.At = None, url: o.Url = None, text_column: o.TextColumn = None, format: o.Format = None,
    tz: o.Zone = None,
) -> int:  # fmt: skip
    """The verdict on each page and its rows; nothing is stored.

    \b
    tracker inspect page.html
    tracker inspect page.html --layout my-site.toml
    tracker inspect crawl.warc.gz#1063 --format csv
    """
    from ..find import examine
    from ..pages import pages

    tried, known = _one_layout(layout) or _own_layouts(layouts), _coins(coins)
    missing = Missing()
    read = pages(sources, at=o.moment(at, str(tz)), url=url, text_column=text_column, on_skip=missing.note)
    _explain((examine(page, tried, known) for page in read), format, str(tz))
    return missing.status


@command
def layouts(layouts: o.Layouts = None, format: o.Format = None, tz: o.Zone = None) -> int:
    """The known layouts, yours among them.

    \b
    tracker layouts
    tracker layouts --layouts my-layouts/
    """
    from ..layout import load

    columns = ("layout", "title", "sites", "currency", "zone", "file")
    known = [
        (one.id, one.title, one.sites, one.currency, one.zone, one.file) for one in _layouts(None, layouts)
    ]
    rows = [dict(zip(columns, values, strict=True)) for values in known]
    table.show(rows, format, str(tz), view=columns[:-1], header=columns)
    return DONE


@dataclass
class Missing:
    """What could not be read, told as it turns up. A record left out costs nothing; a whole source costs the status."""

    status: int = field(default=DONE)

    def over(self, progress: Progress) -> Callable[[SourceError], None]:
        """The same for a run that shows its progress: the line makes room for the error."""

        def note(error: SourceError) -> None:
            progress.wipe()
            self.note(error)

        return note

    def note(self, error: SourceError) -> None:
        from ..pages import Skipped

        say(error)
        if not isinstance(error, Skipped):
            self.status = FAILED


def _tell(tally: Tally) -> None:
    """What a run came to: a line for the pages, one for the rows, one for what was left out."""
    again = f" ({tally.completed:,} more were read before)" if tally.completed else ""
    say(
        f"{counted(tally.sources, 'source')} read{again}, {counted(len(tally.unreadable), 'source')} unreadable"
    )
    say(
        f"{counted(tally.pages, 'page')} read, {tally.without_block:,} without a block; "
        f"{counted(tally.blocks, 'block')} found: {counted(tally.added, 'snapshot')} added, {tally.known:,} already known"
    )
    say(f"{counted(tally.rows, 'row')} taken, {tally.refused:,} refused in {counted(tally.partial, 'block')}")
    for reason, number in sorted(tally.skipped.items()):
        say(f"left out: {number:,} x {reason}")


def _load_exports(sources: Sequence[str], store: Store, quiet: bool) -> tuple[list[str], bool]:
    """Take exports of a store back into it. Returns the sources that are none, and whether an export failed."""
    from ..export import is_export

    pages, failed = [], False
    for source in sources:
        try:
            if not (
                source.lower().endswith((".csv", ".parquet")) and Path(source).is_file() and is_export(source)
            ):
                pages.append(source)
                continue
            added = store.load(source)
        except SourceError as error:
            say(error)
            failed = True
        else:
            if not quiet:
                say(f"{source}: an export, {counted(added, 'snapshot')} added")
    return pages, failed


def _sum_up(tally: Tally) -> None:
    """What an ingest came to."""
    say(
        f"{counted(tally.pages, 'page')} read, {counted(tally.blocks, 'block')} found, "
        f"{counted(tally.added, 'snapshot')} added, {tally.known:,} already known, "
        f"{counted(tally.without_block, 'page')} without a block, "
        f"{counted(len(tally.unreadable), 'source')} unreadable"
    )
    if tally.completed:
        say(f"{counted(tally.completed, 'source')} passed over, read before; --again reads anew")
    if tally.refused:
        say(
            f"{counted(tally.refused, 'row')} refused in {counted(tally.partial, 'block')}; `tracker inspect` says why"
        )
    for reason, count in tally.skipped.most_common():
        say(f"left out {count:,}: {reason}")
    if tally.pages and not tally.blocks:
        say("no block was found; `tracker inspect SOURCE` says of each page why")


def _status(tally: Tally, strict: bool, failed: bool) -> int:
    """The exit status of an ingest."""
    if tally.stopped:
        return STOPPED
    if strict and tally.partial:
        say(f"--strict: {counted(tally.partial, 'block')} came out in part")
        return FAILED
    return FAILED if tally.unreadable or failed else DONE


def _one_layout(file: str | None) -> tuple[Layout, ...] | None:
    """The layout file to try, and no other."""
    from ..layout import read

    return (read(Path(file)),) if file else None


def _own_layouts(given: Sequence[str] | None) -> tuple[Layout, ...] | None:
    """The installed layouts with the user's; None where there are only the installed ones."""
    from ..layout import load

    folders = o.folders(given)
    return load(folders) if folders else None


def _coins(own: str | None) -> Coins | None:
    """The coin list with the user's own coins; None for the installed one."""
    from ..coins import load

    return load(Path(own)) if own else None


def _explain(verdicts: Iterator[Verdict], wanted: table.Form | None, tz: str) -> None:
    """Show verdicts: in words and tables to people, as rows to programs, with the words on standard error."""
    from . import explain

    if table.form(wanted) != "table":
        rows = (row for verdict in verdicts for row in _told(verdict))
        table.show(rows, wanted, tz, header=explain.HEADER)
        return
    for verdict in verdicts:
        with table.output() as out:
            out.write(f"{table.printable(verdict.page.source)}: {table.printable(verdict.note)}\n")
        for block in verdict.blocks:
            _show_block(block, tz)


def _told(verdict: Verdict) -> Iterator[dict[str, Any]]:
    """A verdict's rows; its words to standard error."""
    from . import explain

    say(f"{verdict.page.source}: {verdict.note}")
    yield from explain.rows(verdict)


def _show_block(block: Block, tz: str) -> None:
    """A block to people: its evidence, its rows, what was refused."""
    from zoneinfo import ZoneInfo

    from . import explain

    with table.output() as out:
        out.write(f"  {block.layout}: {explain.evidence(block, ZoneInfo(tz))}\n\n")
    table.show(explain.quotes(block), "table", tz, view=explain.ROWS)
    with table.output() as out:
        out.writelines(f"  refused: {table.printable(r.row_text)!r}: {r.reason}\n" for r in block.refused)
        out.write("\n")
