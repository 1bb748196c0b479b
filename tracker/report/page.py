"""A self-contained page of what is in a store: newest quotes, histories, movers, coverage, doubtful rows.

One HTML file that loads nothing: pictures are inline SVG, the little script and style stand in it, and a content
security policy forbids all else. Everything that came from a page is escaped by the template.
"""

from __future__ import annotations

import base64
import hashlib
import os
from collections import Counter
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from .. import charts
from ..errors import TrackerError
from ..model import COLUMNS, DAYS, TIME_BASES
from ..printed.zones import zone_named
from ..writing import whole

if TYPE_CHECKING:
    from datetime import tzinfo

    import pandas as pd
    from jinja2 import Template

TEMPLATE, FONT = "report.html.j2", "<font>"  # no text of a page can hold the second: it would be escaped
HISTORIES, NEWEST, SITES, DOUBTS = (
    60,
    2000,
    200,
    400,
)  # at most so many cards and rows; the page says what it leaves out
KEYED = 24  # sites in the key of the cards
CARD = (4.2, 1.9)  # inches; about as wide as a phone's screen
MILD = {"currency-assumed", "sign-inferred"}  # assumptions, not doubts: listed after all others


def write(quotes: pd.DataFrame, path: str | os.PathLike[str], **options: Any) -> int:
    """Write the report of these quotes to a file, whole or not at all; options as `render`. Returns its size in bytes.

    OutputError if the file cannot be written."""
    page = render(quotes, **options).encode("utf-8")
    with whole(path) as part:
        part.write_bytes(page)
    return len(page)


def render(
    quotes: pd.DataFrame,
    *,
    tz: str | tzinfo = "Asia/Seoul",
    title: str = "Coin prices, as the pages showed them",
    made: datetime | None = None,
) -> str:
    """The report as HTML text.

    quotes  a table with the columns of the tidy table, undated rows included
    tz      zone of all times
    made    when the report was made, for its foot; None leaves it out, and equal quotes give an equal page
    TrackerError for a table without these columns or an unknown zone.
    """
    from markupsafe import Markup

    tz = zone_named(tz) if isinstance(tz, str) else tz
    quotes = quotes.reset_index(drop=True)  # rows are told apart by their place
    rows = _prepared(quotes)
    template, digest = _template()
    sites = [str(site) for site in rows.place.value_counts().index]
    page = template.render(
        title=title, zone=str(tz), made=f"{made:%Y-%m-%d %H:%M %Z}".strip() if made else "", digest=digest,
        light=Markup(charts.css("light")), dark=Markup(charts.css("dark")),
        facts=_facts(rows, tz), newest=_newest(rows, tz), histories=_histories(quotes, rows, tz, sites),
        site_key=_site_key(sites), movers=_movers(quotes, rows, tz), coverage=_coverage(quotes, rows, tz),
        doubts=_doubts(rows, tz),
    )  # fmt: skip
    return page.replace(FONT, charts.font("".join(sorted(set(page)))), 1)


