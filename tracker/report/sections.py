"""The tables of the report: rows ready to be written down, and how many are left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ..model import DAYS, TIME_BASES

if TYPE_CHECKING:
    from datetime import tzinfo

    import pandas as pd

    from ..language import Language

NEWEST, SITES, DOUBTS = (
    2000,
    200,
    10,
)  # rows at most: in all, in all, of each flag; the page says what it leaves out
MILD = {"currency-assumed", "sign-inferred"}  # assumptions, not doubts: listed after all others
Rows = dict[str, Any]  # rows: what is shown; more: how many are not


def facts(rows: pd.DataFrame, tz: tzinfo, words: Language) -> list[tuple[str, str]]:
    """The figures at the head of the page: (what, how many)."""
    dated = rows.observed_at.dropna()
    flagged = int((rows["flags"].map(len) > 0).sum())
    undated = rows.snapshot_id[rows.observed_at.isna()].nunique()
    figures = {
        "quotes": f"{len(rows):,}", "snapshots": f"{rows.snapshot_id.nunique():,}", "sites": f"{rows.site.nunique():,}",
        "coins": f"{rows.coin.nunique():,}", "first": when(dated.min(), tz)[:10] if len(dated) else "–",
        "last": when(dated.max(), tz)[:10] if len(dated) else "–", "undated": f"{undated:,}", "flagged": f"{flagged:,}",
    }  # fmt: skip
    return [(words(f"report fact {name}"), figure) for name, figure in figures.items()]


def newest(rows: pd.DataFrame, tz: tzinfo) -> Rows:
    """The newest quote of each coin in each currency, the newest page first and then in the page's own order; an undated
    one only if there is no other."""
    named = rows[rows.coin.notna()].sort_values("observed_at", kind="stable", na_position="first")
    last = named.groupby(["coin", "currency"], dropna=False, sort=False).tail(1)
    order = last.sort_values(
        ["observed_at", "snapshot_id", "rank"],
        ascending=[False, True, True],
        na_position="last",
        kind="stable",
    )
    return limited([line(row, tz) for row in order.head(NEWEST).itertuples()], len(order))


def line(row: Any, tz: tzinfo) -> dict[str, Any]:
    """One quote for a table: texts to show, numbers to sort by, a link only where it is one."""
    at = row.observed_at
    return {
        "coin": row.coin, "rank": row.rank, "name": row.called if isinstance(row.called, str) else "",
        "currency": row.currency or "", "price": plain(row.price), "price_value": row.price,
        "change": signed(row.change_pct), "change_value": "" if row.change_pct != row.change_pct else row.change_pct,
        "window": row.change_window or "", "when": when(at, tz)[: 10 if row.time_basis in DAYS else 16],
        "when_value": "" if at != at else at.timestamp(), "basis": row.time_basis, "place": row.place,
        "link": link(row.url), "source": row.source, "row_text": row.row_text, "flags": list(row.flags),
    }  # fmt: skip


def link(url: str | None) -> str | None:
    """The address, if it is one of the web; anything else (`javascript:`, `data:`, a path) is no link."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and parts.hostname else None


def coverage(rows: pd.DataFrame, tz: tzinfo, words: Language) -> Rows:
    """Sites as a table: site, layouts, snapshots, quotes, coins, first, last, bases; the largest first."""
    lines: list[dict[str, Any]] = []
    for (place,), mine in rows.groupby(["place"], sort=True):
        bases = mine.groupby("time_basis").snapshot_id.nunique()
        dated = mine.observed_at.dropna()
        lines.append({
            "place": place, "layouts": ", ".join(sorted(mine.layout.unique())), "quotes": len(mine),
            "snapshots": mine.snapshot_id.nunique(), "coins": mine.coin.nunique(),
            "first": when(dated.min(), tz)[:10] if len(dated) else "",
            "last": when(dated.max(), tz)[:10] if len(dated) else "",
            "bases": ", ".join(f"{words(f'base {b}')} {bases[b]:,}" for b in TIME_BASES if b in bases),
        })  # fmt: skip
    lines.sort(key=lambda one: -int(one["snapshots"]))
    return limited(lines[:SITES], len(lines))


def doubts(rows: pd.DataFrame, tz: tzinfo) -> list[Rows]:
    """For each flag, real doubts before mere assumptions: flag, count, and its newest rows."""
    flagged = rows[rows["flags"].map(len) > 0].iloc[::-1]
    found = flagged.explode("flags").groupby("flags", sort=True)
    parts = [
        {"flag": flag, "count": len(mine)}
        | limited([line(row, tz) for row in flagged.loc[mine.index[:DOUBTS]].itertuples()], len(mine))
        for flag, mine in found
    ]
    return sorted(parts, key=lambda part: (part["flag"] in MILD, -int(part["count"])))


def findings(found: Sequence[Mapping[str, Any]], tz: tzinfo) -> list[Rows]:
    """For each kind of finding: kind, count, and its first rows."""
    kinds: dict[str, list[dict[str, Any]]] = {}
    for one in found:
        at = one.get("observed_at")
        row = {"coin": one.get("symbol") or one.get("name") or "", "value": one.get("value"),
               "evidence": one.get("evidence"), "place": one.get("site") or one.get("source") or "",
               "when": f"{at.astimezone(tz):%Y-%m-%d %H:%M}" if isinstance(at, datetime) else ""}  # fmt: skip
        kinds.setdefault(str(one["kind"]), []).append(row)
    return [
        {"kind": kind, "count": len(rows)} | limited(rows[:DOUBTS], len(rows)) for kind, rows in kinds.items()
    ]


def limited(shown: list[dict[str, Any]], every: int) -> Rows:
    """Rows to show, and how many are not shown."""
    return {"rows": shown, "more": every - len(shown)}


def when(time: pd.Timestamp, tz: tzinfo) -> str:
    return "" if time != time else f"{time.tz_convert(tz):%Y-%m-%d %H:%M}"


def plain(price: float) -> str:
    """`8,692,000`, `63.7`: the shortest digits that are this float, no exponent."""
    return f"{Decimal(repr(float(price))):,f}".removesuffix(".0")


def signed(change: float) -> str:
    return (
        ""
        if change != change
        else f"{Decimal(repr(float(change))):+,f}".removesuffix(".0").replace("-", "\u2212")
    )
