"""What dated snapshots of a store say about others: a price an hour, the hours between, changes, jumps.

Reads `pages` (a row a snapshot) and `outside` (rows far from what their coin cost): neither doubtful snapshots nor such
rows are anybody's neighbours.
"""

from __future__ import annotations

from math import log

from ..market.margins import AGREES, BESIDE, CALM, DAILY, DIFFERS, JUMP, REACH
from .costs import MONDAY
from .file import Connection

FILLED = 6  # hours between two prices that are filled in for changes
SLOT = 3  # hours: how fine a list is dated between neighbours
SECONDS = SLOT * 3600

POINTS = """
    CREATE OR REPLACE TEMP TABLE points AS
    SELECT symbol, currency, date_trunc('hour', quotes.observed_at) AS hour, avg(epoch(quotes.observed_at)) AS seen,
        avg(ln(price)) AS level, min(ln(price)) AS lowest, max(ln(price)) AS highest
    FROM quotes {joined}
    WHERE quotes.time_basis IN ('given', 'stated', 'capture') AND symbol IS NOT NULL AND currency IS NOT NULL
        AND quotes.observed_at BETWEEN ? AND ? GROUP BY ALL
"""
CLEAN = """ANTI JOIN doubted USING (snapshot_id)
        ANTI JOIN outside ON outside.snapshot_id = quotes.snapshot_id AND outside.rank = quotes.rank"""
