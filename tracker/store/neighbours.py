"""What dated snapshots of a store say about others: a price an hour, the hours between, changes, jumps.

Reads `fresh`, the rows to do, and `pages`, a row a snapshot of theirs. Rows far from what their coin cost (`outside`) and
snapshots with many of them (`doubted`) are nobody's neighbours.
"""

from __future__ import annotations

from datetime import datetime
from math import log

from ..market.margins import AGREES, BESIDE, CALM, DAILY, DIFFERS, JUMP, LEAST, REACH, STABLE
from .costs import MONDAY
from .file import Connection
from .queries import value
from .reduce import literal

FILLED = 6  # hours between two prices that are filled in for changes
SLOT = 3  # hours: how fine a list is dated between neighbours
SECONDS = SLOT * 3600

# Asked of the few words that a column has, where `IN` would ask every row.
DATED = "contains('given stated capture', quotes.time_basis)"
HOUR = "date_trunc('hour', quotes.observed_at)"
# Means stay decimal until they are one an hour: turning each price into a float would cost more than all the rest.
PRICES = f"""
    SELECT symbol, currency, hour, seen, ln(mean) AS level, ln(lowest::DOUBLE) AS lowest, ln(highest::DOUBLE) AS highest
    FROM (SELECT symbol, currency, {HOUR} AS hour, avg(epoch_ms(quotes.observed_at)) / 1000 AS seen, avg(price) AS mean,
            min(price) AS lowest, max(price) AS highest
        FROM quotes {{}}
        WHERE {DATED} AND symbol IS NOT NULL AND currency IS NOT NULL AND quotes.observed_at BETWEEN $first AND $last
        GROUP BY ALL)
"""
# Where a price lies far from what its coin cost: seen by the hour, for there are fewer hours than rows.
SUSPECT = f"""
    CREATE OR REPLACE TEMP TABLE suspect AS
    SELECT symbol, currency, hour FROM points JOIN nearby USING (symbol, currency)
    WHERE nearby.week = {MONDAY.format("hour")} AND (lowest < ln(nearby.low) OR highest > ln(nearby.high))
"""
FAR = f"nearby.week = {MONDAY.format('quotes.observed_at')} AND NOT price::DOUBLE BETWEEN nearby.low AND nearby.high"
OUTSIDE = f"""
    CREATE OR REPLACE TEMP TABLE outside AS
    SELECT snapshot_id, rank, symbol, currency, price::DOUBLE AS price, nearby.low, nearby.high
    FROM quotes JOIN suspect USING (symbol, currency) JOIN nearby USING (symbol, currency)
    WHERE suspect.hour = {HOUR} AND {DATED} AND {FAR}
"""
# Snapshots that have but a day: too few to be worth more than a look at each of their rows.
BARE = f"""
    CREATE OR REPLACE TEMP TABLE bare AS SELECT quotes.* FROM fresh AS quotes SEMI JOIN (
        SELECT snapshot_id FROM pages AS quotes WHERE NOT {DATED} AND observed_at IS NOT NULL) USING (snapshot_id)
"""
OUTSIDE_BARE = f"""
    INSERT INTO outside
    SELECT snapshot_id, rank, symbol, currency, price::DOUBLE AS price, nearby.low, nearby.high
    FROM bare AS quotes JOIN nearby USING (symbol, currency) WHERE {FAR}
"""
DOUBTED = f"""
    CREATE OR REPLACE TEMP TABLE doubted AS
    WITH tested AS (
        SELECT snapshot_id, count(*) AS tested
        FROM quotes SEMI JOIN outside USING (snapshot_id) JOIN nearby USING (symbol, currency)
        WHERE nearby.week = {MONDAY.format("quotes.observed_at")} AND symbol NOT IN {STABLE} GROUP BY snapshot_id)
    SELECT snapshot_id, any_value(tested) AS tested, count(*) AS outside FROM outside JOIN tested USING (snapshot_id)
    WHERE symbol NOT IN {STABLE} GROUP BY snapshot_id
    HAVING any_value(tested) >= {LEAST} AND count(*) >= greatest(2, any_value(tested) / 4)
"""
# The hours in which such rows and doubtful snapshots had a part are counted again without them.
MUDDIED = f"""
    CREATE OR REPLACE TEMP TABLE muddied AS
    SELECT DISTINCT symbol, currency, {HOUR} AS hour FROM quotes
    WHERE {DATED} AND symbol IS NOT NULL AND currency IS NOT NULL AND (snapshot_id IN (SELECT snapshot_id FROM doubted)
        OR (snapshot_id, rank) IN (SELECT (snapshot_id, rank) FROM outside))
"""
CLEAN = f"""SEMI JOIN muddied ON muddied.symbol = quotes.symbol AND muddied.currency = quotes.currency
            AND muddied.hour = {HOUR}
        ANTI JOIN doubted USING (snapshot_id)
        ANTI JOIN outside ON outside.snapshot_id = quotes.snapshot_id AND outside.rank = quotes.rank"""
