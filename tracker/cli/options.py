"""What can be said on the command line: every option once, with the words of its help.

`--store`, `--wait`, `--format` and `--tz` are understood before and after the command's name; the later one wins, then the
earlier, then the settings (see settings), then the default.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from ..errors import SettingsError, TrackerError
from . import complete
from .settings import KEYS, Setting, setting
from .table import Fold, Form, ZoneName, fold

_PERIOD = re.compile(r"(\d{4})(?:-(\d{2}))?")  # a year, or a month of one


def _shared(name: str, default: Any = None) -> Callable[[typer.Context, Any], Any]:
    """The callback of an option that may stand before or after the command's name."""

    def pick(ctx: typer.Context, value: Any) -> Any:
        if value is not None:
            return value
        if ctx.parent is not None:
            return ctx.parent.params[name]
        return setting(name).value if name in KEYS else default

    return pick


def _setting(name: str) -> Callable[[Any], Any]:
    """The callback of an option that a setting stands for where it is not given."""

    def pick(value: Any) -> Any:
        return setting(name).value if value is None else value

    return pick


def _zone(ctx: typer.Context, value: str | None) -> Any:
    from ..clock.ladder import zone_named

    if value is None and ctx.parent is not None:
        return ctx.parent.params["tz"]
    held = Setting(value, "--tz") if value is not None else setting("tz")
    try:
        zone_named(held.value)
    except TrackerError as error:
        if value is None:
            raise SettingsError(held.source, str(error)) from error
        raise typer.BadParameter(str(error)) from error
    return ZoneName.of(held.value, held.said)


def _lang(value: str | None) -> Any:
    from ..language import DEFAULT, languages

    held = Setting(value, "--lang") if value is not None else setting("lang")
    code = held.value or DEFAULT
    if code in languages():
        return code
    why = f"{code!r} is not known; use {' or '.join(languages())}"
    raise typer.BadParameter(why) if value is not None else SettingsError(held.source, why)


def _named(value: list[str] | None) -> Any:
    if "" in (value or ()):
        raise typer.BadParameter("an empty name")
    return value


def _jobs(value: int | None) -> Any:
    if value is None:
        value = setting("jobs").value
    if value == 0:
        raise typer.BadParameter("there must be one at least")
    return value


def folding(every: bool, limit: int | None, wanted: Form | None) -> Fold | None:
    """How long tables are folded, by `--all` and `--limit`."""
    if every and limit is not None:
        raise typer.BadParameter("--all and --limit exclude each other")
    if limit == 0:
        raise typer.BadParameter("0 rows are none to show", param_hint="'--limit'")
    return fold(every, limit, wanted)


def _size(value: str | None) -> Any:
    """`12x7` -> (12.0, 7.0)."""
    if value is None:
        return None
    try:
        width, height = (float(side) for side in value.lower().split("x"))
    except ValueError:
        raise typer.BadParameter(f"{value!r} is no size; one is 12x7, in inches") from None
    return width, height


def moment(text: str | None, zone: str) -> datetime | None:
    """A time given as an option, in the zone unless it names its own -> aware UTC. Raises TimeError."""
    from ..clock.ladder import parse_time

    return None if text is None else parse_time(text, zone)


def last_moment(text: str | None, zone: str) -> datetime | None:
    """The same for the end of a span: a day without a clock is meant whole."""
    when = moment(text, zone)
    whole = when and not re.search(r":|\d[T ]\d|\d{14}", str(text))
    return when + timedelta(days=1, microseconds=-1) if when and whole else when


def first_of(text: str | None, zone: str) -> datetime | None:
    """A time, a day, a month or a year -> its first moment, aware, UTC. Raises TimeError."""
    return moment(
        f"{text}{'-01-01'[3 * text.count('-') :]}" if text and _PERIOD.fullmatch(text) else text, zone
    )


def behind(text: str | None, zone: str) -> datetime | None:
    """The same for the end of a span: the first moment that is no part of it; a day, a month or a year is meant whole."""
    if text is None:
        return None
    if found := _PERIOD.fullmatch(text):
        months = int(found[1]) * 12 + int(found[2] or 12)
        return moment(f"{months // 12}-{months % 12 + 1:02}-01", zone)
    when = last_moment(text, zone)
    return when + timedelta(microseconds=when.microsecond > 0) if when else None


def atlas(given: str | None) -> Path | None:
    """The user's table of what coins cost: the given one, else that of the settings."""
    name = given or setting("atlas").value
    return Path(name) if name else None