def _template() -> tuple[Template, str]:
    """The page's template, and the digest of its script: the permission to run it, and nothing else."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    source = (Path(__file__).parent / TEMPLATE).read_text("utf-8")
    script = source[source.index("<script>") + len("<script>") : source.index("</script>")]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return environment.get_template(TEMPLATE), digest


def _prepared(quotes: pd.DataFrame) -> pd.DataFrame:
    """The table with missing texts as None, and the columns coin (symbol, else name), called (the
    name that pages print most, if it is another) and place (site,
    else the layout); by time."""
    from ..charts._observed import NO_PLACE
    from ..charts._time import believable
    from ..clock.plausible import plausible_span

    missing = [column.name for column in COLUMNS if column.name not in quotes.columns]
    if missing:
        raise TrackerError(
            "table", f"has no column {', '.join(missing)}", "pass the rows of read() or quotes()"
        )
    rows = quotes.copy()
    rows["observed_at"] = believable(rows["observed_at"], plausible_span()[1])
    for column in (c.name for c in COLUMNS if c.kind == "text"):
        rows[column] = rows[column].astype(object).where(rows[column].notna(), None)
    rows["flags"] = [flags.split() if isinstance(flags, str) else list(flags) for flags in rows["flags"]]
    rows["coin"] = rows.symbol.where(rows.symbol.notna(), rows.name)
    names = rows[rows.coin.notna() & rows.name.notna() & (rows.name != rows.coin)]
    called = names.groupby("coin").name.agg(lambda printed: printed.mode()[0])
    rows["called"] = rows.coin.map(called).astype(object)
    rows["place"] = rows.site.where(rows.site.notna(), rows.layout.map(NO_PLACE.format))
    return rows.sort_values("observed_at", kind="stable")


def _facts(rows: pd.DataFrame, tz: tzinfo) -> list[tuple[str, str]]:
    """The figures at the head of the page: (what, how many)."""
    dated = rows.observed_at.dropna()
    flagged = int((rows["flags"].map(len) > 0).sum())
    undated = rows.snapshot_id[rows.observed_at.isna()].nunique()
    return [
        ("quotes", f"{len(rows):,}"),
        ("snapshots", f"{rows.snapshot_id.nunique():,}"),
        ("sites", f"{rows.site.nunique():,}"),
        ("coins", f"{rows.coin.nunique():,}"),
        ("first quote", _when(dated.min(), tz)[:10] if len(dated) else "–"),
        ("last quote", _when(dated.max(), tz)[:10] if len(dated) else "–"),
        ("undated snapshots", f"{undated:,}"),
        ("flagged quotes", f"{flagged:,}"),
    ]


def _newest(rows: pd.DataFrame, tz: tzinfo) -> dict[str, Any]:
    """The newest quote of each coin in each currency; an undated one only if there is no other."""
    named = rows[rows.coin.notna()].sort_values("observed_at", kind="stable", na_position="first")
    last = (
        named.groupby(["coin", "currency"], dropna=False, sort=False)
        .tail(1)
        .sort_values(["coin", "currency"])
    )
    return _limited([_line(row, tz) for row in last.head(NEWEST).itertuples()], len(last))


def _line(row: Any, tz: tzinfo) -> dict[str, Any]:
    """One quote for a table: texts to show, numbers to sort by, a link only where it is one."""
    when = row.observed_at
    day_only = row.time_basis in DAYS
    return {
        "coin": row.coin or f"row {row.rank} (name lost)", "name": row.called if isinstance(row.called, str) else None,
        "currency": row.currency or "", "price": _plain(row.price), "price_value": row.price,
        "change": _signed(row.change_pct), "change_value": "" if row.change_pct != row.change_pct else row.change_pct,
        "window": row.change_window or "", "when": _when(when, tz)[: 10 if day_only else 16],
        "when_value": "" if when != when else when.timestamp(), "basis": row.time_basis, "place": row.place,
        "link": link(row.url), "source": row.source, "row_text": row.row_text, "flags": list(row.flags),
    }  # fmt: skip


def link(url: str | None) -> str | None:
    """The address, if it is one of the web; anything else (`javascript:`, `data:`, a path) is no link."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and parts.hostname else None


def _histories(quotes: pd.DataFrame, rows: pd.DataFrame, tz: tzinfo, sites: list[str]) -> dict[str, Any]:
    """A card a coin and currency observed at least twice, most observed first: newest quote, count, picture."""
    from markupsafe import Markup

    drawable = rows[rows.coin.notna() & rows.observed_at.notna() & (rows.price > 0)].fillna({"currency": ""})
    groups = drawable.groupby(["coin", "currency"], sort=True)
    order = groups.agg(count=("rank", "size"), place=("rank", "median"))
    order = order.sort_values(["count", "place"], ascending=[False, True], kind="stable")
    once = sorted({str(coin) for coin, _ in order.index[order["count"] == 1]})
    order = order[order["count"] > 1]
    cards = []
    for number, series in enumerate(order.index[:HISTORIES]):
        mine = groups.get_group(series)
        line = _line(next(mine.tail(1).itertuples()), tz)
        label = f"History of {line['coin']}"
        svg = charts.card(quotes.loc[mine.index], "history", f"card{number}", label, CARD, tz=tz, sites=sites)
        cards.append(line | {"count": len(mine), "picture": Markup(svg)})
    return _limited(cards, len(order)) | {"once": once}


