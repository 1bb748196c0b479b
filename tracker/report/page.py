"""A self-contained page of what is in a store: newest quotes, histories, a comparison, movers, coverage, doubtful rows.

One HTML file that loads nothing: pictures are inline SVG, script and style stand in it, and a content security policy
forbids all else. Without its script the page can be read and printed. Everything that came from a page is escaped.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import charts
from ..errors import TrackerError
from ..language import DEFAULT, Language, language
from ..model import COLUMNS
from ..printed.zones import zone_named
from ..writing import whole
from . import sections, series
from .counts import Counts

if TYPE_CHECKING:
    from datetime import tzinfo

    from jinja2 import Environment
    from pandas import DataFrame

    from ..store.reporting import Reported

HERE = Path(__file__).parent
FONT = "<font>"  # no text of a page can hold it: it would be escaped


def write(quotes: DataFrame | Reported, path: str | os.PathLike[str], **options: Any) -> int:
    """Write the report of these quotes to a file, whole or not at all; options as `render`. Returns its size in bytes.

    OutputError if the file cannot be written."""
    page = render(quotes, **options).encode("utf-8")
    with whole(path) as part:
        part.write_bytes(page)
    return len(page)


def render(
    quotes: DataFrame | Reported,
    *,
    tz: str | tzinfo = "Asia/Seoul",
    title: str | None = None,
    made: datetime | None = None,
    lang: str = DEFAULT,
    findings: Sequence[Mapping[str, Any]] = (),
) -> str:
    """The report as HTML text.

    quotes    a table with the columns of the tidy table, undated rows included; or one to be asked (see Store.reported),
              however large. A DataFrame is asked the same, so that equal quotes give an equal page
    tz        zone of all times
    title     instead of the page's own
    made      when the report was made, for its foot; None leaves it out, and equal quotes give an equal page
    lang      language of every text, number and date that is ours
    findings  what rows say about one another: kind, value, evidence, symbol, name, price, currency, observed_at, site; and
              count, where these are the first of so many of their kind (see Store.first_findings)
    TrackerError for a table without these columns, an unknown zone or language.
    """
    words = language(lang)
    zone = zone_named(tz) if isinstance(tz, str) else tz
    with asked(quotes) as table:
        parts = _parts(table, zone, words)
    return _page(parts, zone, words, title, made, sections.findings(findings, zone))


@contextmanager
def asked(quotes: DataFrame | Reported) -> Iterator[Reported]:
    """A table to be asked, made of a DataFrame where it is one. TrackerError for one that lacks columns."""
    from ..store.reporting import Reported, of_frame

    if isinstance(quotes, Reported):
        yield quotes
        return
    missing = [column.name for column in COLUMNS if column.name not in quotes.columns]
    if missing:
        raise TrackerError(
            "table", f"has no column {', '.join(missing)}", "pass the rows of read() or quotes()"
        )
    with of_frame(quotes) as table:
        yield table


def _parts(table: Reported, tz: tzinfo, words: Language) -> dict[str, Any]:
    """The parts of the page that show quotes, by their names in the template."""
    from markupsafe import Markup

    counts = Counts.of(table, words)
    look = {"tz": tz, "sites": counts.sites, "lang": words.code}
    newest, doubts, moved = table.newest(sections.NEWEST), table.doubts(sections.DOUBTS), table.moved()
    courses = table.courses(series.shown(counts))
    keys = [
        *newest,
        *(key for _, last in doubts.values() for key in last),
        *(one.key for one in courses.values()),
    ]
    rows = table.quoted([*keys, *([moved[0]] if moved else [])])
    cards = series.cards(table, counts, courses, rows, look, words)
    return {
        "facts": sections.facts(table, counts, tz, words), "cards": cards,
        "newest": sections.newest([rows[key] for key in newest], counts, tz),
        "keyed": series.keyed(counts.sites, cards), "compared": series.compared(table, counts, look, words),
        "movers": series.movers(table, counts, rows[moved[0]] if moved else None, moved, look, words),
        "coverage": sections.coverage(counts, tz, words), "covered": series.covered(table, counts, look, words),
        "doubts": sections.doubts(doubts, rows, counts, tz),
        "data": Markup(_json(series.data(table, counts, tz, words, cards))),
    }  # fmt: skip


def _page(
    parts: dict[str, Any],
    tz: tzinfo,
    words: Language,
    title: str | None,
    made: datetime | None,
    findings: Any,
) -> str:
    """The page of these parts, with its script, its style and its font."""
    from markupsafe import Markup

    script = (HERE / "report.js").read_text("utf-8")
    page = _environment(words).get_template("report.html.j2").render(
        **parts, title=title or words("report title"), zone=words.zone(str(tz)), lang=words.code, findings=findings,
        made=f"{made:%Y-%m-%d %H:%M %Z}".strip() if made else "",
        digest=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(), script=Markup(script),
        style=Markup((HERE / "report.css").read_text("utf-8")), light=Markup(charts.css("light", words.code)),
        dark=Markup(charts.css("dark", words.code)),
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
