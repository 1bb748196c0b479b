"""The DuckDB file that holds the tidy table: the only SQL. `Store` is its door.

A connection is opened for one transaction and closed: DuckDB lets one process write and nobody read meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar, Unpack

import duckdb

from ..errors import OutputError
from ..frame import dataframe, rows, schema
from ..market.atlas import load
from ..market.margins import NARROW
from ..model import COLUMNS, Block
from ..writing import ROOM
from . import asking, forgetting, queries, readings
from . import findings as found
from .adding import Added, fitting, insert, take
from .alerts import State, Told, Visited, Watching
from .appending import Appended, append
from .asking import Asked, Unmatched, condition
from .check import Breach, Checked, checked
from .file import File, reason_to_write
from .folder import Folder, is_table
from .formats import Shape, Written, copied, guarded, shape, spelled
from .queries import Filters, Row, Selection, Symbols, When, aware, each, table
from .readings import Mark

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from .large import Large
    from .reporting import Reported

Table = TypeVar("Table", bound="Large")

__all__ = [
    "Added", "Appended", "Asked", "Breach", "Checked", "Filters", "Mark", "Row", "Selection", "Shape", "State", "Store",
    "Told", "Unmatched", "Visited", "Watching", "When", "Written", "guarded",
]  # fmt: skip


class Store:
    """The tidy table in a DuckDB file, or in Parquet files that are only read.

    path       the file; made when it is first written to, and its folder with it. Or a folder of Parquet files, a pattern
               or an address of them (`s3://bucket/out/`): see folder
    wait       how many seconds to wait for a store that another process holds
    on_wait    is called once with a line for people when a wait begins
    read_only  refuse to write

    Coins, currencies and sites are taken in any case, coins by any name (see `asking`); a UserWarning says what no quote
    answers to. Any method may raise NotAStore, StoreTooNew, StoreBusy or another StoreError, and then leaves the store
    as it was. Between calls nothing is open; a `with` block is for the look of it.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        wait: float = 30.0,
        on_wait: Callable[[str], None] | None = None,
        read_only: bool = False,
    ) -> None:
        self.path = Path(path)
        table = is_table(str(path))
        self._name = str(path)
        self._file = Folder(str(path)) if table else File(self.path, wait, on_wait, read_only)

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def exists(self) -> bool:
        """Is there anything yet?"""
        return self._file.exists()

    def check_writable(self) -> None:
        """StoreError if this store is only read: Parquet files, or `read_only`."""
        self._file.check_writable()

    def add(self, blocks: Iterable[Block], done: Iterable[Mark] = ()) -> int:
        """As `take`; returns how many snapshots were new."""
        return self.take(blocks, done).new

    def take(self, blocks: Iterable[Block], done: Iterable[Mark] = ()) -> Added:
        """Store what the blocks tell that is new and mark sources as read, in one transaction.

        blocks  those without quotes are passed over; the same snapshot twice counts once
        done    the marks of sources that are read to their end with these blocks: fingerprint, origin, and by which
                READER; what an older one found there and this one did not is withdrawn
        Of several readings of one block the one that tells most stands, the others are kept apart. Returns how many
        snapshots are of new blocks, how many are read anew, how many are withdrawn. StoreError for a value that does
        not fit the table or breaks a rule.
        """
        found = [fitting(block) for block in blocks if block.quotes]
        fresh: dict[str, Block] = {}
        for block in found:
            fresh.setdefault(block.snapshot_id, block)
        given, ended = [*rows(fresh.values())], [*done]
        with self._file.writing() as con:
            con.execute("CREATE TEMP TABLE given AS FROM quotes LIMIT 0")
            with con.appender("given") as appender:
                appender.append_rows(given)
            readings.tell(con, found)
            return insert(con, self._name, ended)

    def load(self, table: pa.Table | pa.RecordBatchReader | str | Path) -> int:
        """As `take_table`; returns how many snapshots were of new blocks."""
        return self.take_table(table).new

    def take_table(
        self,
        table: pa.Table | pa.RecordBatchReader | str | Path,
        form: str | None = None,
        name: str | None = None,
    ) -> Added:
        """Store the new snapshots of a table with our columns: Arrow, or the path of an export.

        form  csv, jsonl or parquet; by the file's ending if not given, else csv
        name  what errors call it, if not by its path
        All or nothing, in one transaction; what stands is settled as by `take`. SourceError if columns are missing,
        have other types (binary floats are not exact) or hold what is no such value.
        """
        with self._file.writing() as con:
            subject = take(con, table, form, name)
            readings.tell(con, [])
            return insert(con, subject)

    def forget(
        self,
        source: str | None = None,
        snapshot: str | None = None,
        *,
        superseded: bool = False,
        commit: bool = False,
    ) -> list[Row]:
        """What a source (a file with all its records, or one `file#record`) or else one snapshot gave, or else all that
        was superseded.

        Returns rows of source, snapshots, quotes, first, last. Only with `commit` are they removed. What readings of a
        source or snapshot had superseded then stands again, and the marks of all sources read so far go with them, so
        that the next ingest looks at every source again.
        """
        with self._file.writing() if commit else self._file.reading() as con:
            if superseded:
                return forgetting.superseded(con, commit)
            if source is not None:
                return forgetting.source(con, source, commit)
            return forgetting.snapshot(con, str(snapshot), commit)

    def done(self, fingerprints: Iterable[str]) -> dict[str, int]:
        """Which of the fingerprints are marked as read, and by which READER; none if there is no store yet."""
        if not self._file.exists():
            return {}
        with self._file.reading() as con:
            query = (
                "SELECT fingerprint, read_by FROM sources WHERE fingerprint IN (SELECT unnest(?::VARCHAR[]))"
            )
            return dict(con.execute(query, [[*fingerprints]]).fetchall())

    def recorded(self, captures: Iterable[tuple[str, datetime]]) -> dict[tuple[str, datetime], str]:
        """The source of those copies, by address and time of capture (aware), from which snapshots are stored."""
        urls, times = zip(*captures, strict=True)
        with self._file.reading() as con:
            found = con.execute(queries.RECORDED, [list(urls), [when.astimezone(UTC) for when in times]])
            return {(url, when): source for url, when, source in aware(found)}

    def quotes(
        self,
        symbols: Symbols = None,
        since: When = None,
        until: When = None,
        *,
        currency: str | None = None,
        site: str | None = None,
        exact: bool = False,
        tz: str | None = None,
        findings: bool | Literal["times"] = False,
        without: Sequence[str] = (),
        guesses: bool = False,
        implied: bool = False,
    ) -> pd.DataFrame:
        """The quotes of a Selection in time order, undated ones last; dtypes, `exact` and `tz` as frame.dataframe.

        findings  with what `reconcile` concluded: times from prices where nothing better is known, and the columns of
                  findings.CONCLUSIONS; StoreError if the store was never reconciled
        without   leave out what has findings of these kinds: `off-market`
        guesses, implied  see Filters
        """
        which: Filters = {
            "since": since, "until": until, "currency": currency, "site": site, "findings": findings,
            "without": without, "guesses": guesses, "implied": implied,
        }  # fmt: skip
        found = self.arrow(symbols, **which)
        return dataframe(found, exact=exact, tz=tz)

    def arrow(self, symbols: Symbols = None, **which: Unpack[Filters]) -> pa.Table:
        """The quotes of a Selection in time order, undated ones last, as an Arrow table of frame.schema(); with
        `findings` those of findings.shown besides."""
        with self._file.reading() as con:
            self._hold(con, which)
            tidy = shape(con, {"symbols": symbols, **which}, ordered=True)
            table_ = con.sql(spelled(tidy, "parquet"), params=tidy.values).to_arrow_table()
            return table_.cast(schema((*COLUMNS, *found.shown(con, which))))

    @contextmanager
    def large(self, symbols: Symbols = None, **which: Unpack[Filters]) -> Iterator[Large]:
        """The quotes of a Selection to be asked for what a picture shows of them; the store is held meanwhile."""
        from .large import Large

        with self._asked_of(Large, symbols, which) as table:
            yield table

    @contextmanager
    def reported(self, symbols: Symbols = None, **which: Unpack[Filters]) -> Iterator[Reported]:
        """The quotes of a Selection to be asked for what a report says of them; the store is held meanwhile."""
        from .reporting import Reported

        with self._asked_of(Reported, symbols, which) as table:
            yield table

    @contextmanager
    def _asked_of(self, kind: type[Table], symbols: Symbols, which: Filters) -> Iterator[Table]:
        with self._file.reading() as con:
            self._hold(con, which)
            test, values, _ = condition(con, {"symbols": symbols, **which})
            source, more, *_ = found.relation(which, "timed")
            concluded = which.get("findings") is True
            off = found.OFF if concluded and found.has(con, "off-market") else "false"
            once = found.AGAIN if concluded and found.has(con, "alike") else "true"
            count = f"SELECT count(*), count(*) FILTER ({once}) FROM {source} AS quotes WHERE {test}{more}"
            ((every, rows),) = con.execute(count, values).fetchall()
            tests, again = f"{test}{more} AND {once}", every - rows
            try:
                yield kind(con, source, tests, values, rows, concluded, exact=True, off=off, again=again)
            finally:
                con.execute("RESET memory_limit")

    def history(
        self, symbols: Symbols = None, *, all_readings: bool = False, **which: Unpack[Filters]
    ) -> list[Row]:
        """The quotes of a Selection in time order, undated ones last: dicts of COLUMNS, times aware; with
        `findings` "times" also pages, see Filters.

        all_readings  those that were superseded too, each after what stands; and with every row read_by (the READER;
                      None if an export brought it), superseded_by (None also if a newer reader found no such block) and
                      superseded_at
        """
        if not all_readings:
            return list(self.each(symbols, **which))
        with self._file.reading() as con:
            test, values, _ = condition(con, {"symbols": symbols, **which})
            return table(con, queries.EVERY_READING.format(test), values)

    def each(self, symbols: Symbols = None, **which: Unpack[Filters]) -> Iterator[Row]:
        """The rows of `history` one by one, in bounded memory; the store is held while they are taken."""
        with self._file.reading() as con:
            self._hold(con, which)
            test, values, _ = condition(con, {"symbols": symbols, **which})
            source, more, order, _ = found.relation(which)
            query = queries.HISTORY.format(test + more, source, order, found.listing(con, which))
            yield from each(con, query, values)

    def ends(
        self, most: int, symbols: Symbols = None, **which: Unpack[Filters]
    ) -> tuple[list[Row], list[Row]]:
        """The first rows of `history` and its last ones, `most` in all; the last are none where the first are all."""
        with self._file.reading() as con:
            self._hold(con, which)
            test, values, _ = condition(con, {"symbols": symbols, **which})
            source, more, order, backwards = found.relation(which)
            besides = found.listing(con, which)
            query = queries.HISTORY.format(test + more, source, f"{order} LIMIT {most}", besides)
            first = table(con, query, values)
            if len(first) < most:
                return first, []
            ends = f"{backwards} LIMIT {most // 2}"
            last = table(con, queries.HISTORY.format(test + more, source, ends, besides), values)
            return first[: most - len(last)], last[::-1]

    def latest(self, symbols: Symbols = None, **which: Unpack[Filters]) -> list[Row]:
        """The newest dated quote of each coin of a Selection, in the order in which coins were asked for; else the
        newest first, then in the order of the page.

        A coin is a symbol or, where that is unknown, a printed name. Of several quotes at one time the one with the
        best evidence stands, then the one captured last. Times that no page can have, which stores made before may
        hold, do not count. Dicts of COLUMNS, times aware; with `findings` "times" also pages, see Filters.
        """
        with self._file.reading() as con:
            self._hold(con, which)
            test, values, coins = condition(con, {"symbols": symbols, **which})
            source, more, *_ = found.relation(which)
            query = queries.LATEST.format(test + more, source, found.listing(con, which))
            rows = table(con, query, [*values, *queries.can_be()])
        return sorted(rows, key=lambda row: coins.index(row["symbol"] or row["name"])) if coins else rows

    def asked(self, symbols: Symbols = None, **which: Unpack[Filters]) -> Asked:
        """What a Selection comes to in this store, and which of its arguments give nothing; no warning is given."""
        with self._file.reading() as con:
            self._hold(con, which)
            return asking.asked(con, {"symbols": symbols, **which})

    def known(
        self, column: Literal["symbol", "name", "currency", "site", "layout", "source"], begun: str = ""
    ) -> list[str]:
        """What the store has in this column that begins so in any case, each text once, in natural order: #2 before #10.

        No more than a few hundred, the first ones.
        """
        with self._file.reading() as con:
            query = queries.KNOWN.format(column, queries.NATURAL.format(column))
            return [text for (text,) in con.execute(query, [begun]).fetchall()]

    def nearest_source(self, typed: str) -> str | None:
        """The source, a file or a record of one as was typed, whose name is most like this; None where none is."""
        with self._file.reading() as con:
            name = "source" if "#" in typed else "split_part(source, '#', 1)"
            found = con.execute(queries.NEAREST_SOURCE.format(name), [typed]).fetchall()
            return found[0][0] if found else None

    def reconcile(
        self,
        atlas: Path | None = None,
        *,
        within: float = NARROW,
        batch: int = 200_000,
        on_progress: Callable[[int, int], object] = lambda done, total: None,
    ) -> dict[str, int]:
        """Bring the findings, what rows say about one another, up to the rows there are.

        atlas   a user's own table of what coins cost, on top of the built-in one
        within  days: how wide a span by prices may be to stand for a time
        batch   how many snapshots are held against others in one transaction
        on_progress  is told how many snapshots of how many are done
        Returns how many findings of each kind were made. A run that ends early is gone on with by the next. AtlasError.
        """
        from .reconcile import reconcile

        costs = load(atlas)
        with self._file.writing() as con:
            return reconcile(con, costs, within, batch, on_progress)

    def keep_up(self, atlas: Path | None = None, most: int = 2000) -> dict[str, int] | None:
        """Bring the findings up to new rows where `reconcile` ran before, as it does.

        atlas  as there
        most   more new snapshots than these are left to `reconcile`
        Returns how many findings of each kind were made; None where they stay behind what is new: too much is, or what they
        were made by is not what this version and this table of costs say. AtlasError.
        """
        from .reconcile import keep_up

        if not self.reconciled():
            return {}
        costs = load(atlas)
        with self._file.writing() as con:
            return keep_up(con, costs, most)

    def findings(self, *kinds: str) -> list[Row]:
        """The findings of these kinds, all of them if none is named, with what they are about.

        Dicts of kind, value, evidence, snapshot_id, rank (None: the whole snapshot), site, name, symbol, currency, price,
        observed_at, time_basis, source. StoreError if the store was never reconciled.
        """
        with self._file.reading() as con:
            found.required(con, self._name)
            return found.listed(con, kinds)

    def first_findings(self, most: int) -> list[Row]:
        """The first findings of each kind, `most` of each: dicts as of `findings`, with how many there are of it: count.

        StoreError if the store was never reconciled."""
        with self._file.reading() as con:
            found.required(con, self._name)
            return found.first(con, most)

    def reconciled(self) -> bool:
        """Whether there are findings to ask for."""
        with self._file.reading() as con:
            return found.made(con)

    def repeated(self) -> bool:
        """Whether `reconcile` found a block on several pages of a site within minutes, which then count once."""
        with self._file.reading() as con:
            return found.made(con) and bool(found.shown(con, {"findings": "times"}))

    def _hold(self, con: duckdb.DuckDBPyConnection, which: Filters) -> None:
        """StoreError if findings are asked for and there are none."""
        if which.get("findings") or which.get("without") or which.get("guesses"):
            found.required(con, self._name)

    def watching(self, bases: Iterable[str], mild: Iterable[str]) -> Watching:
        """What `tracker watch` remembers here. bases, mild: the time bases and the flags of rows that alerts may rest on."""
        if isinstance(self._file, Folder):
            self._file.check_writable()
        return Watching(self._file, bases, mild)

    def coverage(self) -> dict[str, list[Row]]:
        """What is in the store, as small tables by name; `first` and `last` are times, aware.

        totals  one row: snapshots, quotes, first, last, undated (snapshots), flagged (quotes)
        sites, layouts, bases, flags  site | layout | time_basis | flag, snapshots, quotes, first, last
        coins   symbol, name (where the symbol is unknown), currency, quotes, first, last
        """
        with self._file.reading() as con:
            con.execute(queries.SEEN)
            return {name: table(con, query) for name, query in queries.COVERAGE.items()}

    def sites(self) -> list[str]:
        """The sites, those of most snapshots first, as `coverage` has them."""
        with self._file.reading() as con:
            return [site for (site,) in con.execute(queries.SITES).fetchall()]

    def check(self) -> Checked:
        """Hold the store against its own rules; nothing is repaired.

        Every column is read (DuckDB verifies the checksums of the file: StoreError where it is damaged), every row is
        held against the rules of the table, the quotes of each snapshot against its count and checksum, and the ids
        are computed anew from the rows.
        """
        with self._file.reading() as con:
            return checked(con)

    def copy(
        self,
        target: str | Path,
        form: str,
        *,
        wide: bool = False,
        bom: bool = False,
        ordered: bool = False,
        tz: str | None = None,
        **which: Unpack[Selection],
    ) -> Written:
        """Write a Selection to a path, a pipe's included, as `csv`, `jsonl` or `parquet`, in bounded memory.

        csv and jsonl carry the printed digits and ISO 8601, with Z or with the offset of the zone `tz`, parquet decimals
        and timestamps in UTC. Up to SORTED_ROWS stand in time order, more in the order in which they were stored unless
        `ordered`.
        wide: a row per time, a column per coin (see spelling). OutputError if the target cannot be written.
        """
        with self._file.reading() as con:
            self._hold(con, which)
            leaving = shape(con, which, wide=wide, ordered=ordered)
            try:
                return copied(con, leaving, str(target), form, bom, tz)
            except duckdb.IOException as error:
                raise OutputError(
                    str(target), f"cannot be written: {reason_to_write(error)}", ROOM
                ) from error

    def append(self, place: str | Path, **which: Unpack[Filters]) -> Appended:
        """Add the snapshots that a table of Parquet files has not to it, as a file of their own, whole or not at all.

        place  a folder, made if need be, or an address such as `s3://bucket/out`; many may add to it at once
        which  of whole snapshots: since, until, site
        Returns the file's name, the rows in it and their snapshots; no file where nothing is new. OutputError if it cannot
        be written, StoreError if there are Parquet files of other columns.
        """
        with self._file.reading() as con:
            return append(con, str(place), which)

    @contextmanager
    def cells(
        self, *, wide: bool = False, **which: Unpack[Selection]
    ) -> Iterator[tuple[Shape, int, Iterator[list[Any]]]]:
        """What `copy` writes, as Python values for a writer of another format; texts guarded, times aware.

        Gives the shape, the number of rows, and the rows.
        """
        with self._file.reading() as con:
            self._hold(con, which)
            leaving = shape(con, which, wide=wide)
            count = queries.value(con, f"SELECT count(*) FROM (SELECT 1 {leaving.source})", leaving.values)
            yield leaving, count, aware(con.execute(spelled(leaving, "values"), leaving.values))
