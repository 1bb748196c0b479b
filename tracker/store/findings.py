"""The table `findings`, what rows say about one another, and the view that joins it to what pages said. Derived: made by
`reconcile` alone, and gone without loss when dropped.

    findings     snapshot_id, rank (null: the whole snapshot), kind (see market/kinds.py), value, evidence (a sentence)
    reconciled   which snapshots were looked at, and between which moments another snapshot would tell more of them
    reconciling  by which rules and which table of costs
    timed        a view, a row a quote: the tidy table, its times concluded from prices where nothing better is known,
                 and on how many pages of its site within minutes each block stood
    concluded    the view: those columns and the rest of CONCLUSIONS
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ..errors import StoreError, TrackerError
from ..frame import NAMES
from ..market.implied import IMPLIED as BASIS
from ..market.implied import LEADING, LOWEST, WINDOW
from ..market.kinds import KINDS
from ..market.margins import NARROW
from ..model import PRICE_DIGITS, PRICE_PLACES, Kind
from .file import Connection, within
from .queries import LAST_FIRST, TIME_ORDER, Filters, Row, table, value

SCHEMA = (
    "CREATE TABLE IF NOT EXISTS findings (snapshot_id VARCHAR NOT NULL, rank INTEGER, kind VARCHAR NOT NULL, "
    "value VARCHAR, evidence VARCHAR NOT NULL)",
    "CREATE TABLE IF NOT EXISTS reconciled (snapshot_id VARCHAR NOT NULL, first TIMESTAMP, last TIMESTAMP)",
    "CREATE TABLE IF NOT EXISTS reconciling (rules VARCHAR NOT NULL)",
)


class Conclusion(NamedTuple):
    """A column of the view beyond those of the tidy table; kind as in model.Column."""

    name: str
    kind: Kind
    meaning: str


CONCLUSIONS = (
    Conclusion("priced_from", "time", "the first moment at which the list's prices fit"),
    Conclusion("priced_until", "time", "the last such moment"),
    Conclusion("priced_fit", "text", "coins that fit of coins tested: 14/15"),
    Conclusion(
        "change_check", "text", "agrees or differs: the change over 24 h against prices of 24 h before"
    ),
    Conclusion("change_sign", "text", "the sign that neighbours leave where it was lost: + or -"),
    Conclusion("symbol_guess", "text", "the coin whose name was lost, or several with a bar between"),
    Conclusion("guess_basis", "text", "what says so"),
    Conclusion("findings", "texts", "the kinds of findings, sorted"),
    Conclusion(
        "pages", "integer", "pages of the site that showed it within minutes; 0: counted with an earlier one"
    ),
)
PAGES = CONCLUSIONS[-1]

# A value that says when: `2019-12-02T00:00:00Z/2019-12-16T00:00:00Z 14/15`.
SPAN = "strftime({0}, '%Y-%m-%dT%H:%M:%SZ') || '/' || strftime({1}, '%Y-%m-%dT%H:%M:%SZ')"
WHEN = "any_value(TRY_CAST(split_part({0}, '/', {1}) AS TIMESTAMPTZ)::TIMESTAMP) FILTER (kind = 'priced')"
PRICED = f"""
    SELECT snapshot_id, {WHEN.format("value", 1)} AS priced_from,
        {WHEN.format("split_part(value, ' ', 1)", 2)} AS priced_until,
        any_value(split_part(value, ' ', 2)) FILTER (kind = 'priced') AS priced_fit,
        any_value(CASE WHEN starts_with(value, snapshot_id) THEN split_part(value, ' ', 2)::INTEGER ELSE 0 END)
            FILTER (kind = 'alike') AS pages
    FROM findings WHERE kind IN ('priced', 'alike') GROUP BY snapshot_id
"""
NARROW_ENOUGH = (
    "quotes.time_basis IN ('none', 'published') AND priced_until - priced_from <= INTERVAL '{0} hours'"
)
MIDDLE = "priced_from + (priced_until - priced_from) / 2"
TIMES = {
    "observed_at": f"CASE WHEN {NARROW_ENOUGH} THEN {MIDDLE} ELSE quotes.observed_at END",
    "time_basis": f"CASE WHEN {NARROW_ENOUGH} THEN 'priced' ELSE quotes.time_basis END",
}
SAID = ", ".join(f"{TIMES.get(name, f'quotes.{name}')} AS {name}" for name in NAMES)
TIMED = f"""
    CREATE OR REPLACE VIEW timed AS
    WITH priced AS ({PRICED})
    SELECT {SAID}, priced_from, priced_until, priced_fit, coalesce(pages, 1) AS pages
    FROM quotes LEFT JOIN priced USING (snapshot_id)