CELLS = f"""
    CREATE OR REPLACE TEMP TABLE cells AS
    SELECT *, lead(seen) OVER series AS next_seen, lead(level) OVER series AS next_level, lag(seen) OVER series AS last_seen,
        lag(level) OVER series AS last_level
    FROM points WHERE highest - lowest <= {log(CALM)}
    WINDOW series AS (PARTITION BY symbol, currency ORDER BY seen)
"""
HOURS = f"""
    CREATE OR REPLACE TEMP TABLE hours AS
    SELECT symbol, currency, hour, level FROM cells
    UNION ALL
    SELECT symbol, currency, hour + to_hours(n::INTEGER) AS hour,
        level + (next_level - level) * (epoch(hour) + 3600 * n + 1800 - seen) / (next_seen - seen) AS level
    FROM (SELECT *, unnest(range(1, ((next_seen // 3600) - epoch(hour) // 3600)::BIGINT)) AS n FROM cells
        WHERE next_seen - seen <= {FILLED * 3600} AND next_seen - seen > 3600)
"""
SLOTS = f"""
    CREATE OR REPLACE TEMP TABLE slots AS
    WITH ends AS (
        SELECT symbol, currency, seen, level, next_seen, next_level FROM cells
        WHERE next_seen - seen <= {REACH * 86400}
        UNION ALL SELECT symbol, currency, seen, level, seen, level FROM cells),
    parts AS (
        SELECT *, unnest(range(round(seen / {SECONDS})::BIGINT, round(next_seen / {SECONDS})::BIGINT + 1)) AS n FROM ends),
    lines AS (
        SELECT *, CASE WHEN next_seen > seen
            THEN greatest(0, least(1, (n * {SECONDS} - seen) / (next_seen - seen))) ELSE 0 END AS part
        FROM parts)
    SELECT symbol, currency, make_timestamp(n * {SECONDS} * 1000000) AS slot, {{period}} AS first,
        arg_min(level + (next_level - level) * part, part * (1 - part) * (next_seen - seen)) AS level,
        {DAILY**2} * min(part * (1 - part) * (next_seen - seen)) / 86400 AS variance
    FROM lines GROUP BY symbol, currency, n
"""
IMPLIED = """
    SELECT quotes.snapshot_id, rank, ln(price) - ln(1 + change_pct / 100) - level AS off,
        CASE WHEN price < 100 THEN 10.0 ** -len(split_part(rtrim(price::VARCHAR, '0'), '.', 2)) / price::DOUBLE ELSE 0 END
            AS rounding, observed_at - INTERVAL '24 hours' AS before, exp(level) AS cost, currency
    FROM quotes SEMI JOIN batch USING (snapshot_id) JOIN hours USING (symbol, currency)
    WHERE hours.hour = date_trunc('hour', quotes.observed_at - INTERVAL '24 hours') AND change_window = '24h'
        AND change_pct > -100 AND time_basis IN ('given', 'stated', 'capture')
"""
AGREEING = f"""
    INSERT INTO findings
    SELECT snapshot_id, NULL, 'changes-agree', string_agg(rank, ' ' ORDER BY rank),
        format('{{:d}} of {{:d}} changes over 24 h lead to the price of {{}} UTC', count(*), any_value(tested),
            strftime(any_value(before), '%Y-%m-%d %H:%M'))
    FROM (SELECT *, count(*) OVER (PARTITION BY snapshot_id) AS tested FROM implied)
    WHERE abs(off) <= {AGREES} + rounding GROUP BY snapshot_id
"""
DIFFERING = f"""
    INSERT INTO findings
    SELECT snapshot_id, rank, 'change-differs', format('{{:+.1f}}', 100 * off),
        format('the change leads to a price {{:.1f}} % off the {{:.6g}} {{}} that was shown at {{}} UTC', 100 * off, cost,
            currency, strftime(before, '%Y-%m-%d %H:%M'))
    FROM implied WHERE abs(off) > {DIFFERS} + rounding
"""
SIGNS = f"""
    INSERT INTO findings
    WITH lost AS (
        SELECT quotes.snapshot_id, rank, ln(price) - level AS moved, exp(level) AS cost, currency,
            replace(regexp_extract(row_text, '([0-9]+(?:[.,][0-9]+)?)\\s*%', 1), ',', '.')::DOUBLE / 100 AS size,
            observed_at - INTERVAL '24 hours' AS before
        FROM quotes SEMI JOIN batch USING (snapshot_id) JOIN hours USING (symbol, currency)
        WHERE list_contains(flags, 'sign-lost') AND change_pct IS NULL AND coalesce(change_window, '24h') = '24h'
            AND regexp_matches(row_text, '[0-9]\\s*%') AND time_basis IN ('given', 'stated', 'capture')
            AND hours.hour = date_trunc('hour', quotes.observed_at - INTERVAL '24 hours')),
    tried AS (SELECT *, abs(moved - ln(1 + size)) AS rose, abs(moved - ln(1 - size)) AS fell FROM lost WHERE size < 1)
    SELECT snapshot_id, rank, 'change-sign', CASE WHEN rose < fell THEN '+' ELSE '-' END,
        format('{{:.2f}} % with this sign alone leads to the {{:.6g}} {{}} that was shown at {{}} UTC', 100 * size, cost,
            currency, strftime(before, '%Y-%m-%d %H:%M'))
    FROM tried WHERE least(rose, fell) <= {AGREES} AND greatest(rose, fell) > 2 * {AGREES} AND abs(rose - fell) > {AGREES}
"""
JUMPS = f"""
    CREATE OR REPLACE TEMP TABLE jumps AS
    WITH beside AS (
        SELECT *, lead(seen) OVER series AS after, lead(level) OVER series AS next, lag(seen) OVER series AS before,
            lag(level) OVER series AS last
        FROM points WINDOW series AS (PARTITION BY symbol, currency ORDER BY seen))
    SELECT symbol, currency, hour, last, next FROM beside
    WHERE abs(last - next) <= {log(CALM)} AND after - seen <= {BESIDE * 86400} AND seen - before <= {BESIDE * 86400}
        AND (highest > greatest(last, next) + {log(JUMP)} OR lowest < least(last, next) - {log(JUMP)})
"""
JUMPED = f"""
    INSERT INTO findings
    SELECT quotes.snapshot_id, quotes.rank, 'off-market', format('{{:.4g}}', exp(ln(price) - (last + next) / 2)),
        format('{{:.4g}} times the {{:.6g}} {{}} that was shown before and after it', exp(ln(price) - (last + next) / 2),
            exp((last + next) / 2), currency)
    FROM quotes SEMI JOIN batch USING (snapshot_id) ANTI JOIN doubted USING (snapshot_id)
        JOIN jumps USING (symbol, currency)
    WHERE jumps.hour = date_trunc('hour', quotes.observed_at) AND time_basis IN ('given', 'stated', 'capture')
        AND NOT ln(price) BETWEEN least(last, next) - {log(JUMP)} AND greatest(last, next) + {log(JUMP)}
        AND (quotes.snapshot_id, quotes.rank) NOT IN (SELECT (snapshot_id, rank) FROM outside)
"""


def lay_out(con: Connection, first: object, last: object, step: int) -> None:
    """Make `points`, `cells`, `hours`, `slots` and `jumps` of what was dated between two moments."""
    doubts = con.execute("SELECT (SELECT count(*) FROM doubted) + (SELECT count(*) FROM outside)").fetchone()
    con.execute(POINTS.format(joined=CLEAN if doubts and doubts[0] else ""), [first, last])
    con.execute(CELLS)
    con.execute(HOURS)
    period = MONDAY.format("slot") if step == 7 else "date_trunc('day', slot)"
    con.execute(SLOTS.format(period=period))
    con.execute(JUMPS)


def compare(con: Connection) -> None:
    """Put into `findings` what neighbours say of changes, lost signs and prices of the snapshots in `batch`."""
    con.execute(f"CREATE OR REPLACE TEMP TABLE implied AS {IMPLIED}")
    for statement in (AGREEING, DIFFERING, SIGNS, JUMPED):
        con.execute(statement)
