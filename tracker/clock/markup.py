"""The article's date where its markup tells it and its words do not: heads, `<time>` in an article, htmldate's rules.

HTML in, printed dates out. Asked only for pages that hold a block, and only when stronger evidence is wanting.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from html import unescape
from typing import TYPE_CHECKING, Any

from ..printed.dates import Printed, compiled, date_at

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_HEAD = 200_000  # characters in which a head ends
_TIMES = 50  # a page of more `<time>` is a list
_META = r"(?i)<meta\s[^>]{10,600}>"
_NAME = r"(?i)\b(?:name|property|itemprop)\s{0,2}=\s{0,2}[\"']?([\w:.-]{4,40})"
_CONTENT = r"(?i)\bcontent\s{0,2}=\s{0,2}[\"']([^\"'<>]{8,60})[\"']"
_NAMES = frozenset(
    "article:published_time article:published og:published_time datepublished date pubdate publishdate publish_date"
    " publication_date article.published dc.date dc.date.issued dc.date.created dcterms.date dcterms.issued"
    " dcterms.created sailthru.date parsely-pub-date cxenseparse:recs:publishtime".split()
)
_ASIDE = frozenset("li aside nav footer table".split())  # where a time is of something else
_OTHERS = (
    r"(?i)comment|respon[ds]|repl(?:y|ies)|related|sidebar|widget|teaser|headline-?list|recommend|popular|latest"
    r"|modified|updated"
)
_READERS = r"(?i)\bcomments?\b|commentlist|comment-|respond"
_LANGUAGE = r"(?i)<html\b[^>]{0,600}?\slang\s{0,2}=\s{0,2}[\"']?([a-z]{2,3}(?:[-_][a-z]{2})?)\b"


def language(html: str | None) -> str | None:
    """The language the page says it is in: `de`, `es-MX`."""
    found = compiled(_LANGUAGE).search(html[:8_000]) if html else None
    return found[1] if found else None


@lru_cache(maxsize=2)
def head_date(html: str) -> Printed | None:
    """The article's date by the page's head, as the many names there are for it print it."""
    for meta in compiled(_META).finditer(html, 0, _HEAD):
        name, content = compiled(_NAME).search(meta[0]), compiled(_CONTENT).search(meta[0])
        if name and content and name[1].lower() in _NAMES:
            text = unescape(content[1]).strip()
            if found := date_at(text, 0, len(text)):
                return found
    return None


@lru_cache(maxsize=2)
def time_date(html: str) -> Printed | None:
    """The first `<time datetime>` of the one article: not of a teaser, a list, a comment."""
    if not 0 < html.count("<time") + html.count("<TIME") <= _TIMES:
        return None
    from resiliparse.parse.html import HTMLTree

    document = HTMLTree.parse(html).document
    nodes = document.get_elements_by_tag_name("time") if document else ()
    seen: dict[str, Printed] = {}
    for node in nodes:
        text = (node.getattr("datetime") or "").strip()
        found = date_at(text, 0, len(text)) if _of_the_article(node) else None
        if found and found.year:
            seen.setdefault(_article_of(node), found)
    return next(iter(seen.values())) if len(seen) == 1 else None


def _up(node: Any) -> Iterator[Any]:
    while node is not None:
        yield node
        node = node.parent


def _of_the_article(node: Any) -> bool:
    for above in _up(node):
        if above.tag in ("body", "html") or above.parent is None:
            return False
        says = f"{above.getattr('class') or ''} {above.getattr('id') or ''} {above.getattr('itemprop') or ''}"
        if above.tag in ("article", "main"):
            return True
        if above.tag in _ASIDE or compiled(_OTHERS).search(says[:400]):
            return False
    return False


def _article_of(node: Any) -> str:
    """Which article a time stands in: by the article's first words."""
    article = next((above for above in _up(node) if above.tag == "article"), None)
    return (article.text or "")[:80] if article is not None else ""


@lru_cache(maxsize=1)
def asked_date(html: str, url: str | None) -> Printed | None:
    """The article's day by htmldate, whose rules for thousands of sites are kept up by others: its fast mode, without
    what is of readers and other articles. None if it finds none, or cannot read the markup."""
    from htmldate import find_date
    from htmldate.utils import load_html

    try:
        tree = load_html(html)
        if tree is None:
            return None
        _pruned(tree)
        found = find_date(tree, extensive_search=False, original_date=True, url=url, min_date="1995-01-01")
        return Printed(0, 0, *date.fromisoformat(found).timetuple()[:3]) if found else None
    except (ValueError, TypeError, AttributeError, re.error, RecursionError):  # markup no one foresaw
        return None


def _pruned(tree: HtmlElement) -> None:
    """Take away what is not the article."""
    for node in list(tree.iter()):
        if not isinstance(node.tag, str) or node.getparent() is None:
            continue
        says = f"{node.get('class') or ''} {node.get('id') or ''}"[:400]
        unwanted = node.tag in ("aside", "nav", "form", "select") or compiled(_READERS).search(says)
        if unwanted and node.tag not in ("body", "html", "article", "main"):
            node.drop_tree()
