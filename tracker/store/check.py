"""Is the store what it says it is? Every rule is a query for the snapshots that break it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, NamedTuple

from ..frame import DECIMALS
from ..model import CAPTURE_DIGITS, READ_DIFFERENTLY, capture, digest, hashed, reading, site_of
from .file import Connection, within
from .formats import DIGITS
from .queries import Row, table
from .tables import DIGEST, RULES, SHARED

PRESENT = "CREATE OR REPLACE TEMP TABLE present AS " + DIGEST.format("quotes")
ASIDE = "CREATE OR REPLACE TEMP TABLE aside AS " + DIGEST.format("superseded")
BOTH = "SELECT snapshot_id FROM present AS now JOIN snapshots AS kept USING (snapshot_id)"
PAGE = ", ".join([*SHARED, "block_id", "site", "url"])
BREACHES = {
    **{
        rule: f"SELECT snapshot_id FROM quotes WHERE NOT coalesce({test}, true)"
        for rule, test in RULES.items()
    },
    "a snapshot must be listed once": "SELECT snapshot_id FROM snapshots GROUP BY ALL HAVING count(*) > 1",
    "a quote must be stored once": """
        SELECT snapshot_id FROM (
            SELECT *, count(*) AS times FROM quotes SEMI JOIN (FROM present WHERE twice) USING (snapshot_id) GROUP BY ALL)
        WHERE times > 1""",
    "a listed snapshot must have quotes": "SELECT snapshot_id FROM snapshots ANTI JOIN present USING (snapshot_id)",
    "quotes must have a listed snapshot": "SELECT snapshot_id FROM present ANTI JOIN snapshots USING (snapshot_id)",
    "a snapshot must keep its number of quotes": f"{BOTH} WHERE now.quotes <> kept.quotes",
    "quotes must stay as they were stored": f"{BOTH} WHERE now.checksum <> kept.checksum",
    "superseded quotes must stay as they were stored": """
        SELECT snapshot_id FROM aside AS now FULL JOIN superseded_snapshots AS kept USING (snapshot_id)
        WHERE now.quotes IS DISTINCT FROM kept.quotes OR now.checksum IS DISTINCT FROM kept.checksum""",
    "a snapshot must stand or be superseded": "SELECT snapshot_id FROM snapshots SEMI JOIN aside USING (snapshot_id)",
    "quotes of one snapshot must agree on page and time": f"""
        SELECT snapshot_id FROM quotes GROUP BY snapshot_id HAVING min(row({PAGE})) IS DISTINCT FROM max(row({PAGE}))""",
}
COUNTS = """
    SELECT count(DISTINCT snapshot_id) AS snapshots, count(*) AS quotes,
        count(*) FILTER (observed_at IS NULL) AS undated, count(*) FILTER (flags <> []) AS flagged,
        (SELECT count(*) FROM sources) AS sources,
        (SELECT count(*) FROM superseded_snapshots) AS superseded
    FROM quotes
"""
# The rows of a snapshot as JSON, as model.Block has them when it computes their ids.
TEXT, NUMBER = "coalesce(to_json({})::VARCHAR, 'null')", f"coalesce('\"' || {DIGITS} || '\"', 'null')"
PRINTED = ", ".join([TEXT.format("name"), TEXT.format("currency"), *map(NUMBER.format, DECIMALS)])
OWN_FLAGS = (
    f"list_filter(flags, lambda flag: flag <> '{READ_DIFFERENTLY}')"  # the store's own is no part of an id
)
READ = ", ".join(TEXT.format(name) for name in ("symbol", "change_window", OWN_FLAGS))
ROWS = "'[' || string_agg('[' || concat_ws(',', {}) || ']', ',' ORDER BY rank, quotes.rowid) || ']'"
IDENTITIES = f"""
    SELECT snapshot_id, any_value(block_id), any_value(url), any_value(captured_at), any_value(observed_at),
        any_value(time_basis), any_value(published_at), any_value(layout), any_value(read_by), any_value(capture_id),
        {ROWS.format(PRINTED)}, {ROWS.format(READ)}
    FROM quotes LEFT JOIN snapshots USING (snapshot_id) WHERE hash(snapshot_id) % {{}} = {{}} GROUP BY snapshot_id
