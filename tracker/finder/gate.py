"""Whether a page may hold a block at all: one search on its raw bytes, before it is decoded or parsed. Pure.

Nearly every page of a crawl speaks of no coin. Each of the words below is searched for at once; a page with none of
them is not looked at by the generic finder either, so that nothing the finder would find is ever passed over. The
words are names of the coins that every list seen so far leads with, and what such lists are called.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ahocorasick_rs import BytesAhoCorasick

    from ..layouts.layout import Layout

_LATIN = (
    "itcoin",
    "BITCOIN",
    "BTC",
    "btc",
    "thereum",
    "ETH/",
    "XRP",
    "rypto",
    "CRYPTO",
    "USDT",
    "/USD",
    "ogecoin",
    "XBT",
)
_HANGUL = ("코인", "이더리움", "암호화폐", "가상화폐", "가상자산")
_OTHERS = ("ビットコイン", "暗号資産", "仮想通貨", "比特", "биткоин", "Биткоин", "บิตคอยน์", "بيتكوين")
_WORDS = (*_LATIN, *_HANGUL, *_OTHERS)
# `코` as a character reference, for pages that spell all their Hangul so.
_REFERENCES = (b"&#53076;", b"&#xcf54;", b"&#xCF54;", b"&#xCF54")


def opens(text: str) -> bool:
    """Whether a decoded page names what every block seen so far names."""
    return any(word in text for word in _WORDS)


def watch(layouts: Iterable[Layout] = ()) -> Callable[[bytes], object]:
    """A search that tells whether a page's raw bytes may hold a block, by the words it finds: text or HTML, in UTF-8,
    CP949, or CP949 misread as Latin-1.

    Nothing found is certain for blocks of the generic finder and of `layouts` (the needles of a user's own are searched for
    too), unless markup cuts through a name. Some billions of bytes a second: see `make bench`.
    """
    own = tuple(layout.needle for layout in layouts if not layout.installed)
    found: Callable[[bytes], object] = _search(own).find_matches_as_indexes
    return found


@lru_cache(maxsize=8)
def _search(needles: tuple[str, ...]) -> BytesAhoCorasick:
    from ahocorasick_rs import BytesAhoCorasick, MatchKind

    words = {*_WORDS, *(n for n in needles if n and not any(word in n for word in _WORDS))}
    spelled = {form for word in words for form in _spellings(word)}
    # Leftmost-first lets the search use its vector instructions; the first hit is all that is asked for.
    return BytesAhoCorasick([*sorted(spelled), *_REFERENCES], matchkind=MatchKind.LeftmostFirst)


def _spellings(word: str) -> Iterable[bytes]:
    yield word.encode()
    if any("가" <= c <= "힣" for c in word):
        korean = word.encode("cp949", errors="ignore")
        yield korean
        yield korean.decode("latin-1").encode()
        yield korean.decode("cp1252", errors="ignore").encode()