CELLS = f"""
    CREATE OR REPLACE TEMP TABLE cells AS
    SELECT *, lead(seen) OVER series AS next_seen, lead(level) OVER series AS next_level
    FROM points WHERE highest - lowest <= {log(CALM)}
    WINDOW series AS (PARTITION BY symbol, currency ORDER BY seen)
"""
# A change that surely leads to the price of its hour: where the price lies between these two times (100 + change). In
# decimals, for that costs a fraction of a float; null where they are too coarse or too large for it.
SURELY = "CASE WHEN level > ln(0.001) THEN TRY_CAST(exp(level {}) / 100 AS DECIMAL(24,12)) END"
HOURS = f"""
    CREATE OR REPLACE TEMP TABLE hours AS
    SELECT *, {SURELY.format(f"- {AGREES - 1e-6}")} AS low, {SURELY.format(f"+ {AGREES - 1e-6}")} AS high FROM (
        SELECT symbol, currency, hour, level FROM cells
        UNION ALL
        SELECT symbol, currency, hour + to_hours(n::INTEGER) AS hour,
            level + (next_level - level) * (epoch(hour) + 3600 * n + 1800 - seen) / (next_seen - seen) AS level
        FROM (SELECT *, unnest(range(1, ((next_seen // 3600) - epoch(hour) // 3600)::BIGINT)) AS n FROM cells
            WHERE next_seen - seen <= {FILLED * 3600} AND next_seen - seen > 3600))
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
# The dated rows of a batch: by their times, for the rows of a stretch of time stand together, and by the ids of the first
# and last; only where others stand between them one by one.
ENDS = "SELECT min_by(row(observed_at, snapshot_id), nth), max_by(row(observed_at, snapshot_id), nth) FROM batch WHERE dated"
PART = f"""
    CREATE OR REPLACE TEMP VIEW part AS SELECT quotes.* FROM fresh AS quotes {{which}}
    WHERE quotes.observed_at BETWEEN TIMESTAMP '{{first}}' AND TIMESTAMP '{{last}}' AND {DATED}
        AND (quotes.observed_at > TIMESTAMP '{{first}}' OR quotes.snapshot_id >= {{first_id}})
        AND (quotes.observed_at < TIMESTAMP '{{last}}' OR quotes.snapshot_id <= {{last_id}})
"""
BEFORE = "strftime(observed_at - INTERVAL '24 hours', '%Y-%m-%d %H:%M')"
# The last digit printed, as a share of the price: it is asked for only where prices differ, for it costs.
ROUNDING = "10.0 ** -len(split_part(rtrim(price::VARCHAR, '0'), '.', 2)) / price::DOUBLE"
# A row a snapshot: the ranks whose change leads to the price of the day before, and what is told of those that do not.
IMPLIED = f"""
    CREATE OR REPLACE TEMP TABLE implied AS
    WITH held AS (
        SELECT snapshot_id, observed_at, rank, currency, level,
            CASE WHEN price BETWEEN low * (100 + change_pct) AND high * (100 + change_pct) THEN 0
                ELSE ln(price::DOUBLE / (1 + change_pct::DOUBLE / 100)) - level END AS off,
            CASE WHEN abs(off) <= {AGREES} OR price >= 100 THEN 0 ELSE {ROUNDING} END AS rounding
        FROM part AS quotes JOIN hours USING (symbol, currency)
        WHERE hours.hour = {HOUR} - INTERVAL '24 hours' AND change_window = '24h' AND change_pct > -100)
    SELECT snapshot_id, any_value(observed_at) AS observed_at, count(*) AS tested,
        list(rank) FILTER (abs(off) <= {AGREES} + rounding) AS ranks,
        list(struct_pack(rank, off, level, currency)) FILTER (abs(off) > {DIFFERS} + rounding) AS differing
    FROM held GROUP BY snapshot_id
"""
# Many snapshots have the same ranks: these are sorted and spelled once.
AGREEING = f"""
    INSERT INTO made
    WITH spelled AS (SELECT ranks, array_to_string(list_sort(ranks), ' ') AS value FROM (SELECT DISTINCT ranks FROM implied))
    SELECT snapshot_id, NULL, 'changes-agree', value,
        len(ranks) || ' of ' || tested || ' changes over 24 h lead to the price of ' || {BEFORE} || ' UTC'
    FROM implied JOIN spelled USING (ranks) WHERE len(ranks) > 0