def _site_key(sites: list[str]) -> list[tuple[str, str, str]]:
    """(site, CSS variable of its colour, its mark) for the key of the cards."""
    return [(site, *charts.mark(place)) for place, site in enumerate(sites[:KEYED])]


def _movers(quotes: pd.DataFrame, rows: pd.DataFrame, tz: tzinfo) -> dict[str, Any] | None:
    """The newest snapshot that prints changes, with its page; None if there is none."""
    from markupsafe import Markup

    changed = rows[rows.change_pct.notna() & rows.observed_at.notna()]
    if changed.empty:
        return None
    last = next(changed.tail(1).itertuples())
    height = 0.9 + 0.21 * min(30, int((changed.snapshot_id == last.snapshot_id).sum()))
    label = "Coins of the newest snapshot by change"
    svg = charts.card(quotes, "movers", "movers", label, (5.0, height), snapshot=last.snapshot_id, tz=tz)
    return _line(last, tz) | {"picture": Markup(svg)}


def _coverage(quotes: pd.DataFrame, rows: pd.DataFrame, tz: tzinfo) -> dict[str, Any]:
    """Sites by time as a picture, and as a table: site, layouts, snapshots, quotes, first, last, bases."""
    from markupsafe import Markup

    lines: list[dict[str, Any]] = []
    for (place,), mine in rows.groupby(["place"], sort=True):
        bases = mine.groupby("time_basis").snapshot_id.nunique()
        dated = mine.observed_at.dropna()
        lines.append({
            "place": place, "layouts": ", ".join(sorted(mine.layout.unique())), "quotes": len(mine),
            "snapshots": mine.snapshot_id.nunique(), "coins": mine.coin.nunique(),
            "first": _when(dated.min(), tz)[:10] if len(dated) else "",
            "last": _when(dated.max(), tz)[:10] if len(dated) else "",
            "bases": ", ".join(f"{basis} {bases[basis]:,}" for basis in TIME_BASES if basis in bases),
        })  # fmt: skip
    lines.sort(key=lambda line: -line["snapshots"])
    height = 0.8 + 0.55 * min(16, len(lines))
    label = "Snapshots of each site over time"
    svg = charts.card(quotes, "coverage", "coverage", label, (10.5, height), tz=tz) if lines else ""
    return _limited(lines[:SITES], len(lines)) | {"picture": Markup(svg)}


def _doubts(rows: pd.DataFrame, tz: tzinfo) -> dict[str, Any]:
    """Rows with flags, real doubts before mere assumptions, then the newest first; and how many rows bear each flag."""
    flagged = rows[rows["flags"].map(len) > 0].iloc[::-1]
    mild = [set(flags) <= MILD for flags in flagged["flags"]]
    flagged = flagged.assign(mild=mild).sort_values("mild", kind="stable")
    counts = Counter(flag for flags in flagged["flags"] for flag in flags)
    lines = [_line(row, tz) for row in flagged.head(DOUBTS).itertuples()]
    return _limited(lines, len(flagged)) | {"counts": sorted(counts.items())}


def _limited(shown: list[dict[str, Any]], every: int) -> dict[str, Any]:
    """Rows to show, and how many are not shown."""
    return {"rows": shown, "more": every - len(shown)}


def _when(time: pd.Timestamp, tz: tzinfo) -> str:
    return "" if time != time else f"{time.tz_convert(tz):%Y-%m-%d %H:%M}"


def _plain(price: float) -> str:
    """`8,692,000`, `63.7`: the shortest digits that are this float, no exponent."""
    return f"{Decimal(repr(float(price))):,f}".removesuffix(".0")


def _signed(change: float) -> str:
    return (
        ""
        if change != change
        else f"{Decimal(repr(float(change))):+,f}".removesuffix(".0").replace("-", "\u2212")
    )
