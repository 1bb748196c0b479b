"""Is the store what it says it is? Every rule is a query for the snapshots that break it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC
from typing import NamedTuple

from ..frame import DECIMALS
from ..model import digest, site_of
from .file import Connection
from .formats import DIGITS
from .queries import table
from .tables import DIGEST, RULES, SHARED

PRESENT = "CREATE TEMP TABLE present AS " + DIGEST.format("quotes")
BOTH = "SELECT snapshot_id FROM present AS now JOIN snapshots AS kept USING (snapshot_id)"
PAGE = ", ".join([*SHARED, "block_id", "site", "url"])
BREACHES = {
    **{
        rule: f"SELECT snapshot_id FROM quotes WHERE NOT coalesce({test}, true)"
        for rule, test in RULES.items()
    },
    "a snapshot must be listed once": "SELECT snapshot_id FROM snapshots GROUP BY ALL HAVING count(*) > 1",
    "a quote must be stored once": """
        SELECT snapshot_id FROM (SELECT *, count(*) AS times FROM quotes GROUP BY ALL)
        SEMI JOIN (FROM present WHERE twice) USING (snapshot_id) WHERE times > 1""",
    "a listed snapshot must have quotes": "SELECT snapshot_id FROM snapshots ANTI JOIN present USING (snapshot_id)",
    "quotes must have a listed snapshot": "SELECT snapshot_id FROM present ANTI JOIN snapshots USING (snapshot_id)",
    "a snapshot must keep its number of quotes": f"{BOTH} WHERE now.quotes <> kept.quotes",
    "quotes must stay as they were stored": f"{BOTH} WHERE now.checksum <> kept.checksum",
    "quotes of one snapshot must agree on page and time": f"""
        SELECT snapshot_id FROM quotes GROUP BY snapshot_id HAVING min(row({PAGE})) IS DISTINCT FROM max(row({PAGE}))""",
}
COUNTS = """
    SELECT count(DISTINCT snapshot_id) AS snapshots, count(*) AS quotes,
        count(*) FILTER (observed_at IS NULL) AS undated, count(*) FILTER (flags <> []) AS flagged,
        (SELECT count(*) FROM sources) AS sources
    FROM quotes
"""
# The rows of a snapshot as JSON, as model.Block has them when it computes their ids.
TEXT, NUMBER = "coalesce(to_json({})::VARCHAR, 'null')", f"coalesce('\"' || {DIGITS} || '\"', 'null')"
PRINTED = ", ".join([TEXT.format("name"), TEXT.format("currency"), *map(NUMBER.format, DECIMALS)])
IDENTITIES = f"""
    SELECT snapshot_id, any_value(block_id), any_value(url), any_value(observed_at), any_value(layout),
        '[' || string_agg('[' || concat_ws(',', {PRINTED}) || ']', ',' ORDER BY rank, rowid) || ']'
    FROM quotes GROUP BY snapshot_id
"""


class Breach(NamedTuple):
    """A rule that the store breaks: which, in how many cases, and the snapshot of one of them."""

    rule: str
    cases: int
    snapshot_id: str


class Checked(NamedTuple):
    """What was found; counts: snapshots, quotes, undated and flagged quotes, sources."""

    breaches: list[Breach]
    counts: dict[str, int]


def checked(con: Connection) -> Checked:
    """Hold a store against its rules, counts, checksums and identities."""
    con.execute(PRESENT)
    found = {rule: con.execute(query).fetchall() for rule, query in BREACHES.items()}
    found["ids must be those of the rows"] = list(_misnamed(con))
    (counts,) = table(con, COUNTS)
    return Checked([Breach(rule, len(cases), cases[0][0]) for rule, cases in found.items() if cases], counts)


def _misnamed(con: Connection) -> Iterator[tuple[str]]:
    """Snapshots whose ids are not those that the model gives to their rows.

    A snapshot_id without a URL rests on the text of its page, which is not in the store: only its block_id is checked.
    """
    result = con.execute(IDENTITIES)
    while batch := result.fetchmany(10_000):
        for snapshot_id, block_id, url, observed_at, layout, printed in batch:
            cells = json.loads(printed)
            when = observed_at.replace(tzinfo=UTC).isoformat() if observed_at else None
            if digest([site_of(url), cells]) != block_id or (
                url and digest([url, when, layout, cells]) != snapshot_id
            ):
                yield (snapshot_id,)