def folders(given: Sequence[str] | None) -> list[Path]:
    """The user's folders of layouts: those of the settings (TRACKER_LAYOUTS is split as PATH is), then the given ones."""
    return [Path(folder) for folder in (*setting("layouts").value, *(given or ())) if folder]


def _option(
    *names: str, help: str, metavar: str | None = None, callback: Any = None, completed: Any = None
) -> Any:
    return typer.Option(
        *names, help=help, metavar=metavar, callback=callback, show_default=False, autocompletion=completed
    )


Kind = Literal["history", "indexed", "change", "heatmap", "movers", "coverage"]
FileForm = Literal["csv", "jsonl", "parquet", "xlsx"]

Sources = Annotated[
    list[str],
    typer.Argument(
        metavar="SOURCE",
        help="files, folders, globs, archives, corpora, addresses; - is standard input",
        callback=_named,
    ),
]
Symbols = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="SYMBOL", show_default=False, callback=_named, autocompletion=complete.coins,
        help="coins by symbol or name, such as BTC or 비트코인; none means all",
    ),
]  # fmt: skip
SomeSymbols = Annotated[
    list[str],
    typer.Argument(
        metavar="SYMBOL", callback=_named, autocompletion=complete.coins,
        help="coins by symbol or name, such as BTC or 비트코인",
    ),
]  # fmt: skip

Store = Annotated[
    str | None,
    _option(
        "--store", metavar="FILE",
        help="the store; or, to read only, Parquet files: a folder, s3://bucket/out/ [TRACKER_STORE; data/tracker.duckdb]",
        callback=_shared("store"),
    ),
]  # fmt: skip
Wait = Annotated[
    float | None,
    _option(
        "--wait",
        metavar="SECONDS",
        help="how long to wait for a busy store [30]",
        callback=_shared("wait", 30.0),
    ),
]
Format = Annotated[
    Form | None,
    _option(
        "--format",
        metavar="FORMAT",
        help="table, csv or jsonl [a table on a terminal, csv in a pipe]",
        callback=_shared("format"),
    ),
]
Zone = Annotated[
    str | None,
    _option(
        "--tz",
        metavar="ZONE",
        help="zone of times shown, of times given without one, and, if given, of times in data "
        "[TRACKER_TZ; Asia/Seoul, data in UTC]",
        callback=_zone,
        completed=complete.zones,
    ),
]
All = Annotated[bool, _option("--all", help="every row, however many there are")]
Limit = Annotated[
    int | None,
    _option(
        "--limit", metavar="N", help="at most N rows, the first and the last ones [a long table is folded]"
    ),
]

At = Annotated[
    str | None, _option("--at", metavar="TIME", help="when the pages were captured, if you know it")
]
Url = Annotated[
    str | None, _option("--url", metavar="URL", help="the address of a page that does not carry its own")
]
TextColumn = Annotated[
    str | None, _option("--text-column", metavar="NAME", help="the column of a corpus that holds the text")
]
ConnectTimeout = Annotated[
    float,
    _option(
        "--connect-timeout",
        metavar="SECONDS",
        help="how long to wait for a web server to answer the call [10]",
    ),
]
ReadTimeout = Annotated[
    float, _option("--read-timeout", metavar="SECONDS", help="how long a web server may be silent [30]")
]
MaxTime = Annotated[
    float,
    _option(
        "--max-time", metavar="SECONDS", help="how long a page of the web, or 16 MB of it, may take [300]"
    ),
]
Layouts = Annotated[
    list[str] | None,
    _option(
        "--layouts", metavar="DIR", help="a folder of your own layouts, may be repeated [TRACKER_LAYOUTS]"
    ),
]
OneLayout = Annotated[
    str | None,
    _option(
        "--layout", metavar="FILE", help="try this layout file, or known layout, and no other",
        completed=complete.layouts,
    ),
]  # fmt: skip
CoinList = Annotated[
    str | None,
    _option(
        "--coins", metavar="FILE", callback=_setting("coins"),
        help="coins of your own: symbol, names, as in coins.csv [TRACKER_COINS]",
    ),
]  # fmt: skip
Jobs = Annotated[
    int | None,
    _option(
        "--jobs",
        "-j",
        metavar="N",
        help="processes to work with [TRACKER_JOBS; the machine's cores]",
        callback=_jobs,
    ),
]
Strict = Annotated[bool, _option("--strict", help="exit with 1 if a block came out in part")]
Quiet = Annotated[bool, _option("--quiet", "-q", help="no progress and no tallies; errors are still told")]
Again = Annotated[bool, _option("--again", help="read sources again that were read before")]
IfBetter = Annotated[
    bool, _option("--if-better", help="read sources again that an older version of the finder read")
]