"""
AT_ONCE, ROOM = (
    100_000,
    "700MB",
)  # snapshots that are put together from their rows, and what DuckDB may take for it
DIFFERENT = f"""
    SELECT snapshot_id, source, url, observed_at, count(*) AS quotes FROM quotes
    WHERE list_contains(flags, '{READ_DIFFERENTLY}') GROUP BY ALL ORDER BY observed_at, snapshot_id
"""


class Breach(NamedTuple):
    """A rule that the store breaks: which, in how many cases, and the snapshot of one of them."""

    rule: str
    cases: int
    snapshot_id: str


class Checked(NamedTuple):
    """What was found.

    breaches   rules that are broken
    counts     snapshots, quotes, undated and flagged quotes, sources, superseded snapshots
    different  snapshots that another reading contradicts: snapshot_id, source, url, observed_at, quotes
    """

    breaches: list[Breach]
    counts: dict[str, int]
    different: list[Row]


def checked(con: Connection) -> Checked:
    """Hold a store against its rules, counts, checksums and identities."""
    found = within(con, lambda: _broken(con), ROOM)
    (counts,) = table(con, COUNTS)
    parts = -(-counts["snapshots"] // AT_ONCE)
    misnamed = [within(con, lambda part=part: _misnamed(con, parts, part), ROOM) for part in range(parts)]  # type: ignore[misc]
    found["ids must be those of the rows"] = [case for part in misnamed for case in part]
    breaches = [Breach(rule, len(cases), cases[0][0]) for rule, cases in found.items() if cases]
    return Checked(breaches, counts, table(con, DIFFERENT))


def _broken(con: Connection) -> dict[str, list[Any]]:
    """The snapshots that break each rule."""
    con.execute(PRESENT)
    con.execute(ASIDE)
    return {rule: con.execute(query).fetchall() for rule, query in BREACHES.items()}


def _misnamed(con: Connection, parts: int, part: int) -> list[tuple[str]]:
    """Of that part of so many the snapshots whose ids are not those that the model gives to their rows.

    What rests on the text of a page, which is not in the store, cannot be held against it: an id that an older program
    gave to a page without a URL, and the first digits of any id of a page without an address or a time.
    """
    result, found = con.execute(IDENTITIES.format(parts, part)), list[tuple[str]]()
    while batch := result.fetchmany(10_000):
        found += [(row[0],) for row in batch if not (_spelled(*row) or _named(*row))]
    return found


def _spelled(
    snapshot_id: str, block_id: str, url: str | None, captured_at: datetime | None, observed_at: datetime | None,
    basis: str, published_at: datetime | None, layout: str, read_by: int | None, capture_id: str | None,
    printed: str, read: str,
) -> bool:  # fmt: skip
    """Whether the ids are those of the rows as DuckDB spells them: nearly always the model's own spelling, to the letter.
    Where they are not, `_named` asks the model."""
    own = snapshot_id[:CAPTURE_DIGITS]
    if url is not None and captured_at is not None:
        if own != capture(url, _utc(captured_at)) or (capture_id and capture_id != own):
            return False
    elif capture_id != own:
        return False
    times = (json.dumps(when and _utc(when).isoformat()) for when in (observed_at, published_at))
    seen, published = times
    told = f'[{seen},"{basis}",{published},{json.dumps(layout)},{printed},{read}]'
    block = f"[{json.dumps(site_of(url), ensure_ascii=False)},{printed}]"
    return snapshot_id == own + hashed(told)[CAPTURE_DIGITS:] and block_id == hashed(block)


def _named(
    snapshot_id: str, block_id: str, url: str | None, captured_at: datetime | None, observed_at: datetime | None,
    basis: str, published_at: datetime | None, layout: str, read_by: int | None, capture_id: str | None,
    printed: str, read: str,
) -> bool:  # fmt: skip
    """Are these the ids of a snapshot?"""
    cells, own = json.loads(printed), snapshot_id[:CAPTURE_DIGITS]
    seen, published = (when and _utc(when).isoformat() for when in (observed_at, published_at))
    told = json.loads(read)
    taken = None if url is None or captured_at is None else capture(url, _utc(captured_at))
    if digest([site_of(url), cells]) != block_id or (taken and capture_id and taken != capture_id):
        return False
    if snapshot_id == reading(taken or own, [seen, basis, published, layout, cells, told]):
        return True
    if url:
        return snapshot_id == digest(
            [url, seen, layout, cells]
        )  # as it was given before ids told their capture
    return read_by is None or capture_id != own


def _utc(when: datetime) -> datetime:
    return when.replace(tzinfo=UTC)
