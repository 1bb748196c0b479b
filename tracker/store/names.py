"""Rows whose name was lost: which coin stands there in other snapshots of the layout, and which coins cost that.

One place and one price leave a guess; several candidates are named as such. Tickers that several coins had are told apart by
time. Reads `batch`, `pages`, `fits`, `doubted`, `confirmed` and `costs`.
"""

from __future__ import annotations

from ..market.margins import PLACES_APART, STABLE
from ..market.renames import HOLDERS
from ..model import GENERIC
from .file import Connection
from .neighbours import DATED
from .queries import value

TICKERS = tuple(sorted({holder.ticker for holder in HOLDERS}))
# Few rows have lost their names or have such a ticker: they are looked for once, not in every batch.
DOUBTFUL = f"""
    CREATE OR REPLACE TEMP TABLE doubtful AS
    SELECT snapshot_id, rank, layout, site, currency, price, observed_at, time_basis, coalesce(symbol, upper(name)) AS ticker
    FROM fresh {{}}
    WHERE (name IS NULL AND symbol IS NULL) OR symbol IN {TICKERS} OR (symbol IS NULL AND upper(name) IN {TICKERS})
"""
LOST = """
    CREATE OR REPLACE TEMP TABLE lost AS
    SELECT snapshot_id, rank, layout, site, currency, price::DOUBLE AS price, observed_at, time_basis
    FROM doubtful SEMI JOIN batch USING (snapshot_id) WHERE ticker IS NULL
"""
# The same place: between the same two coins, in snapshots of the same layout that are not too far off in time.
PLACES = f"""
    CREATE OR REPLACE TEMP TABLE places AS
    WITH about AS (
        SELECT lost.*, above.symbol AS above, below.symbol AS below FROM lost
        JOIN quotes AS above ON above.snapshot_id = lost.snapshot_id AND above.rank = lost.rank - 1
        JOIN quotes AS below ON below.snapshot_id = lost.snapshot_id AND below.rank = lost.rank + 1
        WHERE above.symbol IS NOT NULL AND below.symbol IS NOT NULL),
    others AS (
        SELECT quotes.snapshot_id, quotes.rank, below, about.snapshot_id AS lost_in, about.rank AS lost_rank
        FROM about JOIN quotes ON quotes.layout = about.layout AND quotes.symbol = about.above
        WHERE quotes.snapshot_id <> about.snapshot_id AND {DATED}
            AND (about.layout <> '{GENERIC}' OR quotes.site = about.site)
            AND quotes.observed_at BETWEEN about.observed_at - INTERVAL '{PLACES_APART} days'
                AND about.observed_at + INTERVAL '{PLACES_APART} days')
    SELECT lost_in AS snapshot_id, lost_rank AS rank, mid.symbol, count(DISTINCT mid.snapshot_id) AS shown
    FROM others JOIN quotes AS mid ON mid.snapshot_id = others.snapshot_id AND mid.rank = others.rank + 1
        JOIN quotes AS low ON low.snapshot_id = others.snapshot_id AND low.rank = others.rank + 2
    WHERE low.symbol = others.below AND mid.symbol IS NOT NULL GROUP BY ALL
"""
# When a list was on show: where its prices fit, else at its time, if nothing speaks against it.
PRICED_AS = f"""
    CREATE OR REPLACE TEMP TABLE priced_as AS
    WITH times AS (
        SELECT snapshot_id, fits.first FROM lost JOIN fits ON fits.list = snapshot_id
        UNION SELECT snapshot_id, costs.first FROM lost AS quotes
            JOIN costs ON observed_at >= costs.first AND observed_at < costs.last
        WHERE {DATED} AND snapshot_id NOT IN (SELECT snapshot_id FROM doubted))
    SELECT lost.snapshot_id, lost.rank, costs.symbol, bool_or(price BETWEEN low * cheap AND high * dear) AS fitting,
        min(abs(ln(price / sqrt(low * high * cheap * dear)))) AS off
    FROM lost JOIN times USING (snapshot_id) JOIN costs ON costs.first = times.first AND costs.currency = lost.currency
    WHERE costs.symbol NOT IN {STABLE} AND (lost.snapshot_id, costs.symbol) NOT IN (
        SELECT (snapshot_id, symbol) FROM quotes SEMI JOIN lost USING (snapshot_id) WHERE symbol IS NOT NULL)
    GROUP BY ALL
"""
GUESSES = """
    INSERT INTO made
    WITH one AS (
        SELECT snapshot_id, rank, any_value(symbol) AS symbol, sum(shown)::BIGINT AS shown FROM places GROUP BY ALL
        HAVING count(*) = 1 AND sum(shown) >= 2),
    prices AS (
        SELECT snapshot_id, rank, list(symbol ORDER BY off, symbol) FILTER (fitting) AS symbols FROM priced_as GROUP BY ALL),
    guessed AS (
        SELECT lost.*, one.symbol, shown, symbols, coalesce(fitting, true) AS fitting
        FROM lost LEFT JOIN one USING (snapshot_id, rank) LEFT JOIN prices USING (snapshot_id, rank)
            LEFT JOIN priced_as ON priced_as.snapshot_id = lost.snapshot_id AND priced_as.rank = lost.rank
                AND priced_as.symbol = one.symbol)
    SELECT snapshot_id, rank, 'symbol-guess', symbol,
        format('{:d} other snapshots of {} show {} between the same coins, and its price speaks not against it', shown,
            layout, symbol)
    FROM guessed WHERE symbol IS NOT NULL AND fitting
    UNION ALL
    SELECT snapshot_id, rank, 'symbol-ambiguous', array_to_string(symbols, '|'),
        format('other snapshots of {} do not tell; of the known coins that the list does not name {:d} cost that then',
            layout, len(symbols))
    FROM guessed WHERE NOT (symbol IS NOT NULL AND fitting) AND len(symbols) > 0
"""
# Tickers that several coins had: by the time, where that is sure, one is left.
HELD = """
    INSERT INTO made
    WITH held AS (
        SELECT doubtful.snapshot_id, rank, ticker, list(coin ORDER BY since, coin) AS coins,
            list(coin ORDER BY since, coin)
                FILTER (observed_at >= since AND (till IS NULL OR observed_at < till + INTERVAL '1 day')) AS alive,
            any_value(observed_at) AS seen, bool_or(sure.snapshot_id IS NOT NULL) AS sure
        FROM doubtful SEMI JOIN batch USING (snapshot_id) JOIN holders USING (ticker)
            LEFT JOIN (
                SELECT snapshot_id FROM pages WHERE time_basis NOT IN ('none', 'published')
                    AND snapshot_id NOT IN (SELECT snapshot_id FROM doubted)
                UNION SELECT snapshot_id FROM confirmed) AS sure USING (snapshot_id)
        GROUP BY ALL)
    SELECT snapshot_id, rank, 'symbol-told', alive[1], format('{} was {} alone on {}', ticker, alive[1],
        strftime(seen, '%Y-%m-%d')) FROM held WHERE sure AND len(alive) = 1
    UNION ALL
    SELECT snapshot_id, rank, 'symbol-ambiguous', array_to_string(coins, '|'),
        format('{} was a ticker of {}, and the time does not say which', ticker, array_to_string(coins, ' and of '))
    FROM held WHERE NOT (sure AND coalesce(len(alive), 0) = 1)
"""


def lay_out(con: Connection, which: str) -> None:
    """Make `holders`, which coins had which ticker, from when on till when; and `doubtful`, the rows to look at.

    which  a join that leaves of `fresh` what is to do
    """
    con.execute(DOUBTFUL.format(which))
    con.execute(
        "CREATE OR REPLACE TEMP TABLE holders (ticker VARCHAR, coin VARCHAR, since TIMESTAMP, till TIMESTAMP)"
    )
    con.executemany("INSERT INTO holders VALUES (?, ?, ?, ?)", [list(holder) for holder in HOLDERS])


def guess(con: Connection) -> None:
    """Put into `made` which coins the nameless rows of `batch` may be, and those of tickers that several coins had."""
    con.execute(LOST)
    if value(con, "SELECT count(*) FROM lost"):
        for statement in (PLACES, PRICED_AS, GUESSES):
            con.execute(statement)
    if value(con, "SELECT count(*) FROM doubtful WHERE ticker IS NOT NULL"):
        con.execute(HELD)
