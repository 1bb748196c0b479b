"""The conductor: a source lists captures, a choice picks, a fetcher brings them, a keeper keeps them.

What is done is known from what was written: a run that was killed is gone on with by giving the same command again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from ..errors import Refused, SourceError, Unanswered
from ..pages import LIMITS, Limits
from ..pages.web import Web
from .archives import Archive
from .asking import Asking
from .capture import Capture
from .cdx import Listing
from .choose import Bucket, Choice
from .keep import ROLL, Keep
from .live import Answer, Live, Seen
from .pace import Pace
from .ranges import Ranges
from .render import Renderer
from .replay import Replay, Unfit
from .tally import Budget, Progress, Tally, kind
from .target import Target

ALL = Budget()
GIVEN_UP = (
    20  # captures one after the other that nobody gave: then the archive is down, and asked in another run
)


@dataclass(frozen=True, slots=True)
class Orders:
    """What the user wants.

    into          the folder; each site has one in it
    since, until  of captures; until is not part of it
    bucket        one capture in each interval (see choose.every); None: all
    limit         captures in all, those that are kept already among them
    budget        how much the run may take
    contact       who collects
    robots        obey robots.txt, on live sites
    render        run the scripts of live pages, and keep what they made of them too
    roll          bytes of a file
    about         the command, for the archive's own record of what it is
    """

    into: Path
    since: datetime | None = None
    until: datetime | None = None
    bucket: Bucket | None = None
    limit: int | None = None
    budget: Budget = ALL
    contact: str | None = None
    robots: bool = True
    render: bool = False
    roll: int = ROLL
    about: str = ""
    limits: Limits = LIMITS


def listed(archive: Archive, asking: Asking, target: Target, orders: Orders) -> Listing:
    """What an archive has of a target, as its index lists it."""
    wanted = (orders.since, orders.until)
    return Listing(asking, archive.index, target, *wanted, never_empty=archive.by_range)


class Fetcher(Protocol):
    """Brings a capture and keeps it."""

    def fetch(self, capture: Capture, keep: Keep) -> str: ...


class _End(Exception):
    """The run ends here; the text says why."""


def collect(
    targets: Sequence[Target], archives: Sequence[Archive], orders: Orders, pace: Pace, *,
    on_say: Callable[[object], object] = lambda line: None,
    on_progress: Callable[[Progress], object] = lambda progress: None,
) -> Tally:  # fmt: skip
    """Collect what archives have of the targets; without an archive, the live pages. Returns the tally.

    on_say       is told what is cut off, what cannot be had, and why a host is left alone
    on_progress  is told now and then how far it is
    Ctrl-C ends it early, and the tally says so. Raises OutputError where nothing can be written.
    """
    run = _Run(orders, pace, on_say, on_progress)
    try:
        if archives:
            run.archives(targets, archives)
        else:
            run.live(targets)
    except _End as end:
        run.tally.ended = str(end)
    except KeyboardInterrupt:
        run.tally.stopped = True
    run.tally.waited = pace.waited
    return run.tally


class _Run:
    def __init__(
        self,
        orders: Orders,
        pace: Pace,
        on_say: Callable[[object], object],
        on_progress: Callable[[Progress], object],
    ) -> None:
        self.orders, self.pace, self.on_say, self.on_progress = orders, pace, on_say, on_progress
        self.tally = Tally()
        self.begun = pace.clock()
        self.failures = 0  # captures one after the other that were not given

    @contextmanager
    def keep(self, target: Target) -> Iterator[Keep]:
        """The files of a target's site."""
        orders = self.orders
        keep = Keep(
            orders.into / target.site,
            roll=orders.roll,
            contact=orders.contact,
            about=orders.about,
            on_say=self.on_say,
        )
        with keep:
            try:
                yield keep
            finally:
                self.tally.size += keep.written

    def live(self, targets: Sequence[Target]) -> None:
        """Ask each live page once."""
        orders = self.orders
        with ExitStack() as stack:
            live = stack.enter_context(
                Live(
                    self.pace,
                    robots=orders.robots,
                    contact=orders.contact,
                    limits=orders.limits,
                    on_say=self.on_say,
                )
            )
            renderer = stack.enter_context(Renderer(orders.contact)) if orders.render else None
            for target in targets:
                self.tally.listed += 1
                self.tally.wanted += 1
                with self.keep(target) as keep:
                    self.check(target.typed, keep)
                    try:
                        answer = live.fetch(target.address, keep, Seen() if renderer else None)
                    except Refused as error:
                        self.tally.refused = error
                        self.on_say(error)
                        continue
                    if answer.reason:
                        self.fail(
                            SourceError(answer.url, answer.reason, "it is noted; the next run asks again")
                        )
                    elif answer.unchanged:
                        self.tally.revisits += bool(answer.records)
                        self.tally.known += not answer.records
                    else:
                        self.tally.kept += 1
                        if renderer:
                            self.draw(renderer, answer, keep)
            self.tally.asked = live.asked

    def draw(self, renderer: Renderer, answer: Answer, keep: Keep) -> None:
        """Keep what the scripts of a page made of it, and the data that they fetched."""
        try:
            renderer.draw_kept(answer, keep)
            self.tally.drawn += 1
        except SourceError as error:
            self.fail(error)

    def archives(self, targets: Sequence[Target], archives: Sequence[Archive]) -> None:
        """Ask each archive for each target."""
        for archive in archives:
            with ExitStack() as stack:
                webs = [stack.enter_context(Web(self.orders.limits, self.orders.contact)) for _ in range(2)]
                asking = Asking(
                    webs[0], self.pace, archive.listing, forbids=archive.forbids, on_say=self.on_say
                )
                records = Asking(webs[1], self.pace, archive.fetching, on_say=self.on_say)
                fetcher: Fetcher = Replay(records, archive.records)
                if archive.by_range:
                    records.forbids, fetcher = archive.forbids, Ranges(records, archive.records)
                try:
                    for target in targets:
                        self.target(archive, asking, fetcher, target)
                except Refused as error:
                    self.tally.refused = error
                    self.on_say(error)
                finally:
                    self.tally.asked += asking.asked + records.asked

    def target(self, archive: Archive, asking: Asking, fetcher: Fetcher, target: Target) -> None:
        """All that an archive has of a target, as the index lists it."""
        orders = self.orders
        listing = listed(archive, asking, target, orders)
        choice = Choice(orders.since, orders.until, orders.bucket)
        with self.keep(target) as keep:
            self.check(target.typed, keep)
            try:
                for capture in listing:
                    self.tally.listed += 1
                    if self.one(capture, choice, keep, fetcher, archive):
                        choice.take(capture)
                    self.check(capture.url, keep)
            except Refused:
                raise
            except SourceError as error:
                self.fail(error)
        if listing.malformed:
            self.tally.passed["a row of the index that is no page of the web"] += listing.malformed

    def one(self, capture: Capture, choice: Choice, keep: Keep, fetcher: Fetcher, archive: Archive) -> bool:
        """One capture of the list. True if it stands for its interval: it is kept, or it is left for the next run."""
        tally = self.tally
        if reason := choice.against(capture):
            tally.passed[reason] += 1
            return False
        if keep.notes.has(capture.url, capture.stamp):
            tally.before += 1
            return False
        if capture.status not in (None, 200):
            self.note(capture, f"status {capture.status}", keep)
            return False
        tally.wanted += 1
        if keep.known.has(capture.url, capture.stamp):
            tally.known += 1
            return True
        try:
            self.bring(capture, keep, fetcher, archive)
            self.failures = 0
        except Unfit as reason:
            tally.wanted -= 1
            self.note(capture, str(reason), keep)
            return False
        except Unanswered as error:
            tally.left[error.reason] += 1
            self.failures += 1
            if self.failures >= GIVEN_UP:
                raise SourceError(
                    error.subject, f"{GIVEN_UP} captures one after the other were not given", "try later"
                ) from error
        return True

    def bring(self, capture: Capture, keep: Keep, fetcher: Fetcher, archive: Archive) -> None:
        """Keep a capture: without a request, where a copy with its payload is kept already."""
        same = None if archive.by_range else keep.known.same(capture.url, capture.digest)
        if same:
            keep.revisit(capture.url, capture.when, same, digest=capture.digest)
            self.tally.revisits += 1
        else:
            fetcher.fetch(capture, keep)
            self.tally.kept += 1

    def note(self, capture: Capture, reason: str, keep: Keep) -> None:
        keep.note(capture, reason)
        self.tally.noted[kind(reason)] += 1

    def fail(self, error: SourceError) -> None:
        self.tally.failed.append(error)
        self.on_say(error)

    def check(self, under_way: str, keep: Keep) -> None:
        """Tell how far it is. Raises _End where the user wanted no more."""
        tally, orders = self.tally, self.orders
        size = tally.size + keep.written
        self.on_progress(Progress(tally.listed, tally.kept + tally.revisits, size, under_way))
        if orders.limit is not None and tally.wanted >= orders.limit:
            raise _End("")
        if orders.budget.size is not None and size >= orders.budget.size:
            raise _End("the budget of bytes is used up")
        if orders.budget.seconds is not None and self.pace.clock() - self.begun >= orders.budget.seconds:
            raise _End("the budget of time is used up")
