"""The rounds of a watch: addresses that are due are asked, what they gave is stored and judged, events are told.

Each visit is brought to its end before the next begins: fetched and kept, ingested, judged, recorded in one transaction with
all events, told. One that was cut off by a kill is known by its record; the next visit first takes up what it had kept.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from functools import partial

from ..coins.registry import Coins
from ..errors import Skipped, SourceError, TrackerError
from ..ingest import ingest
from ..ingest.tally import Tally
from ..layouts.layout import Layout
from ..store import State, Store, Told, Visited
from . import schedule, spans
from .judge import (
    BASES,
    MARGIN,
    MILD,
    Event,
    Key,
    Moment,
    Standing,
    Standings,
    judge,
    listen,
    reaches,
    sites_heard,
)
from .rule import Silence
from .sites import Site, Sites
from .tell import Teller, short, told
from .visit import Got, Line, after
from .world import Count, World

SLICE = 30.0  # seconds slept at a time: a machine that wakes up is noticed


class Watch:
    """Watches sites into a store.

    teller   tells events
    margin   percent of a rule's bound
    layouts, known  the user's, as of ingest
    report   writes the report anew
    """

    def __init__(
        self, sites: Sites, store: Store, world: World, teller: Teller, *, margin: Decimal = MARGIN,
        layouts: Sequence[Layout] | None = None, known: Coins | None = None, report: Callable[[], object] | None = None,
    ) -> None:  # fmt: skip
        self.sites, self.rules = sites.sites, sites.rules
        self.store, self.world, self.teller, self.margin, self.report = store, world, teller, margin, report
        self.layouts, self.known = layouts, known
        self.log = store.watching(BASES, MILD)
        self.count = Count()
        self.visited: dict[str, Visited] = {}
        self.standings: Standings = {}
        self.lucks: dict[str, float] = {}
        self.queue: deque[Told] = deque()  # recorded, and not told yet
        self.troubles: dict[str, str] = {}

    def start(self) -> None:
        """Take up what is remembered, and tell what was not told yet. StoreError."""
        self.visited = self.log.visited()
        self.standings = {
            Key(*state[:5]): Standing(state.firing, Moment(*state[6:])) for state in self.log.states()
        }
        self.lucks = {site.url: self.world.luck() for site in self.sites}
        self.queue.extend(self.log.untold())
        self._tell()

    def once(self) -> None:
        """One round of what is due. A timer's own lateness counts for nothing: it is due a tenth sooner."""
        self.start()
        now = self.world.now()
        if ready := [site for site in self.sites if self._due(site, now, 0.0) <= now]:
            self._round(ready)
        else:
            first = min(self.sites, key=lambda site: self._due(site, now, 0.0))
            left = spans.spelled(self._due(first, now, 0.0) - now)
            self.world.say(now, f"nothing is due; {first.url} is in {left}", True)

    def run(self) -> None:
        """Round after round, until it is interrupted."""
        self.start()
        while True:
            now = self.world.now()
            due = {site.url: self._due(site, now, self.lucks[site.url]) for site in self.sites}
            if ready := [site for site in self.sites if due[site.url] <= now]:
                self._round(ready)
            else:
                self.world.sleep(min(SLICE, (min(due.values()) - now).total_seconds()))

    def _due(self, site: Site, now: datetime, luck: float) -> datetime:
        seen = self._seen(site)
        return schedule.due(site.interval, seen.tried, seen.failures, luck, now)

    def _seen(self, site: Site) -> Visited:
        return self.visited.get(site.url) or Visited(site.url)

    def _round(self, ready: Sequence[Site]) -> None:
        self.count.rounds += 1
        for site in ready:
            self._visit(site)
            self.lucks[site.url] = self.world.luck()
        self._guarded("silence", partial(self._listen, ready))
        self._guarded("telling", self._tell)
        if self.report:
            self._guarded("report", self.report)

    def _visit(self, site: Site) -> None:
        """Ask one address, and all that follows from it."""
        was, at = self._seen(site), self.world.now()
        self.count.visits += 1
        begun = was.begun or at
        # Until the end is recorded it counts as under way, and as tried: the next visit comes in its time.
        self.visited[site.url] = was._replace(begun=begun, tried=at)
        self._guarded(site.url, partial(self._follow, site, was, at, begun))

    def _follow(self, site: Site, was: Visited, at: datetime, begun: datetime) -> None:
        self.log.begin(site.url, at)
        taken = self._take_up(site) if was.begun else 0
        got = self._ask(site, at)
        pause = partial(schedule.wait, site.interval)
        visit, lines = after(was, got, pause, self.world.when)
        self.count.added += got.added
        self.count.unchanged += got.unchanged
        self.count.failed += got.reason is not None
        self._settle([visit], *self._judged(begun, got.blocks + taken), lines=self._named(site, lines))

    def _take_up(self, site: Site) -> int:
        """Store what a visit that was cut off had kept; returns how many blocks there were."""
        folder = self.world.kept(site.url)
        tally = self._ingest([str(folder)], site) if folder.is_dir() else Tally()
        for error in tally.unreadable:
            self.world.say(self.world.now(), str(error), False)
        self.count.added += tally.added
        if tally.added:
            line = f"{site.url}: stored now what was kept before a kill, {tally.added:,} snapshots"
            self.world.say(self.world.now(), line, False)
        return tally.blocks

    def _ask(self, site: Site, at: datetime) -> Got:
        """What the address gives, stored."""
        try:
            answer = self.world.bring(site.url)
        except SourceError as error:
            return Got(at, error.reason)
        if answer.reason is not None:
            return Got(at, answer.reason)
        tally = self._ingest(answer.records, site, answer.unchanged) if answer.records else Tally()
        if tally.unreadable:
            raise tally.unreadable[
                0
            ]  # not the site's fault, nor a page without a block: it is taken up again
        return Got(at, None, answer.unchanged, tally.blocks, tally.rows, tally.added + tally.anew)

    def _ingest(self, names: Iterable[str], site: Site, again: bool = False) -> Tally:
        """Store pages, and say what is left out of them. What cannot be read is in the tally.

        again  they are as before: if there was no block then, there is none to be dated
        """

        def left_out(error: SourceError) -> None:
            if isinstance(error, Skipped) and not again:
                self.world.say(self.world.now(), str(error), False)

        tally = ingest(
            names, self.store, jobs=1, layouts=site.layouts if site.layouts is not None else self.layouts,
            known=self.known, on_error=left_out,
        )  # fmt: skip
        if tally.stopped:
            raise KeyboardInterrupt
        return tally

    def _judged(self, since: datetime, blocks: int) -> tuple[list[Event], Standings]:
        """What the rules say to what was stored since then."""
        if not blocks or not self.rules:
            return [], {}
        rows, before = self.log.news(since.replace(microsecond=0))
        return judge(self.rules, rows, self.standings, before, self.margin)

    def _listen(self, ready: Sequence[Site]) -> None:
        """Which of the sites that were asked just now are silent."""
        rules = [
            rule for rule in self.rules
            if isinstance(rule, Silence) and any(reaches(rule, site.host) for site in ready)
        ]  # fmt: skip
        if rules and self.store.path.exists():
            now = self.world.now().replace(microsecond=0)
            self._settle([], *listen(rules, self.log.heard(sites_heard(rules)), self.standings, now))

    def _settle(
        self, visits: Sequence[Visited], events: Sequence[Event], changed: Standings, lines: Iterable[Line] = ()
    ) -> None:  # fmt: skip
        """Record it, then tell it."""
        lasting = [told(event) for event in events]
        states = [State(*key, standing.firing, *standing.seen) for key, standing in changed.items()]
        if visits or states or lasting:
            self.log.settle(visits, states, lasting)
        self.visited |= {visit.url: visit for visit in visits}
        self.standings |= changed
        for line in lines:
            self.world.say(self.world.now(), line.text, line.plain)
        self.queue.extend(lasting)
        self._tell()

    def _tell(self) -> None:
        """Tell what is recorded; what a kill cuts off is told by the next watch."""
        while self.queue:
            known, _, line = self.queue.popleft()
            event = json.loads(line)
            fires = event["state"] == "fires"
            self.count.fired += fires
            self.count.ended += not fires
            self.world.say(self.world.now(), short(event, self.world.when), False)
            self.teller.tell(line)
            self.log.mark_told(known)

    def _named(self, site: Site, lines: Iterable[Line]) -> list[Line]:
        alone = sum(other.host == site.host for other in self.sites) == 1
        return [line._replace(text=f"{site.host if alone else site.url}: {line.text}") for line in lines]

    def _guarded(self, what: str, act: Callable[[], object]) -> None:
        """What goes wrong on our side is said once, counted, and does not end the watch."""
        try:
            act()
        except TrackerError as error:
            self.count.troubles += 1
            if str(error) not in self.troubles.values():
                self.world.say(self.world.now(), str(error), False)
            self.troubles[what] = str(error)
        else:
            self.troubles.pop(what, None)
