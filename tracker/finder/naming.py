"""Which words of a page may name a coin: asked once, for nearly none do, and no reader looks at the others. Pure."""

from __future__ import annotations

import re
from functools import lru_cache

from ..coins.registry import Coins
from .cells import page_parts

_MARKS = frozenset("#>*_`[-")
_MARKDOWN = re.compile(r"^[#>\s]+|^[-*]\s|[*`]{1,3}|(?<!\w)_{1,3}|_{1,3}(?!\w)")
# Pictures before a name, the frame of a digit's key among them; none that is a sign (`📈`, `🔻`).
_DRAWN = re.compile("^(?:(?![📈📉🔺🔻])[\U0001f000-\U0001faff\u2600-\u27bf\u20e3\ufe0f\u200d]+\\s*)+")
_LINK = re.compile(r"\[([^\]]{1,60})\]\([^)\s]*\)?")


@lru_cache(maxsize=1)
def naming(text: str, coins: Coins) -> frozenset[str]:
    """The words among the parts of a page's text that may name a coin, as they stand or bare."""
    said = {part.text: bare(part.text) for part in page_parts(text) if part.figure is None}
    may = coins.naming({*said, *said.values()})
    return frozenset(words for words, shown in said.items() if words in may or shown in may)


def bare(words: str) -> str:
    """Without the marks that Markdown sets around words (`## Bitcoin`, `**Bitcoin** (BTC)`, `[BTC](address)`), and without
    pictures before them."""
    if not words.isascii():
        words = _DRAWN.sub("", words)
    if not _MARKS.isdisjoint(words):
        words = _LINK.sub(r"\1", _MARKDOWN.sub("", words))
    return words.strip().rstrip(" :=$₩€£¥~≈")
