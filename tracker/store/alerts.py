"""What `tracker watch` remembers between two rounds, and what it asks of the quotes. Three tables, made when first needed:

    watched       a row an address: since when a visit is under way (null: none is), when it was tried last, since when it
                  fails and how often it did, when a block was last seen there, and since when there is none
    alert_states  a row a rule and series: whether it is firing, and the last moment that was looked at
    alert_events  what fired and ended, as the line that is told, and whether it was

A visit that ends is recorded in one transaction with all that it led to: a process that is killed leaves it under way, and
the next one takes it up.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, NamedTuple

from .file import Connection, File
from .queries import Row, aware, table
from .tables import COLUMN_LIST

_WATCHED = (
    "url VARCHAR NOT NULL, begun TIMESTAMP, tried TIMESTAMP, failing TIMESTAMP, failures INTEGER NOT NULL, "
    "reason VARCHAR, block TIMESTAMP, gone TIMESTAMP"
)
_STATES = (
    "rule VARCHAR NOT NULL, coin VARCHAR, site VARCHAR, currency VARCHAR, window_ VARCHAR, firing BOOLEAN NOT NULL, "
    "observed_at TIMESTAMP NOT NULL, captured_at TIMESTAMP NOT NULL"
)
_EVENTS = "id VARCHAR NOT NULL, happened TIMESTAMP NOT NULL, line VARCHAR NOT NULL, told BOOLEAN NOT NULL"
SCHEMA = (
    f"CREATE TABLE IF NOT EXISTS watched ({_WATCHED})",
    f"CREATE TABLE IF NOT EXISTS alert_states ({_STATES})",
    f"CREATE TABLE IF NOT EXISTS alert_events ({_EVENTS})",
)
MADE = "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'watched' AND NOT internal"
NEWS = f"SELECT {COLUMN_LIST} FROM quotes WHERE captured_at >= $since ORDER BY observed_at, snapshot_id, rank"
# A row that may speak: see watch/judge.py, which says what is asked for.
MAY_SPEAK = """
    symbol IS NOT NULL AND observed_at IS NOT NULL AND list_contains($bases, time_basis)
    AND (flags = [] OR len(list_filter(flags, lambda flag: NOT list_contains($mild, flag))) = 0)
"""
# As judge.Moment: the earlier of both times, then that of the capture.
SHOWN, TAKEN = "least(observed_at, captured_at)", "coalesce(captured_at, observed_at)"
# First the moment, by an aggregate that holds little; then the rows of that moment, of which the longest list's counts.
BEFORE = f"""
    WITH asked AS (SELECT DISTINCT symbol, coalesce(site, '') AS host, coalesce(currency, '') AS money
        FROM quotes WHERE captured_at >= $since AND symbol IS NOT NULL),
    known AS (
        SELECT symbol, coalesce(site, '') AS host, coalesce(currency, '') AS money,
            max(({SHOWN}, {TAKEN})) AS moment
        FROM quotes WHERE (captured_at IS NULL OR captured_at < $since) AND symbol IN (SELECT symbol FROM asked)
            AND {MAY_SPEAK}
        GROUP BY ALL),
    last AS (FROM known SEMI JOIN asked USING (symbol, host, money)),
    rows AS (
        SELECT quotes.*, host, money FROM quotes JOIN last ON quotes.symbol = last.symbol AND coalesce(site, '') = host
            AND coalesce(currency, '') = money AND {SHOWN} = moment[1] AND {TAKEN} = moment[2]
        WHERE (captured_at IS NULL OR captured_at < $since)),
    speaking AS (FROM rows WHERE {MAY_SPEAK})
    SELECT {COLUMN_LIST} FROM speaking JOIN (SELECT snapshot_id, quotes AS length FROM snapshots) USING (snapshot_id)
    QUALIFY row_number() OVER (PARTITION BY symbol, host, money ORDER BY length DESC, snapshot_id, rank) = 1
"""
HEARD = f"""
    WITH spoke AS (FROM quotes WHERE (site = $site OR ends_with(site, '.' || $site)) AND {MAY_SPEAK}),
    last AS (SELECT max(({SHOWN}, {TAKEN})) AS moment FROM spoke)
    SELECT {COLUMN_LIST} FROM spoke SEMI JOIN last ON {SHOWN} = moment[1] AND {TAKEN} = moment[2]
        JOIN (SELECT snapshot_id, quotes AS length FROM snapshots) USING (snapshot_id)
    ORDER BY length DESC, snapshot_id, rank LIMIT 1
