"""Which quotes are asked for, and the questions that are asked of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal, TypedDict

from ..clock.plausible import plausible_span
from ..errors import TimeError
from ..model import TIME_BASES
from .file import Connection
from .tables import COLUMN_LIST

Row = dict[str, Any]
When = str | date | datetime | None
Symbols = str | Iterable[str] | None


class Filters(TypedDict, total=False):
    """Which quotes: those that pass every filter given.

    since     from this time on: an ISO 8601 text, a date or a datetime; UTC unless it says otherwise
    until     up to this time, included; a day without a clock is included whole
    currency  priced in this, in any case; a word or a mark that stands for one currency will do
    site      shown by this site or one below it (`m.example.kr` for `example.kr`); an address stands for its site
    findings  True: with what `reconcile` concluded; "times": the tidy table, its times concluded where nothing better is
              known, and what stands on many pages within minutes once, with `pages` where anything does
    guesses   take rows whose name was lost for the coin that `reconcile` guesses, flagged `symbol-inferred`
    implied   with the price of 24 h before that each change over 24 h leads to, a row of its own: time_basis `implied`,
              rounded to ten digits; nothing of it is stored
    without   leave out what has a finding of one of these kinds (see market.kinds), itself or its whole snapshot
    """

    since: When
    until: When
    currency: str | None
    site: str | None
    findings: bool | Literal["times"]
    without: Sequence[str]
    guesses: bool
    implied: bool


class Selection(Filters, total=False):
    """Filters, and of which coins.

    symbols  coins by any name, in any case, several in one text with commas or blanks between; none means all
    """

    symbols: Symbols


TIME_ORDER = "quotes.observed_at NULLS LAST, quotes.snapshot_id, quotes.rank, quotes.rowid"
LAST_FIRST = "observed_at DESC NULLS FIRST, snapshot_id DESC, rank DESC, rowid DESC"
HISTORY = f"SELECT {COLUMN_LIST}{{3}} FROM {{1}} AS quotes WHERE {{0}} ORDER BY {{2}}"
EVERY_READING = f"""
    SELECT {COLUMN_LIST}, read_by, superseded_by, superseded_at FROM (
        SELECT {COLUMN_LIST}, rowid AS nth FROM quotes UNION ALL SELECT {COLUMN_LIST}, rowid FROM superseded) AS quotes
    JOIN (SELECT snapshot_id, read_by, NULL AS superseded_by, NULL::TIMESTAMP AS superseded_at FROM snapshots
        UNION ALL SELECT snapshot_id, read_by, superseded_by, superseded_at FROM superseded_snapshots) USING (snapshot_id)
    WHERE {{}} ORDER BY quotes.observed_at NULLS LAST, superseded_at NULLS FIRST, snapshot_id, quotes.rank, quotes.nth
"""
# A text as people order it, #2 before #10: figures led by zeros, as many as make them equally long.
NATURAL = (
    "array_to_string(list_transform(regexp_extract_all({0}, '[0-9]+|[^0-9]+'),"
    " lambda part: CASE WHEN part[1] BETWEEN '0' AND '9' THEN lpad(part, greatest(20, len(part))::INTEGER, '0')"
    " ELSE part END), '')"
)
KNOWN = """
    SELECT {0} FROM (SELECT DISTINCT {0} FROM quotes WHERE starts_with(lower({0}), lower(?)) ORDER BY {0} LIMIT 3000)
    ORDER BY {1}, {0} LIMIT 300
