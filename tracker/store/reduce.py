"""What a picture needs of a table too large to be handed over: counts, and the rows that can be seen.

A picture has some thousands of points. Of each step of time narrower than what the picture can show, the first, last,
lowest and highest row of a line stand for all (the M4 aggregation of Jugel et al., VLDB 2014); of a day the last change
that was printed; of a snapshot its place, evidence and size. DuckDB finds them, in a store or in a DataFrame.

Frames that come out have these columns, or some of them: coin (symbol, else the printed name), name, currency, site, layout,
time_basis, at (microseconds since 1970 UTC; missing where the time is unknown, or one that no page can have), wide
(microseconds between the ends of a span that prices leave), off (whether it was found off the market), price, change,
change_window, snapshot_id, rank, n. Figures are compared as they are stored, as decimals: to make floats of all of them
would cost more than to find those that are seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ..market.implied import IMPLIED as BASIS
from ..market.implied import LEADING, LOWEST, WINDOW

Series = tuple[str, str | None]  # coin and currency
Place = tuple[str | None, str | None]  # site; its layout where there is none
Offsets = Sequence[
    tuple[int | None, int]
]  # until when (microseconds) a zone is so far (microseconds) ahead of UTC

WORK = """
    (SELECT coalesce(symbol, name) AS coin, symbol, name, currency, site, layout, time_basis, snapshot_id, rank,
        change_window, {priced} AS priced, {changed} AS changed, {wide} AS wide, {off} AS off,
        epoch_us(CASE WHEN observed_at BETWEEN {first} AND {last} THEN observed_at END) AS t, price,
        change_pct AS change{more} FROM {source} AS quotes WHERE {test}) AS work
"""
# With what changes over 24 h lead to, each a row of its own.
IMPLIED = f"""
    (WITH printed AS (FROM {{}})
    FROM printed UNION ALL SELECT * REPLACE (t - 86400000000 AS t, '{BASIS}' AS time_basis,
        price / (1 + change / 100) AS price, NULL AS change, NULL AS change_window, false AS changed)
    FROM printed WHERE change_window = '{WINDOW}' AND change > {LOWEST} AND t IS NOT NULL
        AND time_basis IN {LEADING} AND NOT off) AS work
"""
TALLY = """
    SELECT coin, name, currency, site, layout, time_basis, change_window, rank, symbol IS NULL AS loose, off,
        max(wide) AS wide, min(t) AS t, max(t) AS last, count(*) AS n, CASE WHEN priced THEN 1.0 END AS price,
        CASE WHEN changed THEN 1.0 END AS change
    FROM {} GROUP BY coin, name, currency, site, layout, time_basis, change_window, rank, loose, off, wide > 0, t IS NULL,
        priced, changed
