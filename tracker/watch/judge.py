"""Rules and rows -> events. Pure: what was known before is handed in, what is known after is handed out.

A rule is looked at for each series by itself: one coin on one site in one currency, and of a printed change also one
window. Rows count in order of time, each capture once, and none that is not newer than the last one of its series.

What never counts: a row without a coin or without the figure, one that is flagged as doubtful or lost a sign, and one whose
time is not given, stated or that of its capture.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from .rule import Bound, Rule, Silence, below

Row = Mapping[str, Any]
Place = tuple[str, str | None, str | None]  # coin, site, currency

BASES = ("given", "stated", "capture")
# Flags that say what was assumed or how it was read. Every other one is a doubt, those that do not exist yet among them.
MILD = frozenset(
    "currency-assumed currency-inferred embedded partial rounded sign-from-markup sign-inferred text-repaired"
    " zone-assumed".split()
)
MARGIN = Decimal(2)  # percent of the bound
_PRINTED = ("change_pct", "change_abs")  # figures of a window
_FINE = Decimal("0.0001")


class Key(NamedTuple):
    """A rule and one series of it. Of a rule on silence, the rule alone."""

    rule: str
    coin: str | None = None
    site: str | None = None
    currency: str | None = None
    window: str | None = None


class Moment(NamedTuple):
    """When something was observed, and by which capture. The later one of a pair is the newer.

    Nothing is observed after it was captured: a clock that runs ahead must not make all that follows look old.
    """

    observed_at: datetime
    captured_at: datetime

    @classmethod
    def of(cls, row: Row) -> Moment:
        captured = row["captured_at"] or row["observed_at"]
        return cls(min(row["observed_at"], captured), captured)


class Standing(NamedTuple):
    """How a rule stands in a series: whether it is firing, and the last moment that was looked at."""

    firing: bool
    seen: Moment


class Event(NamedTuple):
    """A rule that turned true, or that ended.

    key       of the rule and the series
    state     fires or ends
    value     the figure; None for silence
    row       the row that says so; None where a site is silent
    previous  the observation of the same coin, site and currency before it; of silence the last row
    at        when: the row's time, of silence the time it was noticed
    """

    key: Key
    state: Literal["fires", "ends"]
    value: Decimal | None
    row: Row | None
    previous: Row | None
    at: datetime


Standings = dict[Key, Standing]


def usable(row: Row) -> bool:
    """Whether a row may speak at all."""
    return (
        row["symbol"] is not None
        and row["observed_at"] is not None
        and row["time_basis"] in BASES
        and MILD.issuperset(row["flags"])
    )


def judge(
    rules: Sequence[Rule],
    rows: Iterable[Row],
    standings: Mapping[Key, Standing],
    before: Iterable[Row] = (),
    margin: Decimal = MARGIN,
) -> tuple[list[Event], Standings]:
    """What new rows say to rules: the events in order of time, and the standings that changed.

    rows    of the snapshots that are new, whole, in any order: dicts of the tidy table's columns, times aware
    before  of each coin, site and currency the newest observation that was known before
    margin  percent of the bound past which a value must go back before a rule has ended
    """
    bounds = [rule for rule in rules if isinstance(rule, Bound)]
    events: list[Event] = []
    changed: Standings = {}
    last = _Last(before)
    for row in in_order(rows):
        now, (newest, previous) = Moment.of(row), last.two(row)
        for rule in bounds:
            if not rule.concerns(row["symbol"], row["currency"], row["site"]):
                continue
            key = _key(rule, row)
            was = changed.get(key) or standings.get(key)
            if _is_news(now, newest, was, rule) and (value := _value(rule, row, previous)) is not None:
                fired = bool(was and was.firing)
                firing = rule.holds(value, fired, margin)
                changed[key] = Standing(firing, now)
                if firing != fired:
                    events.append(_event(key, firing, value, row, previous))
        last.add(row)
    return events, changed


class _Last:
    """Of each coin, site and currency the newest observation so far, and the one before it."""

    def __init__(self, before: Iterable[Row]) -> None:
        self.rows: dict[Place, tuple[Row, Row | None]] = {_place(row): (row, None) for row in before}

    def two(self, row: Row) -> tuple[Row | None, Row | None]:
        """The newest observation, and of those that are older than this row the newest."""
        newest, other = self.rows.get(_place(row), (None, None))
        older = newest is not None and Moment.of(newest) < Moment.of(row)
        return newest, newest if older else other

    def add(self, row: Row) -> None:
        newest, _ = self.rows.get(_place(row), (None, None))
        if newest is None or Moment.of(newest) < Moment.of(row):
            self.rows[_place(row)] = row, newest


def in_order(rows: Iterable[Row]) -> list[Row]:
    """The rows that may speak, in order of time; of one moment those of the longest list come first."""
    every = list(rows)
    length = Counter(row["snapshot_id"] for row in every)
    return sorted(
        filter(usable, every),
        key=lambda row: (*Moment.of(row), -length[row["snapshot_id"]], row["snapshot_id"], row["rank"]),
    )


def listen(
    rules: Sequence[Rule], newest: Mapping[str, Row | None], standings: Mapping[Key, Standing], now: datetime
) -> tuple[list[Event], Standings]:
    """Which sites are silent, and which are no longer.

    newest  of each site that a rule names its newest row that may speak, None if it has none
    now     aware; a site that was never observed is silent from the first look on
    """
    events: list[Event] = []
    changed: Standings = {}
    for rule in (rule for rule in rules if isinstance(rule, Silence)):
        key, row = Key(rule.text), newest[rule.site]
        was = standings.get(key)
        heard = Moment.of(row) if row else was.seen if was else Moment(now, now)
        firing = now - heard.observed_at > rule.span
        if was is None or firing != was.firing:
            changed[key] = Standing(firing, heard)
        if firing != bool(was and was.firing):
            events.append(
                Event(key, "fires", None, None, row, now)
                if firing
                else Event(key, "ends", None, row, None, now)
            )
    return events, changed


def sites_heard(rules: Iterable[Rule]) -> list[str]:
    """The sites of which `listen` wants the newest row."""
    return sorted({rule.site for rule in rules if isinstance(rule, Silence)})


def reaches(rule: Rule, site: str | None) -> bool:
    """Whether a rule has anything to do with a site."""
    return rule.site is None or below(site, rule.site)


def _place(row: Row) -> Place:
    return row["symbol"], row["site"], row["currency"]


def _key(rule: Bound, row: Row) -> Key:
    window = row["change_window"] if rule.field in _PRINTED else None
    return Key(rule.text, row["symbol"], row["site"], row["currency"], window)


def _is_news(now: Moment, newest: Row | None, was: Standing | None, rule: Bound) -> bool:
    """Newer than what the rule has seen of this series, and not older than what anybody has seen of the coin there.

    A change over another window of the same capture is a series of its own.
    """
    if was is not None and now <= was.seen:
        return False
    if newest is None:
        return True
    latest = Moment.of(newest)
    return now > latest or (now == latest and rule.field in _PRINTED)


def _value(rule: Bound, row: Row, previous: Row | None) -> Decimal | None:
    """The figure that a rule asks for; None where there is none."""
    if rule.field != "move_pct":
        found: Decimal | None = row[rule.field]
        return found
    if previous is None or row["price"] is None or not previous["price"]:
        return None
    move: Decimal = (row["price"] / previous["price"] - 1) * 100
    return move.quantize(_FINE)


def _event(key: Key, firing: bool, value: Decimal, row: Row, previous: Row | None) -> Event:
    return Event(key, "fires" if firing else "ends", value, row, previous, row["observed_at"])