"""
NEAREST_SOURCE = """
    SELECT name FROM (SELECT DISTINCT {} AS name FROM quotes)
    WHERE levenshtein(name, $1) <= greatest(2, length($1) // 5) ORDER BY levenshtein(name, $1), name LIMIT 1
"""
OF_SITE = "(site = $1 OR ends_with(site, '.' || $1))"
CALLED = "SELECT DISTINCT symbol, name FROM quotes WHERE coalesce(symbol, name) IS NOT NULL ORDER BY ALL"
BASES = [basis for at in TIME_BASES for basis in (["priced", at] if at == "published" else [at])]
LATEST = f"""
    WITH chosen AS NOT MATERIALIZED (
        SELECT *, coalesce(symbol, '?' || name) AS coin FROM {{1}} AS quotes
        WHERE {{0}} AND observed_at BETWEEN ? AND ? AND coalesce(symbol, name) IS NOT NULL),
    newest AS (SELECT coin, max(observed_at) AS observed_at FROM chosen GROUP BY coin)
    SELECT {COLUMN_LIST}{{2}} FROM chosen SEMI JOIN newest USING (coin, observed_at)
    QUALIFY row_number() OVER (PARTITION BY coin ORDER BY list_position({BASES}, time_basis),
        captured_at DESC NULLS LAST, snapshot_id, rank) = 1
    ORDER BY observed_at DESC, snapshot_id, rank
"""

SPAN = "min(observed_at) AS first, max(observed_at) AS last"
SEEN = """
    CREATE TEMP TABLE seen AS
    SELECT snapshot_id, any_value(site) AS site, any_value(layout) AS layout, any_value(time_basis) AS time_basis,
        any_value(observed_at) AS observed_at, count(*) AS quotes, count(*) FILTER (flags <> []) AS flagged
    FROM quotes GROUP BY snapshot_id
"""
SEEN_BY = f"""
    SELECT {{0}}, count(*) AS snapshots, sum(quotes)::BIGINT AS quotes, {SPAN}
    FROM seen GROUP BY {{0}} ORDER BY snapshots DESC, {NATURAL.format("{0}")}
"""
SITES = f"""
    SELECT site FROM (SELECT any_value(site) AS site FROM quotes GROUP BY snapshot_id) WHERE site IS NOT NULL
    GROUP BY site ORDER BY count(*) DESC, {NATURAL.format("site")}
"""
COVERAGE = {
    "totals": f"""
        SELECT count(*) AS snapshots, coalesce(sum(quotes), 0)::BIGINT AS quotes, {SPAN},
            count(*) FILTER (observed_at IS NULL) AS undated, coalesce(sum(flagged), 0)::BIGINT AS flagged FROM seen""",
    "sites": SEEN_BY.format("site"),
    "layouts": SEEN_BY.format("layout"),
    "bases": SEEN_BY.format("time_basis"),
    "coins": f"""
        SELECT symbol, CASE WHEN symbol IS NULL THEN name END AS name, currency, count(*) AS quotes, {SPAN}
        FROM quotes GROUP BY ALL ORDER BY quotes DESC, symbol, name, currency""",
    "flags": f"""
        SELECT flag, count(DISTINCT snapshot_id) AS snapshots, count(*) AS quotes, {SPAN}
        FROM (SELECT unnest(flags) AS flag, snapshot_id, observed_at FROM quotes) GROUP BY flag
        ORDER BY quotes DESC, flag""",
}
RECORDED = """
    WITH asked AS (SELECT unnest($1::VARCHAR[]) AS url, unnest($2::TIMESTAMPTZ[])::TIMESTAMP AS captured_at)
    SELECT url, captured_at, min(source) AS source FROM quotes SEMI JOIN asked USING (url, captured_at) GROUP BY ALL
"""


def filters(which: Filters) -> tuple[str, list[Any]]:
    """Filters as a condition and the values for its question marks.

    TimeError for a time that is none, and for a `since` after its `until`.
    """
    tests = ["true"]
    values: list[Any] = []
    since, until = which.get("since"), which.get("until")
    first = None if since is None else _instant(since)[0]
    if first is not None:
        tests.append("observed_at >= ?")
        values.append(first)
    if until is not None:
        instant, whole_day = _instant(until)
        last = instant + timedelta(days=whole_day)
        if first is not None and (last < first or (whole_day and last == first)):
            raise TimeError(f"since {since}", f"is after until {until}", "give the earlier one first")
        tests.append("observed_at < ?" if whole_day else "observed_at <= ?")
        values.append(last)
    if (currency := which.get("currency")) is not None:
        tests.append("currency = ?")
        values.append(currency)
    if (site := which.get("site")) is not None:
        tests.append(OF_SITE.replace("$1", "?"))
        values += [site, site]
    return " AND ".join(tests), values


def can_be() -> list[datetime]:
    """The first and the last time that a page can have, as the store has times."""
    return [when.replace(tzinfo=None) for when in plausible_span()]


def _instant(when: str | date | datetime) -> tuple[datetime, bool]:
    """A time as the store has it, in UTC without saying so, and whether it is a day without a clock."""
    if isinstance(when, str):
        when = _read(when)
    if not isinstance(when, datetime):
        return datetime(when.year, when.month, when.day), True
    return (when.astimezone(UTC) if when.tzinfo else when).replace(tzinfo=None), False


def _read(text: str) -> date | datetime:
    try:
        return date.fromisoformat(text) if len(text) <= 10 else datetime.fromisoformat(text)
    except ValueError:
        raise TimeError(text, "is no time", "write 2019-12-03 or 2019-12-03T16:35+09:00") from None


def has(con: Connection, test: str, values: list[Any]) -> bool:
    """Is there a quote that passes a test? The first one ends the search."""
    return bool(value(con, f"SELECT EXISTS (SELECT 1 FROM quotes WHERE {test})", values))


def value(con: Connection, query: str, values: object = None) -> Any:
    """The one value that a query gives."""
    ((cell,),) = con.execute(query, values).fetchall()
    return cell


def table(con: Connection, query: str, values: object = None) -> list[Row]:
    """All rows of a query as dicts; times aware."""
    return list(each(con, query, values))


def each(con: Connection, query: str, values: object = None) -> Iterator[Row]:
    """The rows of a query as dicts, as they come; times aware."""
    result = con.execute(query, values)
    names = [column[0] for column in result.description]
    return (dict(zip(names, row, strict=True)) for row in aware(result))


def aware(result: Connection) -> Iterator[list[Any]]:
    """The rows of a result, their times marked as what they are, UTC."""
    times = [at for at, column in enumerate(result.description) if column[1] == "TIMESTAMP"]
    while batch := result.fetchmany(10_000):
        for row in map(list, batch):
            for at in times:
                if row[at] is not None:
                    row[at] = row[at].replace(tzinfo=UTC)
            yield row
