"""Whether a page may hold a block at all: one search on its raw bytes, before it is decoded or parsed. Pure.

Nearly every page of a crawl speaks of no coin. Each of the words below is searched for at once; a page with none of
them is not looked at by the generic finder either, so that nothing the finder would find is ever passed over. The
words are names of the coins that every list seen so far leads with, and what such lists are called.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ..layouts.layout import Layout

_Search = Callable[[bytes], list[tuple[int, int, int]]]

# More than 64 words at once are searched for ten times as slowly, without vector instructions: so there are three groups,
# and a word is left at what several names and spellings share.
_LATIN = "itcoin BITCOIN BTC btc thereum ETH/ XRP rypto CRYPTO USDT /USD ogecoin XBT".split()
# By the encodings that their pages are in beside UTF-8 and CP949. A capital that begins a word is left out.
_OTHERS = {
    "코인 이더리움 암호화폐 가상화폐 가상자산 暗号資産 仮想通貨": "",
    "ビットコイン": "cp932 euc_jp",
    "比特": "gb18030 big5",
    "иткоин иткойн рипто": "cp1251 koi8_r",
    "іткоїн іткойн іткоін ИТКОИН фириум": "cp1251",
    "ιτκόιν ιτκοϊν ΙΤΚΌΙΝ θέριουμ ρυπτονόμ": "iso8859_7",
}
# Those of scripts whose letters begin with bytes that few pages have. The words that hold one of the bytes, a `_` for a
# blank, and the encodings of the first word.
_FAR = {
    0xD5: ("իթքո իտքո իթկո թերիում րիպտո", ""),
    0xD7: ("ביטקו תריום קריפטו", "cp1255"),
    0xD9: (
        "بيتكوين بتكوين بيت_كوين يثريوم كريبتو بیت_کوین بیتکوین بیت\u200cکوین اتریوم رمزارز",
        "cp1256",
    ),
    0xE0: (
        "บิตคอย บิทคอย คริปโต อีเธอ बिटक बिट_कॉइन थेरियम थीरियम ईथरियम क्रिप्टो বিটক ইথেরি ইথারি ইথিরি ক্রিপ্টো"
        " பிட்க எத்தே எத்தி எத்தீ எதீரி கிரிப்டோ",
        "cp874",
    ),
    0xE1: ("ბიტკო ბიტქო ბითქო ეთერიუმ კრიპტო", ""),
}
# Letters as character references, one behind the other: they are read, and the page is searched again.
_SPELLED_OUT = b";&#"
_LETTERS = re.compile(  # behind another reference, and no quotation mark or dash
    rb";&#(?:[3-9][0-9]{2}|[1-79][0-9]{3}|[0-9]{5}|[xX]0?(?:[3-9a-f][0-9a-f]{2}|[13-9a-f][0-9a-f]{3}));",
    re.IGNORECASE,
)
_REFERENCE = re.compile(rb"&#(?:([0-9]{2,5})|[xX]([0-9a-fA-F]{2,4}));?")


def opens(page: str | bytes) -> bool:
    """Whether a page, decoded or in UTF-8, names what every block seen so far names."""
    return _watch(()).wants(page.encode("utf-8", "replace") if isinstance(page, str) else page)


def watch(layouts: Iterable[Layout] = ()) -> Callable[[bytes], object]:
    """A search that tells whether a page's raw bytes may hold a block, by the words it finds: text or HTML, in UTF-8, in
    the usual other encodings of each script, as character references, or CP949 misread as Latin-1.

    Nothing found is certain for blocks of the generic finder and of `layouts` (the needles of a user's own are searched for
    too), unless markup cuts through a name. Some billions of bytes a second: see `make bench`.
    """
    return _watch(tuple(layout.needle for layout in layouts if not layout.installed)).wants


def speaks(data: bytes) -> Iterator[tuple[int, int]]:
    """Where the words stand that open the gate: start and end."""
    names = _watch(())
    yield from ((start, end) for word, start, end in names.latin(data) if word)
    yield from ((start, end) for _, start, end in names.others(data))


def letters(data: bytes) -> bytes:
    """With the letters that character references stand for."""
    return _REFERENCE.sub(_letter, data)


class _Watch(NamedTuple):
    """The search for each group of words. Word 0 of `latin` is no name: it says that letters are spelled out."""

    latin: _Search
    others: _Search
    far: _Search

    def wants(self, data: bytes) -> bool:
        found = self.latin(data)
        if not found:
            return not data.isascii() and self._others(data)
        if any(word for word, _, _ in found) or self._others(data):
            return True
        if not any(_LETTERS.match(data, start) for _, start, _ in found):
            return False
        read = letters(data)
        return any(word for word, _, _ in self.latin(read)) or self._others(read)

    def _others(self, data: bytes) -> bool:
        return bool(self.others(data)) or (any(byte in data for byte in _FAR) and bool(self.far(data)))


def _letter(reference: re.Match[bytes]) -> bytes:
    number = int(reference[1]) if reference[1] else int(reference[2], 16)
    return chr(number).encode("utf-8", "replace")


@lru_cache(maxsize=8)
def _watch(needles: tuple[str, ...]) -> _Watch:
    from ahocorasick_rs import BytesAhoCorasick, MatchKind

    # Leftmost-first lets the search use its vector instructions; the first hit is all that is asked for.
    made = (BytesAhoCorasick(group, matchkind=MatchKind.LeftmostFirst) for group in _groups(needles))
    return _Watch(*(search.find_matches_as_indexes for search in made))


def _groups(needles: Iterable[str]) -> tuple[list[bytes], list[bytes], list[bytes]]:
    """What is searched for in all pages, in those that are not ASCII, and in those with one of the far bytes."""
    others = [(word, codecs) for words, codecs in _OTHERS.items() for word in words.split()]
    far = {words.split()[0]: codecs for words, codecs in _FAR.values()}
    all_far = [word.replace("_", " ") for words, _ in _FAR.values() for word in words.split()]
    known = [*_LATIN, *(word for word, _ in others), *all_far]
    own = {n for n in needles if n and not any(word in n for word in known)}
    others += [(word, "") for word in own if not word.isascii()]
    return (
        [_SPELLED_OUT, *(word.encode() for word in (*_LATIN, *own) if word.isascii())],
        sorted(
            {form for word, codecs in others for form in spellings(word, f"cp949 {codecs}")}
            | {word.encode(codec) for word, codecs in far.items() for codec in codecs.split()}
        ),
        [word.encode() for word in all_far],
    )


def spellings(word: str, codecs: str) -> Iterator[bytes]:
    """A word in UTF-8, in other encodings if they have its letters, and misread if it is Korean."""
    yield word.encode()
    for codec in codecs.split():
        with suppress(UnicodeEncodeError):
            yield word.encode(codec)
    if any("가" <= c <= "힣" for c in word):
        korean = word.encode("cp949", errors="ignore")
        yield from (
            korean,
            korean.decode("latin-1").encode(),
            korean.decode("cp1252", errors="ignore").encode(),
        )
