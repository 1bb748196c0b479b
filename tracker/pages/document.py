"""One document: bytes -> text. Text as it is, HTML by Resiliparse's plain text of the whole page.

What comes of markup: a block element is a line; a list item is a line led by `•`; the cells of a table row stand on one
line, two tabs between them, unless a cell holds block elements, which are lines of their own; inline elements that
touch are kept apart where a figure or a sign begins, as a page's style would show them; a lowered count of zeros
(`0.0<sub>5</sub>12`) is one of lowered digits.
"""

from __future__ import annotations

import html as entities
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ..errors import SourceError
from ..model import Page, site_of
from ..printed.unseen import seen
from .encoding import decode, is_binary, repaired
from .own import check_report
from .source import MAX_PAGE
from .times import markup_time

if TYPE_CHECKING:
    from resiliparse.parse.html import HTMLTree

MAX_MARKUP = 16 << 20  # bytes without `data:` pictures; the parsed tree takes some 30 times as much
REPAIRED = "text-repaired"

_MARKUP = re.compile(
    r"(?:<\?xml[^>]*>|<!--.{0,2000}?-->|\s++)*+<(?:!doctype|html|head|body|meta|title|div|table|ul|p|rss|feed)\b",
    re.IGNORECASE | re.DOTALL,
)
_DATA = re.compile(r"""data:[\w.+-]{1,40}/[\w.+;=-]{1,80},[^"'\s)>]+""")
_INLINE = r"(?:span|b|strong|em|i|a|font|small|label|u|s)"
_TAG = rf"/?{_INLINE}(?:\s[^<>]{{0,600}})?>|!--[^<>]{{0,99}}-->"
_TOUCH = re.compile(  # a run of inline tags behind a word or a figure, and the figure or sign that begins behind it
    rf"<(?<=[\w%)]<)(?:{_TAG})(?:<(?:{_TAG}))*+"  # the bracket stands first: it is what the search can run to
    r"(?=([▲▼△▽]|[-+−–(]?[$₩€£¥]?[-+−–]?\d[\d.,]{0,30}%?))",
    re.IGNORECASE,
)
_TAGS = rf"(?:<(?:{_TAG}))"
_LOWERED = ("<sub", "<SUB", "align-sub", "align:sub", "align: sub")
_COUNT = re.compile(  # an element that lowers one or two digits, before others
    rf"<(sub|(?:span|small|i|b|font)(?=\s[^<>]{{0,400}}align(?:-|: ?)sub\b))(?:\s[^<>]{{0,600}})?>"
    rf"{_TAGS}{{0,3}}([0-9]{{1,2}}){_TAGS}{{0,3}}?</\1\s*>(?={_TAGS}{{0,4}}\d)",
    re.IGNORECASE,
)
_POINT = re.compile(rf"(?<![\d.,])0[.,]0{_TAGS}{{0,4}}$", re.IGNORECASE)
_SUBSCRIPT = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*%|\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+")


def page(data: bytes, bare: Page, *, charset: str | None = None, markup: bool | None = None) -> Page:
    """The page in a document's bytes.

    bare      what the container knows of it: a page without text
    charset   what the server declared
    markup    True for HTML, False for text, None to see for itself
    Raises SourceError, its subject the page's source, for bytes that are no text and for more than can be held.
    """
    check(data, bare.source)
    text, replaced = decode(data, charset)
    if markup is None:
        markup = is_markup(text)
    return from_text(text, replace(bare, flags=(REPAIRED,)) if replaced else bare, markup)


def check(data: bytes, name: str) -> None:
    """Raises SourceError for bytes that are no page of text: none, too many, binary ones; Skipped for a report of ours."""
    if not data.strip():
        raise SourceError(name, "is empty")
    if len(data) > MAX_PAGE:
        raise too_large(name)
    if is_binary(data):
        raise SourceError(name, "is binary, not a page of text")
    check_report(data, name)


def from_text(text: str, bare: Page, markup: bool = False) -> Page:
    """The page in a document's text: mojibake repaired, markup read, without characters that nobody sees.

    Raises SourceError for too much markup.
    """
    text, mended = repaired(text.replace("\0", ""))
    if mended:
        bare = replace(bare, flags=(REPAIRED,))
    if markup and "<" in text:
        return _from_markup(text, bare)
    return replace(bare, text=seen(text).replace("\r\n", "\n").replace("\r", "\n"))


def too_large(name: str) -> SourceError:
    """The error for a page that is not even looked at."""
    return SourceError(name, f"a page of more than {MAX_PAGE >> 20} MB", "take its text out first")


