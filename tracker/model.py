"""The nouns: Page, Quote, Block; and the schema of the tidy table, stated once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Context, Decimal
from functools import cached_property
from typing import Any, Literal, NamedTuple
from urllib.parse import urlsplit

Kind = Literal["text", "time", "integer", "price", "percent", "texts"]


class Column(NamedTuple):
    """One column of the tidy table. kind: text; time (UTC); integer; price = decimal(30,12);
    percent = decimal(12,4); texts = list of text."""

    name: str
    kind: Kind
    meaning: str


COLUMNS: tuple[Column, ...] = (
    Column(
        "snapshot_id",
        "text",
        "same for all rows of one snapshot; the same reading of a capture always gets it",
    ),
    Column("block_id", "text", "equal when a site shows an unchanged block on another page"),
    Column("observed_at", "time", "when the prices were on show, best estimate; null without evidence"),
    Column(
        "time_basis", "text", "the evidence: given, given-day, stated, capture, stated-day, published, none"
    ),
    Column("captured_at", "time", "when the copy was taken, if known"),
    Column("published_at", "time", "the article's own date, if known"),
    Column("site", "text", "host without www.; null for a page without URL"),
    Column("url", "text", "null if unknown"),
    Column("source", "text", "file, and the record in it"),
    Column("layout", "text", "id of the layout, or generic"),
    Column("rank", "integer", "1-based place in the block"),
    Column("name", "text", "as printed; null if the page lost it"),
    Column("symbol", "text", "null if unknown"),
    Column("currency", "text", "null if neither printed nor asserted by the layout"),
    Column("price", "price", "in currency, per one coin"),
    Column("change_pct", "percent", "signed percent; null if absent or if its sign was lost"),
    Column("change_abs", "price", "signed, in currency; null if absent or if its sign was lost"),
    Column("change_window", "text", "24h, 1d, 5d, 7d; null if not stated"),
    Column("row_text", "text", "the row as printed, white space folded"),
    Column("flags", "texts", "what was assumed or doubtful, sorted"),
)

TIME_BASES = ("given", "given-day", "stated", "capture", "stated-day", "published", "none")
DAYS = ("given-day", "stated-day")  # time bases of which only the day is known: observed_at is its noon
GENERIC = "generic"  # the layout id of blocks that no layout claimed

# Which reader this is: raised by hand whenever other rows are found in the same pages, by whatever part of the program
# (a test notices). What a newer one finds in a source stands in the place of what an older one found.
READER = 3
CAPTURE_DIGITS = 20  # of a snapshot_id: those that name the capture; the others name what was read in it
READ_DIFFERENTLY = "read-differently"  # the flag of a snapshot that another reading contradicts

PRICE_DIGITS, PRICE_PLACES = 30, 12
PERCENT_DIGITS, PERCENT_PLACES = 12, 4

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_WIDE = Context(prec=80)
Evidence = tuple[tuple[str, float], ...]  # named pieces with their weights, the heaviest first


@dataclass(frozen=True, slots=True)
class Page:
    """One captured document: its text, and what is known of where and when it was captured.

    text          the whole page as lines
    source        the file, and the record in it: `crawl.warc.gz#1063`
    url           the page's address, if known
    captured_at   when the copy was taken, by the container's evidence; aware, UTC
    published_at  the article's date by the page's markup (not by its text: that is the clock's); aware, UTC
    given_at      the time the user vouches for (`--at`); aware, UTC
    given_day     the user named a day: given_at is its noon
    named_at      the time in the file's name, and then captured_at too, or the noon of a day in it; aware, UTC
    flags         what was done to the text: `text-repaired`
    html          the markup that the text came from, if any: the finder reads its tree
    """

    text: str
    source: str
    url: str | None = None
    captured_at: datetime | None = None
    published_at: datetime | None = None
    given_at: datetime | None = None
    given_day: bool = False
    named_at: datetime | None = None
    flags: tuple[str, ...] = ()
    html: str | None = field(default=None, repr=False, compare=False)

    @property
    def site(self) -> str | None:
        """The host of the URL in lower case, without `www.`."""
        return site_of(self.url)


def site_of(url: str | None) -> str | None:
    """`https://www.Example.co.kr:80/x` -> `example.co.kr`; None without a host."""
    try:
        host = urlsplit(url).hostname if url else None
    except ValueError:  # an unclosed bracket, say: no host to be had
        return None
    return host.removeprefix("www.") if host else None


@dataclass(frozen=True, slots=True)
class Quote:
    """One row of a block: one coin's price and change as printed. See COLUMNS for the fields."""

    rank: int
    name: str | None
    symbol: str | None
    currency: str | None
    price: Decimal
    change_pct: Decimal | None
    change_abs: Decimal | None
    change_window: str | None
    row_text: str
    flags: tuple[str, ...] = ()

    @property
    def held(self) -> Quote:
        """As the table holds it: what is flagged `rounded` has more digits in the page's data than the table has places."""
        if "rounded" not in self.flags:
            return self
        price, percent, amount = held_figures(self.price, self.change_pct, self.change_abs)
        return replace(self, price=price, change_pct=percent, change_abs=amount)


def held_figures(
    price: Decimal, percent: Decimal | None, amount: Decimal | None
) -> tuple[Decimal, Decimal | None, Decimal | None]:
    """A price, a percent and an amount with no more places than the table has."""
    pct = None if percent is None else _cut(percent, PERCENT_PLACES)
    return _cut(price, PRICE_PLACES), pct, None if amount is None else _cut(amount, PRICE_PLACES)


def _cut(value: Decimal, places: int) -> Decimal:
    last = Decimal(1).scaleb(-places)
    return value if _WIDE.remainder(value, last) == 0 else value.quantize(last, context=_WIDE)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that was seen and not taken: its text, white space folded, and why."""

    row_text: str
    reason: str


@dataclass(frozen=True)
class Block:
    """The span of one page that was recognised, with its rows and its time: one snapshot.

    start, end    where it stands in the page's text
    content_id    digest of the page's text; stands in for the URL in the identity of pages without one
    flags         doubts about the whole block: `time-conflict`, `partial`, `text-repaired`
    evidence      what spoke for and against the block, by name with its weight; empty where rules or a layout decided
    read_by       the READER that found it
    origin        by what the source is known again that it was read from, if that is a file
    """

    layout: str
    start: int
    end: int
    quotes: tuple[Quote, ...]
    refused: tuple[Refusal, ...]
    observed_at: datetime | None
    time_basis: str
    captured_at: datetime | None
    published_at: datetime | None
    url: str | None
    source: str
    content_id: str
    flags: tuple[str, ...] = ()
    evidence: Evidence = ()
    read_by: int = READER
    origin: str | None = None

    @property
    def site(self) -> str | None:
        """As Page.site."""
        return site_of(self.url)

    @cached_property
    def capture_id(self) -> str:
        """What was taken: an address and the time it was taken, where both are known; else a content, and the time
        that the user or the file's name gives it. Not what the clock made of it, nor what was read in it."""
        if self.url is not None and self.captured_at is not None:
            return capture(self.url, self.captured_at)
        given = self.observed_at if self.time_basis.startswith("given") else self.captured_at
        return capture(self.content_id, given)

    @cached_property
    def snapshot_id(self) -> str:
        """The capture, and all that was read in it but where it stood and how it was spelled."""
        shared = [_iso(self.observed_at), self.time_basis, _iso(self.published_at), self.layout]
        told = [[q.symbol, q.change_window, sorted({*q.flags, *self.flags})] for q in self.quotes]
        return reading(self.capture_id, [*shared, self._printed(), told])

    @cached_property
    def block_id(self) -> str:
        """Site and printed rows, whatever page shows them."""
        return digest([self.site, self._printed()])

    def _printed(self) -> list[list[str | None]]:
        """What identifies the rows: the printed figures, not what the coin list of the day makes of them."""
        return [
            [q.name, q.currency, plain(q.price), plain(q.change_pct), plain(q.change_abs)]
            for q in self._held()
        ]

    def _held(self) -> Iterator[Quote]:
        return (quote.held for quote in self.quotes)

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """The rows of the tidy table, values in the order of COLUMNS."""
        for q in self._held():
            yield (
                self.snapshot_id, self.block_id, self.observed_at, self.time_basis, self.captured_at,
                self.published_at, self.site, self.url, self.source, self.layout, q.rank, q.name, q.symbol,
                q.currency, q.price, q.change_pct, q.change_abs, q.change_window, q.row_text,
                sorted({*q.flags, *self.flags}),
            )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found on one page, and why not more.

    blocks   every block, in page order; a block may have refused rows and no quotes
    note     one line for people: the layout and the rows, or why there is no block
    """

    page: Page
    blocks: tuple[Block, ...]
    note: str


def plain(value: Decimal | None) -> str | None:
    """The shortest plain spelling: `8692000`, `63.7`, `0.00001`; never an exponent or a trailing zero."""
    if value is None:
        return None
    text = format(value if value else abs(value), "f")  # a printed `-0.00` is zero
    return text.rstrip("0").rstrip(".") if "." in text else text


def capture(what: str, when: datetime | None) -> str:
    """The id of a capture: the first digits of SHA-256 over an address or content, and microseconds since 1970.

    The store computes the same in SQL, from the columns `url` and `captured_at`.
    """
    moment = "" if when is None else (when - _EPOCH) // timedelta(microseconds=1)
    spelled = f"{what}\n{moment}".encode("utf-8", "backslashreplace")
    return hashlib.sha256(spelled).hexdigest()[:CAPTURE_DIGITS]


def reading(capture_id: str, told: object) -> str:
    """The id of a snapshot: that of its capture, and a digest of what was read in it."""
    return capture_id + digest(told)[CAPTURE_DIGITS:]


def _iso(when: datetime | None) -> str | None:
    return when.astimezone(UTC).isoformat() if when else None


def content_id(text: str) -> str:
    """Digest of a page's text, white space folded, so that line ends and indents do not matter."""
    return digest(" ".join(text.split()))


def digest(what: object) -> str:
    """32 hex digits of BLAKE2b over a canonical JSON spelling."""
    return hashed(json.dumps(what, ensure_ascii=False, separators=(",", ":")))


def hashed(spelled: str) -> str:
    """The same of what is spelled so already."""
    return hashlib.blake2b(spelled.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