"""
SEEN = "SELECT url, begun, tried, failing, failures, reason, block, gone FROM watched"
UNTOLD = "SELECT id, happened, line FROM alert_events WHERE NOT told ORDER BY rowid"
SAME = " AND ".join(
    f"{name} IS NOT DISTINCT FROM ?" for name in ("rule", "coin", "site", "currency", "window_")
)


class Visited(NamedTuple):
    """What is known of an address; times aware, UTC.

    begun    a visit began then and was not brought to its end
    tried    when it was last asked for
    failing  since when it fails; failures: how often in a row; reason: why, the last time
    block    when a block was last seen there
    gone     since when there was none, where one had been
    """

    url: str
    begun: datetime | None = None
    tried: datetime | None = None
    failing: datetime | None = None
    failures: int = 0
    reason: str | None = None
    block: datetime | None = None
    gone: datetime | None = None


class State(NamedTuple):
    """A row of `alert_states`: of which rule and series, whether it fires, and the moment last looked at."""

    rule: str
    coin: str | None
    site: str | None
    currency: str | None
    window: str | None
    firing: bool
    observed_at: datetime
    captured_at: datetime


class Told(NamedTuple):
    """A row of `alert_events`: by what it is known again, when, and the line that is told."""

    id: str
    at: datetime
    line: str


class Watching:
    """The memory of `tracker watch` in a store; arguments as of Store. Each call is one transaction.

    bases, mild  the time bases and the flags of rows that may speak
    """

    def __init__(self, file: File, bases: Iterable[str], mild: Iterable[str]) -> None:
        self._file, self._speak = file, {"bases": sorted(bases), "mild": sorted(mild)}

    def visited(self) -> dict[str, Visited]:
        """What is known of every address."""
        return {row[0]: Visited(*row) for row in self._listed(SEEN)}

    def states(self) -> list[State]:
        """How every rule stands."""
        return [State(*row) for row in self._listed("FROM alert_states")]

    def untold(self) -> list[Told]:
        """What a process that was killed did not come to tell."""
        return [Told(*row) for row in self._listed(UNTOLD)]

    def begin(self, url: str, at: datetime) -> None:
        """Note that a visit is under way; one that is under way already stays as it is."""
        with self._file.writing() as con:
            _prepare(con)
            found = [Visited(*row) for row in aware(con.execute(f"{SEEN} WHERE url = ?", [url]))]
            was = found[0] if found else Visited(url)
            _put(con, was._replace(begun=was.begun or at))

    def settle(self, visits: Iterable[Visited], states: Iterable[State], events: Iterable[Told]) -> None:
        """Record how visits ended, and all that they led to."""
        with self._file.writing() as con:
            _prepare(con)
            con.begin()
            for visit in visits:
                _put(con, visit)
            for state in states:
                con.execute(f"DELETE FROM alert_states WHERE {SAME}", [*state[:5]])
                con.execute("INSERT INTO alert_states VALUES (?, ?, ?, ?, ?, ?, ?, ?)", _stored(state))
            for event in events:
                con.execute("INSERT INTO alert_events VALUES (?, ?, ?, false)", _stored(event))
            con.commit()

    def mark_told(self, known: str) -> None:
        """Note that an event was told."""
        with self._file.writing() as con:
            con.execute("UPDATE alert_events SET told = true WHERE id = ?", [known])

    def news(self, since: datetime) -> tuple[list[Row], list[Row]]:
        """The quotes captured at this time or later, and of each coin, site and currency among them the newest row before
        that may speak: dicts of COLUMNS, times aware."""
        with self._file.reading() as con:
            asked = {"since": since.astimezone(UTC).replace(tzinfo=None)}
            return table(con, NEWS, asked), table(con, BEFORE, {**asked, **self._speak})

    def heard(self, sites: Iterable[str]) -> dict[str, Row | None]:
        """Of each site, those below it included, the newest row that may speak; None where it has none."""
        with self._file.reading() as con:
            rows = {site: table(con, HEARD, {"site": site, **self._speak}) for site in sites}
            return {site: found[0] if found else None for site, found in rows.items()}

    def _listed(self, query: str) -> list[list[Any]]:
        """The rows of a query; none where there is no store yet, or none that was watched."""
        if not self._file.exists():
            return []
        with self._file.reading() as con:
            ((made,),) = con.execute(MADE).fetchall()
            return [*aware(con.execute(query))] if made else []


def _prepare(con: Connection) -> None:
    for statement in SCHEMA:
        con.execute(statement)


def _put(con: Connection, visit: Visited) -> None:
    con.execute("DELETE FROM watched WHERE url = ?", [visit.url])
    con.execute("INSERT INTO watched VALUES (?, ?, ?, ?, ?, ?, ?, ?)", _stored(visit))


def _stored(row: Iterable[Any]) -> list[Any]:
    """Times as the store has them: UTC, unsaid."""
    return [
        value.astimezone(UTC).replace(tzinfo=None) if isinstance(value, datetime) else value for value in row
    ]
