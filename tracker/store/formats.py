"""How the tidy table leaves the store: its shape, long or wide, and the spelling of each format."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

from ..model import COLUMNS
from .asking import condition
from .file import Connection, within
from .findings import relation, shown, without
from .queries import Selection, value
from .tables import TYPES

SORTED_ROWS = 250_000  # exports up to here are in time order; beyond, sorting would cost more than writing

# A text that a spreadsheet would run is led by an apostrophe; so is one that begins with an apostrophe, so that taking
# one off again gives every text back.
RUN = "=+-@\t\r'"
GUARD = "CASE WHEN left({0}, 1) IN ('=', '+', '-', '@', chr(9), chr(13), '''') THEN '''' || {0} ELSE {0} END"
DIGITS = "rtrim(rtrim({0}::VARCHAR, '0'), '.')"
TIME = "replace({0}::VARCHAR, ' ', 'T') || 'Z'"
# The same in a zone, with its offset at that time: `2019-12-03T16:35:00+09:00`.
LOCAL = "timezone('{zone}', timezone('UTC', {0}))"
AHEAD = f"(epoch_us({LOCAL}) - epoch_us({{0}})) // 60000000"
TIME_IN = (
    f"replace({LOCAL}::VARCHAR, ' ', 'T') || CASE WHEN {AHEAD} < 0 THEN '-' ELSE '+' END"
    f" || lpad((abs({AHEAD}) // 60)::VARCHAR, 2, '0') || ':' || lpad((abs({AHEAD}) % 60)::VARCHAR, 2, '0')"
)
VALUES = {**dict.fromkeys(TYPES, "{0}"), "text": GUARD, "texts": "nullif(array_to_string({0}, ' '), '')"}
CSV = {**VALUES, "time": TIME, "price": DIGITS, "percent": DIGITS}
JSON = {**CSV, "text": "to_json({0})", "texts": "to_json({0})", "time": f"to_json({TIME})"}
PARQUET = {**dict.fromkeys(TYPES, "{0}"), "time": "{0}::TIMESTAMPTZ"}
SPELLINGS = {"values": VALUES, "csv": CSV, "jsonl": JSON, "parquet": PARQUET}
COPY_OPTIONS = {
    "csv": "FORMAT csv, HEADER",
    "jsonl": "FORMAT csv, HEADER false, QUOTE '', DELIMITER '', ESCAPE ''",  # lines of our own making, as they are
    "parquet": "FORMAT parquet, COMPRESSION zstd",
}


class Written(NamedTuple):
    """What was written: rows, and quotes that have no place in a wide table (undated or without any name)."""

    rows: int
    left_out: int


class Shape(NamedTuple):
    """A table on its way out: name, kind and expression of each column, the query behind, what has no place in it."""

    columns: list[tuple[str, str, str]]
    source: str
    values: list[Any]
    left_out: int


def shape(con: Connection, which: Selection, *, wide: bool = False, ordered: bool = False) -> Shape:
    """The tidy table, in time order if it is small or `ordered`; or, wide, the prices by time and coin."""
    if wide:
        return _wide(con, which)
    test, values, _ = condition(con, which)
    source, more, order, _ = relation(which)
    test += more
    if ordered or value(con, f"SELECT count(*) FROM {source} AS quotes WHERE {test}", values) <= SORTED_ROWS:
        test += f" ORDER BY {order}"
    columns: list[tuple[str, str, str]] = [(c.name, c.kind, f"quotes.{c.name}") for c in COLUMNS]
    columns += [(c.name, c.kind, f"quotes.{c.name}") for c in shown(con, which)]
    return Shape(columns, f"FROM {source} AS quotes WHERE {test}", values, 0)


def _wide(con: Connection, which: Selection) -> Shape:
    """Prices by time: observed_at, time_basis and a column for each coin, named by its symbol.

    Nothing is merged that differs: where a selection has several currencies or sites, each coin has a column for each
    (`BTC (KRW, example.co.kr)`), and where one column has several prices at one time, they stand in rows of their own.
    Undated quotes and quotes without any name have no place here; they are counted.
    """
    test, values, _ = condition(con, which)
    source, *_ = relation(which)
    test += without(which.get("without") or ())
    dated = "observed_at IS NOT NULL AND coalesce(symbol, name) IS NOT NULL"
    query = f"""
        SELECT count(DISTINCT coalesce(currency, '')) FILTER ({dated}) > 1,
            count(DISTINCT coalesce(site, '')) FILTER ({dated}) > 1,
            count(*) FILTER (NOT ({dated})) FROM {source} AS quotes WHERE {test}"""
    currencies, sites, left_out = con.execute(query, values).fetchall()[0]
    parts = ["CASE WHEN symbol IS NULL THEN 'symbol unknown' END"]
    parts += ["coalesce(currency, 'currency unknown')"] * currencies + ["coalesce(site, 'no site')"] * sites
    label = f"coalesce(symbol, name) || coalesce(' (' || nullif(concat_ws(', ', {', '.join(parts)}), '') || ')', '')"
    asked = f"FROM {source} AS quotes WHERE {test} AND {dated}"
    prices = f"SELECT DISTINCT observed_at, time_basis, {label} AS series, price {asked}"
    names = [
        name
        for (name,) in con.execute(f"SELECT DISTINCT series FROM ({prices}) ORDER BY ALL", values).fetchall()
    ]
    places = ", ".join(f"{_literal(name)} AS c{at}" for at, name in enumerate(names)) or "NULL"
    source = f"""
        FROM (SELECT *, row_number() OVER (PARTITION BY observed_at, time_basis, series ORDER BY price) AS nth
            FROM ({prices})) PIVOT (first(price) FOR series IN ({places}) GROUP BY observed_at, time_basis, nth) AS quotes
        ORDER BY quotes.observed_at, quotes.time_basis, quotes.nth"""
    columns = [("observed_at", "time", "quotes.observed_at"), ("time_basis", "text", "quotes.time_basis")]
    columns += [(name, "price", f"quotes.c{at}") for at, name in enumerate(names)]
    return Shape(columns, source, values, left_out)


def spelled(leaving: Shape, form: str, bom: bool = False, zone: str | None = None) -> str:
    """The query that gives a table in the spelling of a format; for jsonl it has one column, the line.

    zone  of times as text, which then bear its offset; None: UTC, with Z
    """
    spelling = SPELLINGS[form]
    if zone and form in ("csv", "jsonl"):
        text = TIME_IN.format("{0}", zone=zone)
        spelling = {**spelling, "time": f"to_json({text})" if form == "jsonl" else text}
    cells = [(name, spelling[kind].format(source)) for name, kind, source in leaving.columns]
    if form == "jsonl":
        keys = [_literal(f"{json.dumps(name, ensure_ascii=False)}:") for name, _ in cells]
        pairs = [
            f"{key}, coalesce(({cell})::VARCHAR, 'null')" for key, (_, cell) in zip(keys, cells, strict=True)
        ]
        line = ", ',', ".join(pairs)
        return f"SELECT concat('{{', {line}, '}}') AS line {leaving.source}"
    heads = [name if form == "parquet" else guarded(name) for name, _ in cells]
    heads[0] = "\ufeff" * bom + heads[0]
    named = [f"{cell} AS {_quoted(head)}" for head, (_, cell) in zip(heads, cells, strict=True)]
    return f"SELECT {', '.join(named)} {leaving.source}"


def copied(
    con: Connection, leaving: Shape, target: str, form: str, bom: bool, zone: str | None = None
) -> Written:
    """Have DuckDB write a table to a path. In a thread: Ctrl-C then stops it at once and not at its end."""
    query = f"COPY ({spelled(leaving, form, bom, zone)}) TO {_literal(target)} ({COPY_OPTIONS[form]})"
    again = form == "parquet" and not target.startswith("/dev/")  # what went down a pipe is gone
    with ThreadPoolExecutor(1) as pool:
        rows = pool.submit(within, con, lambda: value(con, query, leaving.values)) if again else pool.submit(
            value, con, query, leaving.values
        )  # fmt: skip
        try:
            return Written(rows.result(), leaving.left_out)
        except KeyboardInterrupt:
            con.interrupt()
            raise


def guarded(text: str) -> str:
    """A text as a spreadsheet may have it; the same rule as GUARD."""
    return f"'{text}" if text[:1] and text[0] in RUN else text


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