"""
CONCLUDED = """
    CREATE OR REPLACE VIEW concluded AS
    WITH whole AS (
        SELECT snapshot_id, list(DISTINCT kind) AS kinds,
            any_value(string_split(value, ' ')) FILTER (kind = 'changes-agree') AS agreeing
        FROM findings WHERE rank IS NULL GROUP BY snapshot_id),
    single AS (
        SELECT snapshot_id, rank, list(DISTINCT kind) AS kinds, bool_or(kind = 'change-differs') AS differs,
            any_value(value) FILTER (kind = 'change-sign') AS change_sign,
            any_value(value) FILTER (kind LIKE 'symbol-%') AS symbol_guess,
            any_value(evidence) FILTER (kind LIKE 'symbol-%') AS guess_basis
        FROM findings WHERE rank IS NOT NULL GROUP BY ALL)
    SELECT timed.* EXCLUDE (pages), CASE WHEN differs THEN 'differs'
            WHEN list_contains(agreeing, timed.rank::VARCHAR) THEN 'agrees' END AS change_check,
        change_sign, symbol_guess, guess_basis,
        list_sort(list_concat(coalesce(whole.kinds, []), coalesce(single.kinds, []))) AS findings, pages
    FROM timed LEFT JOIN whole USING (snapshot_id)
        LEFT JOIN single ON single.snapshot_id = timed.snapshot_id AND single.rank = timed.rank
"""
AGAIN = """snapshot_id NOT IN (
    SELECT snapshot_id FROM findings WHERE kind = 'alike' AND NOT starts_with(value, snapshot_id))"""  # shown before
GUESSED = """(SELECT quotes.* REPLACE (coalesce(symbol, guess) AS symbol, CASE WHEN symbol IS NULL AND guess IS NOT NULL
    THEN list_sort(list_append(flags, 'symbol-inferred')) ELSE flags END AS flags)
    FROM {0} AS quotes LEFT JOIN (
        SELECT snapshot_id, rank, any_value(value) AS guess FROM findings WHERE kind = 'symbol-guess' GROUP BY ALL
    ) AS guessed
    ON quotes.snapshot_id = guessed.snapshot_id AND quotes.rank = guessed.rank)"""
IS_GUESSED = "SELECT count(*) > 0 FROM findings WHERE kind = 'symbol-guess' AND value = ?"
OFF = """coalesce((quotes.snapshot_id, quotes.rank) IN (
    SELECT (snapshot_id, rank) FROM findings WHERE kind = 'off-market'), false)"""
# A change over 24 h leads to the price of 24 h before: to ten digits, as many as any page prints. That of a price off the
# market leads nowhere.
BEFORE = "price::DOUBLE / (1 + change_pct::DOUBLE / 100)"
IMPLIED_PRICE = (
    f"round({BEFORE}, 9 - floor(log10({BEFORE}))::INTEGER)::VARCHAR::DECIMAL({PRICE_DIGITS},{PRICE_PLACES})"
)
IMPLIED = f"""(SELECT * FROM {{0}} UNION ALL SELECT * REPLACE (
    observed_at - INTERVAL 24 HOURS AS observed_at, '{BASIS}' AS time_basis, {IMPLIED_PRICE} AS price,
    NULL AS change_pct, NULL AS change_abs, NULL AS change_window)
    FROM {{0}} AS quotes WHERE change_window = '{WINDOW}' AND change_pct > {LOWEST} AND observed_at IS NOT NULL
    AND time_basis IN {LEADING}{{1}})"""
FREE = """NOT EXISTS (SELECT 1 FROM findings WHERE findings.snapshot_id = quotes.snapshot_id
    AND (findings.rank IS NULL OR findings.rank = quotes.rank) AND kind IN ({}))"""
LISTED = """
    SELECT {2}kind, value, evidence, snapshot_id, rank, site, name, symbol, currency, price, observed_at, time_basis, source
    FROM {1} LEFT JOIN (SELECT DISTINCT ON (snapshot_id, rank) * FROM quotes {3}) AS quotes USING (snapshot_id, rank)
    WHERE rank IS NOT NULL AND {0}
    UNION ALL BY NAME
    SELECT {2}kind, value, evidence, snapshot_id, site, observed_at, time_basis, source FROM {1}
    JOIN (SELECT DISTINCT ON (snapshot_id) snapshot_id, site, observed_at, time_basis, source FROM quotes {3})
    USING (snapshot_id) WHERE rank IS NULL AND {0}
    ORDER BY kind, observed_at NULLS LAST, snapshot_id, rank
