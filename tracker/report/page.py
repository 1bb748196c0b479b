"""A self-contained page of what is in a store: newest quotes, histories, a comparison, movers, coverage, doubtful rows.

One HTML file that loads nothing: pictures are inline SVG, script and style stand in it, and a content security policy
forbids all else. Without its script the page can be read and printed. Everything that came from a page is escaped.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import charts
from ..errors import TrackerError
from ..frame import found, once
from ..language import DEFAULT, Language, language
from ..model import COLUMNS
from ..printed.zones import zone_named
from ..writing import whole
from . import sections, series

if TYPE_CHECKING:
    from datetime import tzinfo

    import pandas as pd
    from jinja2 import Environment

HERE = Path(__file__).parent
FONT = "<font>"  # no text of a page can hold it: it would be escaped


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
    title: str | None = None,
    made: datetime | None = None,
    lang: str = DEFAULT,
    findings: Sequence[Mapping[str, Any]] = (),
) -> str:
    """The report as HTML text.

    quotes    a table with the columns of the tidy table, undated rows included
    tz        zone of all times
    title     instead of the page's own
    made      when the report was made, for its foot; None leaves it out, and equal quotes give an equal page
    lang      language of every text, number and date that is ours
    findings  what rows say about one another: kind, value, evidence, symbol, name, price, currency, observed_at, site
    TrackerError for a table without these columns, an unknown zone or language.
    """
    from markupsafe import Markup

    words = language(lang)
    tz = zone_named(tz) if isinstance(tz, str) else tz
    quotes = once(quotes).reset_index(drop=True)  # rows are told apart by their place
    rows = _prepared(quotes, words)
    sites = [str(site) for site in rows.place.value_counts().index]
    look = {"tz": tz, "sites": sites, "lang": lang}
    cards = series.cards(quotes, rows, look, words)
    script = (HERE / "report.js").read_text("utf-8")
    page = _environment(words).get_template("report.html.j2").render(
        title=title or words("report title"), zone=words.zone(str(tz)), lang=lang,
        made=f"{made:%Y-%m-%d %H:%M %Z}".strip() if made else "",
        digest=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(), script=Markup(script),
        style=Markup((HERE / "report.css").read_text("utf-8")), light=Markup(charts.css("light", lang)),
        dark=Markup(charts.css("dark", lang)), facts=sections.facts(rows, tz, words), newest=sections.newest(rows, tz),
        cards=cards, keyed=series.keyed(sites, cards), compared=series.compared(quotes, rows, look, words),
        movers=series.movers(quotes, rows, look, words), coverage=sections.coverage(rows, tz, words),
        covered=series.covered(quotes, rows, look, words), doubts=sections.doubts(rows, tz),
        findings=sections.findings(findings, tz), data=Markup(_json(series.data(rows, tz, words, cards))),
    )  # fmt: skip
    return page.replace(FONT, charts.font("".join(sorted(set(page)))), 1)


def _environment(words: Language) -> Environment:
    """Where templates come from; `say` is a text of the language, `number` a whole number in it."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.globals |= {"say": words, "known": words.texts, "minus": "\u2212"}
    environment.filters["number"] = "{:,}".format
    return environment


def _json(data: Any) -> str:
    """JSON that may stand in a script element: nothing in it closes the element."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _prepared(quotes: pd.DataFrame, words: Language) -> pd.DataFrame:
    """The table with missing texts as None, and the columns coin (symbol, else name), called (the name that pages print
    most, without the symbol), place (site, else the layout's title) and off (found off the market); by time."""
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
    rows["off"] = found(rows, "off-market")
    rows["coin"] = rows.symbol.where(rows.symbol.notna(), rows.name)
    names = rows[rows.coin.notna() & rows.name.notna()]
    most = names.groupby("coin").name.agg(lambda printed: printed.mode()[0])
    rows["called"] = rows.coin.map(
        {coin: charts.called(str(coin), name) for coin, name in most.items()}
    ).astype(object)
    rows["place"] = rows.site.where(rows.site.notna(), charts.homeless(rows.layout, words.code))
    return rows.sort_values("observed_at", kind="stable")