Why = Annotated[
    bool, _option("--why", help="say what spoke for and against each block that no layout claimed")
]

Since = Annotated[str | None, _option("--since", metavar="TIME", help="observed at this time or later")]
Until = Annotated[
    str | None,
    _option("--until", metavar="TIME", help="observed at this time or earlier; a day counts whole"),
]
Currency = Annotated[
    str | None,
    _option(
        "--currency", metavar="CODE", help="prices in this currency only, such as KRW",
        completed=complete.currencies,
    ),
]  # fmt: skip
Site = Annotated[
    str | None,
    _option(
        "--site",
        metavar="HOST",
        help="prices of this site only, and of those below it",
        completed=complete.sites,
    ),
]
AllReadings = Annotated[
    bool, _option("--all-readings", help="those that were superseded too, and by what and when")
]

AsPrinted = Annotated[
    bool, _option("--as-printed", help="what pages say alone, without what `reconcile` concluded")
]
Findings = Annotated[
    bool, _option("--findings", help="with what `reconcile` concluded, in columns of its own")
]
AcceptGuesses = Annotated[
    bool,
    _option("--accept-guesses", help="take rows whose name was lost for the coin that `reconcile` guesses"),
]
Implied = Annotated[
    bool, _option("--implied", help="with the prices of 24 h before that changes over 24 h lead to")
]
Without = Annotated[
    list[str] | None,
    _option(
        "--without", metavar="FINDING", completed=complete.findings,
        help="leave out what `reconcile` found this of, such as off-market; may be repeated",
    ),
]  # fmt: skip
AtlasFile = Annotated[
    str | None,
    _option(
        "--atlas", metavar="FILE",
        help="what coins cost, a table of your own: week or day, symbol, low_usd, high_usd [TRACKER_ATLAS]",
    ),
]  # fmt: skip
FollowRenames = Annotated[
    bool, _option("--follow-renames", help="with the tickers that these coins had before, or have since")
]
Within = Annotated[
    float | None, _option("--within", metavar="DAYS", help="take a span by prices up to this for a time [8]")
]
Market = Annotated[bool, _option("--market", help="show what `reconcile` found instead, a row a finding")]

Output = Annotated[
    str, _option("--output", "-o", metavar="FILE", help="the file to write; its ending says the format")
]
MaybeOutput = Annotated[
    str | None, _option("--output", "-o", metavar="FILE", help="the file to write [standard output]")
]
ExportForm = Annotated[
    FileForm | None,
    _option(
        "--format", metavar="FORMAT", help="csv, jsonl, parquet or xlsx [by the file's ending, else csv]"
    ),
]
Append = Annotated[
    str | None,
    _option(
        "--append",
        metavar="DIR",
        help="add what is new as a Parquet file to a folder that many write to, or s3://",
    ),
]
Wide = Annotated[bool, _option("--wide", help="one row a time, one column a symbol")]
Bom = Annotated[bool, _option("--bom", help="begin with a byte order mark, which Korean Excel needs")]

ChartKind = Annotated[Kind, typer.Option("--kind", help="what to draw")]
Log = Annotated[bool, _option("--log", help="logarithmic prices")]
Panels = Annotated[
    Literal["auto", "each", "one"] | None,
    _option("--panels", help="auto, each (a panel a coin) or one (axis for all)"),
]
Theme = Annotated[Literal["light", "dark"] | None, _option("--theme", help="light or dark [light]")]
Title = Annotated[str | None, _option("--title", metavar="TEXT", help="instead of the chart's own title")]
Size = Annotated[str | None, _option("--size", metavar="WxH", help="inches, such as 12x7", callback=_size)]
Dpi = Annotated[float | None, _option("--dpi", metavar="N", help="pixels an inch [100]")]
Lang = Annotated[
    str | None,
    _option("--lang", metavar="LANG", help="en or ko [TRACKER_LANG; en]", callback=_lang),
]
By = Annotated[
    Literal["site", "median"] | None,
    _option(
        "--by", help="site: a line for each of six sites; median: one line for all [by how many there are]"
    ),
]
Gap = Annotated[
    str | None, _option("--gap", metavar="SPAN", help="join points no further apart than this: 3d, 36h")
]

