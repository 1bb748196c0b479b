"""What the prices of lists say about their times: spans, times confirmed and contradicted, rows off the market.

Reads `batch` and `pages` (a row a snapshot), `outside` and `doubted` (what lies far from what its coin cost at its time).
"""

from __future__ import annotations

from datetime import datetime

from ..market.margins import LEAST, OFF, SURE
from . import dating
from .file import Connection
from .findings import SPAN
from .neighbours import SLOT

# The article's day is the first, the capture's the last on which a list can have been on show.
WANTED = """
    CREATE OR REPLACE TEMP TABLE wanted AS
    SELECT snapshot_id AS list, published_at - INTERVAL '1 day' AS since, captured_at + INTERVAL '1 day' AS until,
        time_basis IN ('given', 'stated', 'capture') AS dated
    FROM pages SEMI JOIN (
        SELECT snapshot_id FROM batch WHERE NOT dated UNION ALL SELECT snapshot_id FROM batch SEMI JOIN doubted
        USING (snapshot_id)) USING (snapshot_id)
"""
SPANS = f"""
    CREATE OR REPLACE TEMP TABLE spans AS
    WITH table_spans AS (
        SELECT list, min(first) AS first, max(last) AS last, max(fits) AS fits, arg_max(tested, fits) AS tested,
            count(*) AS periods, bool_or(inside) AS inside FROM fits GROUP BY list),
    near_spans AS (
        SELECT list, min(slot) - INTERVAL '{SLOT} hours' AS first,
            max(slot) + INTERVAL '{SLOT} hours' AS last, max(coins) AS coins
        FROM near_fits GROUP BY list),
    bare AS (
        SELECT list, min(first) AS first, max(last) AS last
        FROM fits JOIN (SELECT DISTINCT list, currency FROM lists) USING (list)
            ANTI JOIN (SELECT DISTINCT currency, first FROM slots) USING (currency, first)
        GROUP BY list)
    SELECT table_spans.list, inside, periods, fits, tested, coins, near_spans.list IS NOT NULL AS beside,
        CASE WHEN near_spans.list IS NULL THEN table_spans.first WHEN coins >= {SURE} THEN near_spans.first
            ELSE least(near_spans.first, bare.first) END AS first,
        CASE WHEN near_spans.list IS NULL THEN table_spans.last WHEN coins >= {SURE} THEN near_spans.last
            ELSE greatest(near_spans.last, bare.last) END AS last
    FROM table_spans LEFT JOIN near_spans USING (list) LEFT JOIN bare USING (list)
"""
VALUE = f"{SPAN.format('first', 'last')} || ' ' || fits || '/' || spans.tested"
DAY = "'%Y-%m-%d'"
PRICED = f"""
    INSERT INTO made
    SELECT list, NULL, 'priced', {VALUE}, CASE WHEN beside
        THEN format('{{:d}} coins cost what dated snapshots show from {{}} to {{}} UTC', coins,
            strftime(first, '%Y-%m-%d %H:%M'), strftime(last, '%Y-%m-%d %H:%M'))
        ELSE format('{{:d}} of {{:d}} coins cost that in {{:d}} {{}} from {{}} to {{}}', fits, tested, periods, ?,
            strftime(first, {DAY}), strftime(last - INTERVAL '1 day', {DAY})) END
    FROM spans
"""
CONFIRMED = f"""
    CREATE OR REPLACE TEMP TABLE confirmed AS
    SELECT list AS snapshot_id, strftime(observed_at, {DAY}) AS value,
        format('{{:d}} of {{:d}} coins cost that on {{}}, the day {{}}', fits, tested, strftime(observed_at, {DAY}),
        CASE time_basis WHEN 'published' THEN 'of the article' ELSE 'that is given' END) AS evidence
    FROM spans JOIN pages ON snapshot_id = list
    WHERE time_basis IN ('published', 'stated-day', 'given-day') AND list IN (
        SELECT list FROM fits
        WHERE observed_at + INTERVAL '1 day' >= fits.first AND observed_at - INTERVAL '1 day' < fits.last)
"""
CONTRADICTED = f"""
    CREATE OR REPLACE TEMP TABLE contradicted AS
    SELECT list AS snapshot_id, {VALUE} AS value,
        format('{{:d}} of {{:d}} coins did not cost that around {{}}; {{:d}} of {{:d}} did from {{}} to {{}}',
            doubted.outside, doubted.tested, strftime(observed_at, {DAY}), fits, spans.tested,
            strftime(first, {DAY}), strftime(last - INTERVAL '1 second', {DAY})) AS evidence
    FROM spans JOIN pages ON snapshot_id = list JOIN doubted USING (snapshot_id)
"""
TOLD = """
    INSERT INTO made
    SELECT snapshot_id, NULL, 'time-confirmed', value, evidence FROM confirmed
    UNION ALL SELECT snapshot_id, NULL, 'time-contradicted', value, evidence FROM contradicted
"""
OFF_MARKET = f"""
    INSERT INTO made
    SELECT snapshot_id, rank, 'off-market', format('{{:.4g}}', price / sqrt(low * high)),
        format('{{:.4g}} times the {{:.4g}} to {{:.4g}} {{}} that {{}} cost at that time', price / sqrt(low * high),
            low, high, currency, symbol)
    FROM outside SEMI JOIN batch USING (snapshot_id)
    WHERE (price > high * {OFF} OR price < low / {OFF}) AND snapshot_id NOT IN (
        SELECT snapshot_id FROM contradicted)
"""
NOT_PRICED = f"""
    INSERT INTO made
    WITH counts AS (
        SELECT list, count(*) AS coins, any_value(tested) AS tested, any_value(currency) AS currency
        FROM lists GROUP BY list)
    SELECT snapshot_id, NULL, 'not-priced', CASE WHEN counts.list IS NULL THEN 'no-currency' WHEN tested = 0 THEN 'no-costs'
            WHEN tested < {LEAST} THEN 'few-coins' ELSE 'fits-nowhere' END,
        CASE WHEN counts.list IS NULL THEN 'no row has both a coin and a currency' WHEN tested = 0
            THEN format('nothing is known of what its coins cost in {{}}', currency) WHEN tested < {LEAST}
            THEN format('{{:d}} of its coins can be tested in {{}}, and it takes {LEAST}', tested, currency)
            ELSE format('its {{:d}} coins cost that together at no known time', tested) END
    FROM pages SEMI JOIN batch USING (snapshot_id) JOIN wanted ON wanted.list = snapshot_id LEFT JOIN counts USING (list)
    WHERE time_basis NOT IN ('given', 'stated', 'capture') AND snapshot_id NOT IN (SELECT list FROM spans)
"""


def ends(con: Connection) -> tuple[datetime | None, datetime | None]:
    """The first and the last moment at which the lists of `batch` without a time of their own may be of."""
    con.execute(WANTED)
    dating.fit_weeks(con)
    (found,) = con.execute("SELECT min(first), max(last) FROM fits").fetchall()
    return found


def judge(con: Connection, unit: str) -> None:
    """Put into `made` what prices say of the times of the snapshots in `batch`; makes `confirmed` and `contradicted`.
    unit: `weeks` or `days`."""
    con.execute(WANTED)
    dating.fit_weeks(con)
    dating.fit_hours(con)
    con.execute(SPANS)
    con.execute(PRICED, [unit])
    for statement in (CONFIRMED, CONTRADICTED, TOLD, OFF_MARKET, NOT_PRICED):
        con.execute(statement)