def is_markup(text: str) -> bool:
    """Begins as HTML does."""
    return _MARKUP.match(text[:4096]) is not None


def _from_markup(html: str, found: Page) -> Page:
    """The page in HTML: its lines, and what its markup says of address and date."""
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.html import HTMLTree

    saved_from = _SAVED_FROM.search(html[:4096])
    html = apart(counted(tabled(_DATA.sub("data:,", html) if "data:" in html else html)))
    if len(html) > MAX_MARKUP:
        raise SourceError(found.source, f"HTML of more than {MAX_MARKUP >> 20} MB", "take its text out first")
    tree = HTMLTree.parse(html)
    url = found.url or _address(tree) or (entities.unescape(saved_from[1]) if saved_from else None)
    return replace(
        found,
        text=seen(extract_plain_text(tree, preserve_formatting=True, main_content=False)),
        url=url,
        html=html,
        published_at=_published(tree, site_of(url)),
    )


def tabled(html: str) -> str:
    """HTML whose first rows stand in a table: outside of one a parser drops their tags, and a piece of a page, or what a
    server answers for a part of it, may begin with `<tr>`."""
    row = _ROW.search(html)
    if row is None or _TABLE.search(html, 0, row.start()):
        return html
    return f"{html[: row.start()]}<table>{html[row.start() :]}"


def counted(html: str) -> str:
    """HTML in which the count of zeros behind a point is no digit of the figure: `0.0<sub>5</sub>12` -> `0.0₅12`."""
    return _COUNT.sub(_subscript, html) if any(word in html for word in _LOWERED) else html


def _subscript(count: re.Match[str]) -> str:
    behind_point = _POINT.search(count.string, max(0, count.start() - 400), count.start())
    return count[2].translate(_SUBSCRIPT) if behind_point else count[0]


def apart(html: str) -> str:
    """HTML in which a space stands between inline elements that touch, where the second begins a figure or a sign.

    `<b>ETH</b><i>5,100</i><i>-2%</i>` -> `ETH 5,100 -2%`. A figure in two elements stays one (`12`, `.50`).
    """
    return _TOUCH.sub(lambda touch: _spaced(html, touch), html)


def _spaced(html: str, touch: re.Match[str]) -> str:
    """Digits that touch digits are two figures only if the second is one of its own: `1,234` and `1.14%`."""
    before, begins = html[max(0, touch.start() - 2) : touch.start()], touch[1]
    if not (before[-1:].isalnum() or before.endswith(("%", ")"))):
        return touch[0]
    both = before[-1].isdigit() and begins[0].isdigit()
    whole = before.isdigit() or begins.endswith(
        "%"
    )  # `<b>7</b><i>1.00%</i>`; digits one by one are one figure
    if both and not (whole and _FIGURE.fullmatch(begins)):
        return touch[0]
    return " " + touch[0]


_ROW = re.compile(r"<(?:thead|tbody|tr)[\s>]", re.IGNORECASE)
_TABLE = re.compile(r"<table[\s>]", re.IGNORECASE)
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(https?://[^\s>]+)", re.IGNORECASE)
_ABSOLUTE = re.compile(r"https?://[^\s/]+\.[^\s/]+(?:/\S*)?", re.IGNORECASE)
_JSON_DATE = re.compile(r'"datePublished"\s*:\s*"([^"]{4,40})"')


def _address(tree: HTMLTree) -> str | None:
    """The page's own address by its head: the canonical one, else the one for sharing; only if absolute."""
    for selector, attribute in (("link[rel~=canonical]", "href"), ('meta[property="og:url"]', "content")):
        for node in _nodes(tree, selector):
            if _ABSOLUTE.fullmatch(address := (node.getattr(attribute) or "").strip()):
                return address
    return None


def _published(tree: HTMLTree, site: str | None) -> datetime | None:
    """The article's date by the page's markup; None where it does not say in which zone."""
    printed = []
    for node in _nodes(tree, 'meta[property="article:published_time"], [itemprop="datePublished"]'):
        printed.append(node.getattr("content") or node.getattr("datetime") or node.text or "")
    for node in _nodes(tree, 'script[type="application/ld+json"]'):
        printed += _JSON_DATE.findall(node.text or "")
    return next((when for text in printed if (when := markup_time(text, site)) is not None), None)


def _nodes(tree: HTMLTree, selector: str) -> Iterable[Any]:
    return tree.document.query_selector_all(selector) if tree.document else ()
