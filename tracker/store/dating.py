"""Lists without a time that can be relied on, held against what their coins cost: first the weeks that fit, then the hours
between dated snapshots of the same store. Reads the tables of costs.py and neighbours.py, `fresh` (the rows to do), and
`wanted`: its list (a snapshot), since and until (either may be null). Makes `lists`: a row a coin, with its list, symbol and
price in one currency."""

from __future__ import annotations

from ..market.margins import COIN, COINS_A_MISS, LEAST, LIKELY, LOOSE, SITE, STABLE, TIGHT, TOGETHER
from .costs import PLACE
from .file import Connection

# A list is held against the one currency in which most of its coins are known. Its number stands for it where millions of
# rows are grouped.
LISTS = f"""
    CREATE OR REPLACE TEMP TABLE lists AS
    WITH rows AS (
        SELECT snapshot_id AS list, symbol, currency, price::DOUBLE AS price
        FROM fresh SEMI JOIN wanted ON list = snapshot_id WHERE symbol IS NOT NULL AND currency IS NOT NULL),
    known AS (SELECT DISTINCT symbol, currency FROM costs WHERE symbol NOT IN {STABLE}),
    money AS (
        SELECT list, currency, count(known.symbol) AS tested, count(*) AS coins
        FROM rows LEFT JOIN known USING (symbol, currency) GROUP BY list, currency
        QUALIFY row_number() OVER (PARTITION BY list ORDER BY tested DESC, coins DESC, currency) = 1)
    SELECT rows.*, tested, known.symbol IS NOT NULL AS known, dense_rank() OVER (ORDER BY list) AS number
    FROM rows JOIN money USING (list, currency) LEFT JOIN known USING (symbol, currency)
"""
# A period fits if each coin's price lies within what it cost, and one premium suits them all. `need` is the margin that
# this takes: between the coins, and to a rate there was.
PAIRS = f"""
    CREATE OR REPLACE TEMP TABLE pairs AS
    WITH numbered AS (
        SELECT number, shelves.first, any_value(shelves.last) AS last, any_value(tested) AS tested, count(*) AS fits,
            max(price / high) * {1 + COIN} AS most, min(price / low) * {1 - COIN} AS least,
            greatest(0, (most - least) / (most + least), most / any_value(dear) - 1, 1 - least / any_value(cheap)) AS need
        FROM lists JOIN shelves ON shelves.symbol = lists.symbol AND shelves.currency = lists.currency
            AND shelf = {PLACE.format("price")} AND price BETWEEN low * cheap AND high * dear
        WHERE tested >= {LEAST}
        GROUP BY number, shelves.first
        HAVING 2 * fits >= any_value(tested) AND fits >= {LEAST} AND need <= {COIN})
    SELECT list, numbered.* EXCLUDE (number) FROM numbered JOIN (SELECT DISTINCT number, list FROM lists) USING (number)
"""
FITS = f"""
    CREATE OR REPLACE TEMP TABLE fits AS
    WITH counted AS (
        SELECT list, pairs.first, count(*) AS known FROM pairs JOIN lists USING (list)
        JOIN costs ON costs.symbol = lists.symbol AND costs.currency = lists.currency AND costs.first = pairs.first
        WHERE pairs.fits < pairs.tested AND lists.known GROUP BY ALL),
    judged AS (
        SELECT pairs.*, coalesce(known, tested) AS known,
            (since IS NULL OR pairs.last > since) AND (until IS NULL OR pairs.first <= until) AS inside
        FROM pairs JOIN wanted USING (list) LEFT JOIN counted USING (list, first)),
    allowed AS (
        SELECT *, known - fits AS misses FROM judged
        WHERE 2 * known >= tested AND (known - fits) <= known // {COINS_A_MISS})
    SELECT list, first, last, fits, known AS tested, inside FROM allowed
    QUALIFY inside = bool_or(inside) OVER (PARTITION BY list) AND misses = min(misses) OVER (PARTITION BY list, inside)
        AND need <= min(need) OVER (PARTITION BY list, inside, misses) + {TIGHT}
"""
# Between neighbours a coin's logarithm is drawn as a line, and may lie off it the further, the further both are; in part
# with all others. An hour fits if the coins' distances from their lines are no more than such walks have, and likely
# enough beside the best hour: by the likelihood of a normal distribution with one shared part.
SLOTS = f"""
    CREATE OR REPLACE TEMP TABLE near_fits AS
    WITH compared AS (
        SELECT number, any_value(fits.first) AS first, slot, count(*) AS coins, avg(ln(price) - level) AS shift,
            var_pop(ln(price) - level) AS spread,
            {SITE**2} + {1 - TOGETHER} * avg(variance) AS own, own + count(*) * {TOGETHER} * avg(variance) AS shared
        FROM fits SEMI JOIN (FROM wanted WHERE NOT dated) USING (list) JOIN lists USING (list) JOIN slots
            ON slots.symbol = lists.symbol AND slots.currency = lists.currency AND slots.first = fits.first
        GROUP BY number, slot),
    weighed AS (
        SELECT *, coins * spread / own + coins * shift ** 2 / shared AS off,
            off + (coins - 1) * ln(own) + ln(shared) AS unlikely
        FROM compared JOIN (SELECT DISTINCT number, list, tested FROM lists) USING (number)
        WHERE coins >= {LEAST} AND 2 * coins >= tested)
    SELECT list, first, slot, coins FROM weighed WHERE off <= coins + {LOOSE} * sqrt(coins)
    QUALIFY unlikely <= min(unlikely) OVER (PARTITION BY list) + {LIKELY}
"""


def fit_weeks(con: Connection) -> None:
    """Make `lists` and `fits`: which periods each list fits."""
    for statement in (LISTS, PAIRS, FITS):
        con.execute(statement)


def fit_hours(con: Connection) -> None:
    """Make `near_fits`: which hours between neighbours each list fits, but for those that have a time of their own."""
    con.execute(SLOTS)