"""
# Of each kind the first, found by the times of their snapshots; only these are joined to what they are about.
FIRST = """
    WITH times AS (
        SELECT snapshot_id, any_value(observed_at) AS seen FROM quotes SEMI JOIN findings USING (snapshot_id)
        GROUP BY snapshot_id),
    chosen AS MATERIALIZED (
        SELECT findings.*, count(*) OVER (PARTITION BY kind) AS count FROM findings LEFT JOIN times USING (snapshot_id)
        WHERE rank IS NOT NULL OR times.snapshot_id IS NOT NULL
        QUALIFY row_number() OVER (PARTITION BY kind ORDER BY seen NULLS LAST, snapshot_id, rank) <= {})
""" + LISTED.format("true", "chosen", "count, ", "SEMI JOIN chosen USING (snapshot_id)")


def relation(which: Filters, whole: str = "concluded") -> tuple[str, str, str, str]:
    """What a selection reads: the table or view, a test besides, its order in time, and that backwards.

    whole  the view with findings: `timed` for those who need no more of them than times, which costs fewer joins"""
    test = without(which.get("without") or ())
    found, implied, guesses = which.get("findings"), which.get("implied"), which.get("guesses")
    source = whole if found is True else "timed" if found else "quotes"
    if found and found is not True:
        test = f" AND {AGAIN}{test}"
    if source == "quotes" and not implied and not guesses:
        return source, test, TIME_ORDER, LAST_FIRST
    source = GUESSED.format(source) if guesses else source
    source = IMPLIED.format(source, f" AND NOT {OFF}" if found else "") if implied else source
    # no view has rows that are numbered
    return source, test, TIME_ORDER.removesuffix(", quotes.rowid"), LAST_FIRST.removesuffix(", rowid DESC")


def listing(con: Connection, which: Filters) -> str:
    """What a query of rows lists besides the tidy table: on how many pages each block stood, if it is to be shown."""
    return f", {PAGES.name}" if shown(con, which) == (PAGES,) else ""


def without(kinds: Sequence[str]) -> str:
    """The test that leaves out what has findings of these kinds. TrackerError for a kind that there is none of."""
    if strange := [kind for kind in kinds if kind not in KINDS]:
        raise TrackerError(f"finding {strange[0]}", "is not known", f"use one of {', '.join(KINDS)}")
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    return f" AND {FREE.format(listed)}" if kinds else ""


def made(con: Connection) -> bool:
    """Whether this store was ever reconciled, and its view has all there is to conclude by now."""
    views = "SELECT count(*) FROM duckdb_views() WHERE view_name = 'concluded' AND contains(sql, 'pages')"
    return bool(value(con, views))


def has(con: Connection, kind: str) -> bool:
    """Whether there is a finding of this kind."""
    return bool(value(con, "SELECT EXISTS (FROM findings WHERE kind = ?)", [kind]))


def shown(con: Connection, which: Filters) -> tuple[Conclusion, ...]:
    """The columns that a selection has beyond those of the tidy table: all that was concluded; or, where times alone are,
    on how many pages each block stood, if any stood on several."""
    if which.get("findings") is True:
        return CONCLUSIONS
    return (PAGES,) if which.get("findings") and has(con, "alike") else ()


def required(con: Connection, name: str) -> None:
    """StoreError if this store was never reconciled."""
    if not made(con):
        raise StoreError(name, "was never reconciled, or by an older version", "run `tracker reconcile`")


def view(con: Connection, days: float = NARROW) -> None:
    """Make the views anew. days: how wide a span by prices may be to stand for a time."""
    con.execute(TIMED.replace("{0}", f"{24 * days:.0f}"))
    con.execute(CONCLUDED)


def listed(con: Connection, kinds: tuple[str, ...]) -> list[Row]:
    """The findings of these kinds, all if none is named, with what they are about."""
    test = f"kind IN ({', '.join('?' * len(kinds))})" if kinds else "true"
    return table(con, LISTED.format(test, "findings", "", ""), [*kinds, *kinds])


def first(con: Connection, most: int) -> list[Row]:
    """The same of the first of each kind; with count, how many there are of it."""
    return within(con, lambda: table(con, FIRST.format(most)))