"""
# Of each coin and step the last row, and the last with a change; of several at one time the last by snapshot and rank.
# Times first, which costs little; then what was said at them.
PRINTS = """
    WITH ends AS MATERIALIZED (
        SELECT max(t) AS seen, max(t) FILTER ({daily}) AS changed
        FROM {work} WHERE {test} GROUP BY coin, currency, ({wall}) // {unit}),
    told AS (
        SELECT coin, currency, max(t) AS seen, max(t) FILTER ({daily}) AS changed, any_value(time_basis) AS basis,
            arg_max(row(change, time_basis, change_window), row(t, snapshot_id, rank)) FILTER ({daily}) AS said
        FROM {work} WHERE {test} AND t IN (SELECT unnest([seen, changed]) FROM ends)
        GROUP BY coin, currency, ({wall}) // {unit})
    SELECT coin, currency, seen AS t, NULL AS change, basis AS time_basis, NULL AS change_window FROM told
    WHERE changed IS NULL OR seen > changed UNION ALL
    SELECT coin, currency, changed AS t, said[1], said[2], said[3] FROM told WHERE changed IS NOT NULL
"""
# At the first and last time of any coin and site in each step.
ENDS = """
    WITH ends AS MATERIALIZED (
        SELECT min(t) AS first, max(t) AS last
        FROM {work} WHERE {test} AND priced AND time_basis <> 'published'
        GROUP BY coin, currency, site, CASE WHEN site IS NULL THEN layout END, {step})
    SELECT coin, currency, site, layout, time_basis, t, price FROM {work}
    WHERE {test} AND priced AND time_basis <> 'published' AND t IN (SELECT unnest([first, last]) FROM ends)
"""
STEPS = {  # of a clock; calendars are slow
    "week": "({} + 259200000000) // 604800000000",
    "month": "date_trunc('month', make_timestamp({}))",
    "year": "date_trunc('year', make_timestamp({}))",
}
SNAPSHOTS = """
    WITH snapshots AS (
        SELECT any_value(site) AS site, any_value(layout) AS layout, any_value(time_basis) AS time_basis,
            any_value(t) AS t, count(*) AS coins FROM {work} WHERE {test} GROUP BY snapshot_id)
    SELECT site, layout, time_basis, min(t) AS t, max(t) AS last, max(coins) AS coins, count(*) AS n
    FROM snapshots GROUP BY site, layout, time_basis, ({wall}) // {unit}
"""
DAYS = """
    WITH days AS (
        SELECT coin, currency, time_basis, max(wide) AS wide, min(t) AS first, max(t) AS last FROM {work} WHERE {test}
        GROUP BY coin, currency, time_basis, t // 86400000000)
    SELECT coin, currency, time_basis, wide, first AS t FROM days UNION ALL
    SELECT coin, currency, time_basis, wide, last AS t FROM days WHERE last > first
"""
LINE = "coin, currency, site, layout"
LINED = "(SELECT * REPLACE (CASE WHEN site IS NULL THEN layout END AS layout) FROM {work} WHERE {test})"
# M4: of each line, kind of evidence and step, on the market and off it, the first, last, lowest and highest, a row each;
# the first has the count.
LINES = f"""
    WITH cells AS (
        SELECT {LINE}, any_value(time_basis) AS time_basis, max(wide) AS wide, off, (t - {{start}}) // {{width}} AS cell,
            count(*) AS n, min(t) AS t1, arg_min(price, t) AS v1, max(t) AS t2, arg_max(price, t) AS v2,
            arg_min(t, price) AS t3, min(price) AS v3, arg_max(t, price) AS t4, max(price) AS v4
        FROM {LINED} GROUP BY {LINE}, cell, off, time_basis = 'published', time_basis = '{BASIS}',
            time_basis IN {{days}})
    SELECT {LINE}, time_basis, wide, off, cell, t1 AS t, v1 AS price, n FROM cells UNION ALL
    SELECT {LINE}, time_basis, wide, off, cell, t2, v2, 0 FROM cells WHERE t2 > t1 UNION ALL
    SELECT {LINE}, time_basis, wide, off, cell, t3, v3, 0 FROM cells
    WHERE n > 1 AND (t3, v3) NOT IN ((t1, v1), (t2, v2))
    UNION ALL SELECT {LINE}, time_basis, wide, off, cell, t4, v4, 0 FROM cells
    WHERE n > 1 AND (t4, v4) NOT IN ((t1, v1), (t2, v2), (t3, v3))
"""
MEDIANS = f"""
    SELECT {LINE}, (t - {{start}}) // {{width}} AS cell, median({{value}}) AS value, min({{value}}) AS low,
        max({{value}}) AS high, bool_and(time_basis = 'published') AS bound, count(*) AS n
    FROM {LINED} GROUP BY {LINE}, cell
"""
SPREAD = """
    SELECT coin, currency, (t - {start}) // {width} AS cell, median({value}) AS value, min({value}) AS low,
        max({value}) AS high, bool_and(time_basis = 'published') AS bound, count(*) AS n
    FROM {work} WHERE {test} GROUP BY coin, currency, cell
"""
# How far apart observations are: below which spacing half of the time lies, those of more than `longest` left out.
SPACED = f"""
    WITH steps AS (
        SELECT {LINE}, t - lag(t) OVER (PARTITION BY {LINE} ORDER BY t) AS step FROM {LINED}),
    sums AS (SELECT {LINE}, step, sum(step) AS length FROM steps WHERE step > 0 AND step <= {{longest}} GROUP BY ALL),
    reached AS (
        SELECT {LINE}, step, sum(length) OVER (PARTITION BY {LINE} ORDER BY step) AS so_far,
            sum(length) OVER (PARTITION BY {LINE}) AS whole FROM sums)
    SELECT {LINE}, min(step) FILTER (2 * so_far >= whole)::BIGINT AS reach FROM reached GROUP BY {LINE}
"""
TYPICALS = """
    SELECT coin, currency, median(sites) AS sites FROM ({steps}) GROUP BY coin, currency
"""
TYPICAL = "SELECT median(sites) FROM ({steps})"
SITES = """
    SELECT coin, currency, count(DISTINCT coalesce(site, '?' || layout)) AS sites FROM {work} WHERE {test}
    GROUP BY coin, currency, (t - {start}) // {width}
"""
# With a count: DuckDB writes all values to disk for a median that stands alone.
MIDDLE = "SELECT coin, currency, median(price) AS price, count(*) AS n FROM {work} WHERE {test} GROUP BY ALL"
NEAREST = """
    SELECT coin, currency, arg_min(t, (abs(t - {moment}), t)) AS t,
        arg_min(price, (abs(t - {moment}), t, snapshot_id)) AS price
    FROM {work} WHERE {test} AND abs(t - {moment}) <= {near} GROUP BY coin, currency
"""
NEWEST = """
    SELECT snapshot_id FROM {work} WHERE {test} AND t IS NOT NULL AND changed ORDER BY {order} LIMIT 1
"""


class Wanted(NamedTuple):
    """Which rows of a table a picture is drawn from: those that pass every test given.

    coins    of these; symbols: all of which have a symbol
    series   of these coins in these currencies
    moneys   in these currencies; None among them: none is known
    places   of these sites (layouts, of pages without address)
    value    with a price above zero, or with a change: `price` or `change`
    windows  whose change is over one of these windows; None among them: one that is not stated
    dated, named  with a time, with a coin; bounds  False: without times that are lower bounds only;
             only_bounds: those alone
    printed  without what changes lead to; lined: without that, and without what is off the market; only_off: that alone
    """

    coins: tuple[str, ...] | None = None
    symbols: bool = False
    series: tuple[Series, ...] | None = None
    moneys: tuple[str | None, ...] | None = None
    places: tuple[Place, ...] | None = None
    value: str | None = None
    windows: tuple[str | None, ...] | None = None
    dated: bool = False
    named: bool = False
    bounds: bool = True
    only_bounds: bool = False
    printed: bool = False
    lined: bool = False
    only_off: bool = False

    def test(self) -> str:
        """As SQL."""
        tests = ["true"]
        tests += ["coin IS NOT NULL"] * self.named + ["t IS NOT NULL"] * self.dated
        tests += ["time_basis <> 'published'"] * (not self.bounds)
        tests += ["time_basis = 'published'"] * self.only_bounds
        tests += [f"time_basis <> '{BASIS}'"] * (self.printed or self.lined)
        tests += ["NOT off"] * self.lined + ["off"] * self.only_off
        tests += ["priced"] * (self.value == "price") + ["changed"] * (self.value == "change")
        if self.coins is not None:
            tests.append(among("symbol" if self.symbols else "coin", self.coins))
        if self.series is not None:
            named = [(coin, money or "") for coin, money in self.series]
            tests.append(paired("coin", "coalesce(currency, '')", named))
        if self.moneys is not None:
            tests.append(among("coalesce(currency, '')", [money or "" for money in self.moneys]))
        if self.places is not None:
            here = [(site or "", "" if site else layout or "") for site, layout in self.places]
            tests.append(paired("coalesce(site, '')", "CASE WHEN site IS NULL THEN layout ELSE '' END", here))
        if self.windows is not None:
            tests.append(among("coalesce(change_window, '')", [window or "" for window in self.windows]))
        return " AND ".join(tests)


def literal(text: str) -> str:
    """A text as SQL; a NUL, with which DuckDB would end the query, by its number."""
    quoted = "'" + text.replace("'", "''") + "'"
    return "(" + quoted.replace("\0", "' || chr(0) || '") + ")" if "\0" in text else quoted


def among(what: str, texts: Iterable[str]) -> str:
    """Whether a column is one of these; an empty list is nothing."""
    listed = ", ".join(map(literal, texts))
    return f"{what} IN ({listed})" if listed else "false"


def paired(what: str, by: str, pairs: Iterable[tuple[str, str]]) -> str:
    """Whether two columns are one of these pairs. By the second, of which there are few: DuckDB looks a text up among many
    and goes through pairs one by one."""
    groups: dict[str, list[str]] = {}
    for text, group in pairs:
        groups.setdefault(group, []).append(text)
    tests = [f"({by} = {literal(group)} AND {among(what, texts)})" for group, texts in groups.items()]
    return f"({' OR '.join(tests)})" if tests else "false"


def wall(offsets: Offsets) -> str:
    """The clock of a zone, in microseconds."""
    cases = [f"WHEN t < {until} THEN {ahead}" for until, ahead in offsets if until is not None]
    last = offsets[-1][1]
    return f"t + CASE {' '.join(cases)} ELSE {last} END" if cases else f"t + {last}"
