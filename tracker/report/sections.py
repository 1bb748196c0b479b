"""The tables of the report: rows ready to be written down, and how many are left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ..model import DAYS, TIME_BASES

if TYPE_CHECKING:
    from datetime import tzinfo

    from ..language import Language
    from ..store.reporting import Key, Quoted, Reported
    from .counts import Counts

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NEWEST, SITES, DOUBTS = (
    2000,
    200,
    10,
)  # rows at most: in all, in all, of each flag; the page says what it leaves out
MILD = {"currency-assumed", "sign-inferred"}  # assumptions, not doubts: listed after all others
Rows = dict[str, Any]  # rows: what is shown; more: how many are not


def facts(table: Reported, counts: Counts, tz: tzinfo, words: Language) -> list[tuple[str, str]]:
    """The figures at the head of the page: (what, how many)."""
    quotes, evidence = counts.quotes, counts.evidence
    figures = {
        "quotes": f"{table.rows:,}", "snapshots": f"{evidence.n.sum():,}", "sites": f"{quotes.site.nunique():,}",
        "coins": f"{quotes.coin.nunique():,}", "first": when(quotes.t.min(), tz)[:10] or "–",
        "last": when(quotes["last"].max(), tz)[:10] or "–", "undated": f"{evidence.n[evidence.undated].sum():,}",
        "flagged": f"{evidence.flagged.sum():,}",
    }  # fmt: skip
    return [(words(f"report fact {name}"), figure) for name, figure in figures.items()]


def newest(rows: Sequence[Quoted], counts: Counts, tz: tzinfo) -> Rows:
    """The newest quote of each coin in each currency, the newest page first and then in the page's own order; an undated
    one only if there is no other."""
    return limited([line(row, counts, tz) for row in rows], counts.coins())


def line(row: Quoted, counts: Counts, tz: tzinfo) -> dict[str, Any]:
    """One quote for a table: texts to show, numbers to sort by, a link only where it is one."""
    return {
        "coin": row.coin, "rank": row.rank, "name": counts.called.get(row.coin or "", ""),
        "currency": row.currency or "", "price": plain(row.price), "price_value": row.price,
        "change": signed(row.change), "change_value": "" if row.change is None else row.change,
        "window": row.window or "", "when": when(row.t, tz)[: 10 if row.basis in DAYS else 16],
        "when_value": "" if row.t is None else row.t / 1e6, "basis": row.basis, "place": counts.place(row),
        "link": link(row.url), "source": row.source, "row_text": row.row_text, "flags": list(row.flags),
    }  # fmt: skip


def link(url: str | None) -> str | None:
    """The address, if it is one of the web; anything else (`javascript:`, `data:`, a path) is no link."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and parts.hostname else None


def coverage(counts: Counts, tz: tzinfo, words: Language) -> Rows:
    """Sites as a table: site, layouts, snapshots, quotes, coins, first, last, bases; the largest first."""
    lines: list[dict[str, Any]] = []
    snapshots = dict(list(counts.evidence.groupby("place")))
    for place, mine in counts.quotes.groupby("place", sort=True):
        bases = snapshots[place].groupby("time_basis").n.sum()
        lines.append({
            "place": place, "layouts": ", ".join(sorted(mine.layout.unique())), "quotes": int(mine.n.sum()),
            "snapshots": int(bases.sum()), "coins": mine.coin.nunique(),
            "first": when(mine.t.min(), tz)[:10], "last": when(mine["last"].max(), tz)[:10],
            "bases": ", ".join(f"{words(f'base {b}')} {bases[b]:,}" for b in TIME_BASES if b in bases),
        })  # fmt: skip
    lines.sort(key=lambda one: -int(one["snapshots"]))
    return limited(lines[:SITES], len(lines))


def doubts(
    found: Mapping[str, tuple[int, list[Key]]], rows: Mapping[Key, Quoted], counts: Counts, tz: tzinfo
) -> list[Rows]:
    """For each flag, real doubts before mere assumptions: flag, count, and its newest rows."""
    parts = [
        {"flag": flag, "count": count} | limited([line(rows[key], counts, tz) for key in keys], count)
        for flag, (count, keys) in found.items()
    ]
    return sorted(parts, key=lambda part: (part["flag"] in MILD, -int(part["count"])))


def findings(found: Sequence[Mapping[str, Any]], tz: tzinfo) -> list[Rows]:
    """For each kind of finding: kind, count, and its first rows."""
    kinds: dict[str, list[dict[str, Any]]] = {}
    counts: dict[str, int] = {}
    for one in found:
        at = one.get("observed_at")
        row = {"coin": one.get("symbol") or one.get("name") or "", "value": one.get("value"),
               "evidence": one.get("evidence"), "place": one.get("site") or one.get("source") or "",
               "when": f"{at.astimezone(tz):%Y-%m-%d %H:%M}" if isinstance(at, datetime) else ""}  # fmt: skip
        kinds.setdefault(str(one["kind"]), []).append(row)
        counts[str(one["kind"])] = one.get("count") or len(kinds[str(one["kind"])])
    return [
        {"kind": kind, "count": counts[kind]} | limited(rows[:DOUBTS], counts[kind])
        for kind, rows in kinds.items()
    ]


def limited(shown: list[dict[str, Any]], every: int) -> Rows:
    """Rows to show, and how many are not shown."""
    return {"rows": shown, "more": every - len(shown)}


def when(time: float | None, tz: tzinfo) -> str:
    """Microseconds since 1970 UTC -> `2024-03-29 12:00` in the zone; nothing where there are none."""
    if time is None or time != time:
        return ""
    return f"{(EPOCH + timedelta(microseconds=int(time))).astimezone(tz):%Y-%m-%d %H:%M}"


def plain(price: float) -> str:
    """`8,692,000`, `63.7`: the shortest digits that are this float, no exponent."""
    return f"{Decimal(repr(float(price))):,f}".removesuffix(".0")


def signed(change: float | None) -> str:
    return (
        ""
        if change is None
        else f"{Decimal(repr(float(change))):+,f}".removesuffix(".0").replace("-", "\u2212")
    )