"""
DIFFERING = f"""
    INSERT INTO made
    SELECT snapshot_id, one.rank, 'change-differs', format('{{:+.1f}}', 100 * one.off),
        format('the change leads to a price {{:.1f}} % off the {{:.6g}} {{}} that was shown at {{}} UTC', 100 * one.off,
            exp(one.level), one.currency, {BEFORE})
    FROM (SELECT snapshot_id, observed_at, unnest(differing) AS one FROM implied WHERE len(differing) > 0)
"""
SIGNS = f"""
    INSERT INTO made
    WITH lost AS (
        SELECT quotes.snapshot_id, rank, ln(price) - level AS moved, exp(level) AS cost, currency,
            replace(regexp_extract(row_text, '([0-9]+(?:[.,][0-9]+)?)\\s*%', 1), ',', '.')::DOUBLE / 100 AS size,
            observed_at
        FROM part AS quotes JOIN hours USING (symbol, currency)
        WHERE list_contains(flags, 'sign-lost') AND change_pct IS NULL AND coalesce(change_window, '24h') = '24h'
            AND regexp_matches(row_text, '[0-9]\\s*%')
            AND hours.hour = {HOUR} - INTERVAL '24 hours'),
    tried AS (SELECT *, abs(moved - ln(1 + size)) AS rose, abs(moved - ln(1 - size)) AS fell FROM lost WHERE size < 1)
    SELECT snapshot_id, rank, 'change-sign', CASE WHEN rose < fell THEN '+' ELSE '-' END,
        format('{{:.2f}} % with this sign alone leads to the {{:.6g}} {{}} that was shown at {{}} UTC', 100 * size, cost,
            currency, {BEFORE})
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
    INSERT INTO made
    SELECT quotes.snapshot_id, quotes.rank, 'off-market', format('{{:.4g}}', exp(ln(price) - (last + next) / 2)),
        format('{{:.4g}} times the {{:.6g}} {{}} that was shown before and after it', exp(ln(price) - (last + next) / 2),
            exp((last + next) / 2), currency)
    FROM part AS quotes ANTI JOIN doubted USING (snapshot_id)
        JOIN jumps USING (symbol, currency)
    WHERE jumps.hour = {HOUR}
        AND NOT ln(price) BETWEEN least(last, next) - {log(JUMP)} AND greatest(last, next) + {log(JUMP)}
        AND (quotes.snapshot_id, quotes.rank) NOT IN (SELECT (snapshot_id, rank) FROM outside)
"""


def lay_out(con: Connection, first: datetime, last: datetime, step: int) -> None:
    """Make `points`, `outside`, `doubted`, `cells`, `hours`, `slots` and `jumps` of what was dated between two moments."""
    ends = {"first": first, "last": last}
    con.execute(f"CREATE OR REPLACE TEMP TABLE points AS {PRICES.format('')}", ends)
    con.execute(SUSPECT)
    con.execute(f"{OUTSIDE}" if value(con, "SELECT count(*) FROM suspect") else f"{OUTSIDE} LIMIT 0")
    for statement in (BARE, OUTSIDE_BARE, DOUBTED):
        con.execute(statement)
    if value(con, "SELECT count(*) FROM outside"):
        con.execute(MUDDIED)
        con.execute("DELETE FROM points WHERE (symbol, currency, hour) IN (FROM muddied)")
        con.execute(f"INSERT INTO points {PRICES.format(CLEAN)}", ends)
    con.execute(CELLS)
    con.execute(HOURS)
    con.execute(SLOTS.format(period=MONDAY.format("slot") if step == 7 else "date_trunc('day', slot)"))
    con.execute(JUMPS)


def compare(con: Connection, everything: bool) -> None:
    """Put into `made` what neighbours say of changes, lost signs and prices of the snapshots in `batch`.

    everything  there are no other snapshots between the first and the last of them
    """
    first, last = con.execute(ENDS).fetchall()[0]
    if first is not None:
        which = "" if everything else "SEMI JOIN batch USING (snapshot_id)"
        ids = {"first_id": literal(first[1]), "last_id": literal(last[1])}
        con.execute(PART.format(which=which, first=first[0], last=last[0], **ids))
        for statement in (IMPLIED, AGREEING, DIFFERING, SIGNS, JUMPED):
            con.execute(statement)