Base = Annotated[str | None, _option("--base", metavar="TIME", help="indexed: the time that is 100")]
Moment = Annotated[
    str | None, _option("--at", metavar="TIME", help="movers: the snapshot nearest to this time [the newest]")
]
Window = Annotated[
    str | None, _option("--window", metavar="SPAN", help="change: only changes over this window: 24h, 1d, 7d")
]
Step = Annotated[
    str | None, _option("--step", metavar="UNIT", help="heatmap: hour, day, week, month or year")
]

ForgetSource = Annotated[
    str | None,
    _option("--source", metavar="SOURCE", help="forget what came of this source", completed=complete.sources),
]
ForgetSnapshot = Annotated[str | None, _option("--snapshot", metavar="ID", help="forget this snapshot")]
ForgetSuperseded = Annotated[
    bool, _option("--superseded", help="forget all readings that others took the place of")
]
Yes = Annotated[bool, _option("--yes", help="remove it; without this it is only shown")]

Targets = Annotated[
    list[str],
    typer.Argument(
        metavar="ADDRESS",
        callback=_named,
        help="pages, with or without http://, or patterns: 'example.com/news/*', '*.example.com', or a host alone",
    ),
]
From = Annotated[
    str,
    _option(
        "--from", metavar="WHERE",
        help="live, wayback, commoncrawl, or the address of a CDX server (pywb, OpenWayback) [live]",
    ),
]  # fmt: skip
FirstCapture = Annotated[
    str | None, _option("--since", metavar="TIME", help="captures from then on: a time, day, month or year")
]
LastCapture = Annotated[
    str | None,
    _option("--until", metavar="TIME", help="captures until then; a day, month or year is meant whole"),
]
Every = Annotated[
    str,
    _option(
        "--every",
        metavar="SPAN",
        help="of each page one capture in so long: 1h, 1d, 1w, 1mo, 1y or all [all]",
    ),
]
MatchKind = Annotated[
    Literal["exact", "prefix", "host", "domain"] | None,
    _option("--match", metavar="HOW", help="exact, prefix, host or domain [as the pattern says]"),
]
Most = Annotated[
    int | None,
    _option("--limit", metavar="N", help="at most N captures, those that are kept already among them"),
]
Crawls = Annotated[
    list[str] | None,
    _option(
        "--crawl",
        metavar="CRAWL",
        help="a crawl of Common Crawl [those between --since and --until, else the newest]",
    ),
]
ReplayAt = Annotated[
    str | None,
    _option(
        "--replay", metavar="ADDRESS",
        help="where an archive gives captures back, with {stamp} and {url}, or its files, with {file} [told by its address]",
    ),
]  # fmt: skip
Into = Annotated[
    str, _option("--into", metavar="DIR", help="the folder that gets a folder a site [data/warc]")
]
Roll = Annotated[
    str, _option("--roll", metavar="SIZE", help="bytes of a file after which a new one is begun [1GB]")
]
Rate = Annotated[
    float | None,
    _option("--rate", metavar="N", help="at most N requests a minute; never more than is polite"),
]
BudgetOf = Annotated[
    str | None,
    _option("--budget", metavar="SIZE|TIME", help="how much a run may take: 500MB, 2h or 500MB|2h"),
]
Contact = Annotated[
    str | None,
    _option(
        "--contact", metavar="WHO", callback=_setting("contact"),
        help="how those who are asked can reach you: an address of the web or of mail [TRACKER_CONTACT]",
    ),
]  # fmt: skip
IgnoreRobots = Annotated[
    bool,
    _option(
        "--ignore-robots", help="ask for live pages that robots.txt asks programs to leave alone; pauses stay"
    ),
]
DryRun = Annotated[
    bool, _option("--dry-run", help="ask the index alone: how many captures, bytes and hours it would take")
]
Render = Annotated[
    bool,
    _option(
        "--render",
        help="run the scripts of live pages in Chromium; what they made is kept too (extra `render`)",
    ),
]

SitesFile = Annotated[
    str, typer.Argument(metavar="SITES", help="a TOML file of sites, intervals and rules", show_default=False)
]
Once = Annotated[bool, _option("--once", help="one round of what is due, for cron and timers")]
ReportFile = Annotated[
    str | None, _option("--report", metavar="FILE", help="write the report anew after each round")
]
Exec = Annotated[
    str | None, _option("--exec", metavar="CMD", help="a command that gets each alert on its input")
]
Notify = Annotated[
    list[str] | None,
    _option(
        "--notify", metavar="URL", help="send each alert there by Apprise, may be repeated [extra `alerts`]"
    ),
]
Margin = Annotated[
    float,
    _option(
        "--margin",
        metavar="PERCENT",
        help="of a rule's bound that a figure must go back past it to end it [2]",
    ),
]
