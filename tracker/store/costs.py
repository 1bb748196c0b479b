"""What coins cost, as tables for this connection: by period and money, and what is near enough to a week."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from ..market.atlas import Atlas
from ..market.margins import COIN, NEAR, STABLE
from .file import Connection

MONDAY = "time_bucket(INTERVAL '7 days', {}, TIMESTAMP '2013-01-07')"
SHELF = (
    0.1  # prices are looked up by the tenth of their logarithm, for an inequality alone would try every pair
)
PLACE = f"floor(ln({{}}) / {SHELF})::INTEGER"
COSTS = f"""
    CREATE OR REPLACE TEMP TABLE costs AS
    SELECT symbol, currency, periods.first, periods.first + to_days(?) AS last, low * {1 - COIN} AS low,
        high * {1 + COIN} AS high, cheap, dear
    FROM periods JOIN rates ON rates.first = {MONDAY.format("periods.first")}
"""
SHELVES = f"""
    CREATE OR REPLACE TEMP TABLE shelves AS
    SELECT *, unnest(range({PLACE.format("low * cheap")}, {PLACE.format("high * dear")} + 1)) AS shelf
    FROM costs WHERE symbol NOT IN {STABLE}
"""
# By week: what a coin cost in it and in those beside it, with the wide margin.
NEARBY = f"""
    CREATE OR REPLACE TEMP TABLE nearby AS
    WITH weeks AS (
        SELECT symbol, currency, {MONDAY.format("first")} AS week, min(low * cheap) AS low, max(high * dear) AS high
        FROM costs GROUP BY ALL)
    SELECT symbol, currency, week, min(low) OVER beside * {(1 - NEAR) / (1 - COIN)} AS low,
        max(high) OVER beside * {(1 + NEAR) / (1 + COIN)} AS high
    FROM weeks WINDOW beside AS (PARTITION BY symbol, currency ORDER BY week
        RANGE BETWEEN INTERVAL '7 days' PRECEDING AND INTERVAL '7 days' FOLLOWING)
"""


def lay_out(con: Connection, atlas: Atlas) -> None:
    """Make `costs`, `shelves` and `nearby` for the coins and currencies of the store."""
    symbols, currencies = (_distinct(con, column) for column in ("symbol", "currency"))
    if con.execute("FROM quotes WHERE name IS NULL AND symbol IS NULL LIMIT 1").fetchall():
        symbols = [*{*symbols, *atlas.coins()}]  # a lost name may be anybody's
    _put(con, "periods", ("symbol", "first", "low", "high"), atlas.costs(symbols))
    _put(con, "rates", ("currency", "first", "cheap", "dear"), atlas.rates(currencies))
    con.execute(COSTS, [atlas.step])
    con.execute(SHELVES)
    con.execute(NEARBY)


def _distinct(con: Connection, column: str) -> list[str]:
    return [
        name
        for (name,) in con.execute(f"SELECT DISTINCT {column} FROM quotes WHERE {column} NOT NULL").fetchall()
    ]


def _put(
    con: Connection,
    name: str,
    columns: tuple[str, str, str, str],
    rows: Iterable[tuple[str, date, float, float]],
) -> None:
    """A temporary table of a name, the first moment of a period, and two figures."""
    what, first, low, high = columns
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE {name} ({what} VARCHAR, {first} TIMESTAMP, {low} DOUBLE, {high} DOUBLE)"
    )
    with con.appender(name) as appender:
        appender.append_rows([*rows])
