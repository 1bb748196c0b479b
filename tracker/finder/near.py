"""Whether a coin stands near a figure: asked of a page that speaks of coins, of its bytes, before any parse. Pure.

Of ten pages that name a coin somewhere (in a menu, in a script, in passing) nine hold no list. What every list has is
looked for: a coin's name beyond doubt, behind which no other words stand, and around it a figure that may be a price or a
percent. The finder asks the same before it reads anything, so that no page with a block is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import cache, lru_cache
from html import unescape
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import category

from ..coins.names import name_of
from ..coins.registry import LABELS, Coins, load
from ..printed.figures import CODES, CURRENCIES
from ..printed.unseen import seen
from .gate import letters, speaks, spellings

if TYPE_CHECKING:
    from ..layouts.layout import Layout

_BEHIND, _BEFORE = 150, 60  # characters of text from a name to its figure
_CLOSE = 40  # and from a word that is also a coin
_QUOTED = 40  # a name in data is a text of its own, and no longer
_ENDS = {
    b"<script": b"</script", b"<SCRIPT": b"</SCRIPT", b"<style": b"</style", b"<STYLE": b"</STYLE", b"<!--": b"-->",
}  # fmt: skip
_SCRIPTS = (b"</script", b"</SCRIPT")
_MARKS = (*_ENDS, *_ENDS.values())
_TEXT = re.compile(rb">\s*+([^<\s](?:[^<]++|<(?![a-zA-Z/!?]))*+)")
_SAID = re.compile(
    rb"""=(?<=(?:alt|tle|bel)=)["']([^"'<>]{2,40})["'][^>]*>"""
)  # an `alt`, a `title`, an `aria-label`
# Three digits that are no year, digits with a mark between them, a percent, money.
_FIGURE = re.compile(
    r"(?<![\d.,/-])(?!(?:19|20)\d\d(?![\d.,]*\d))(?:\d{3}|\d[.,'’٫٬]\d)|\d[.,]\d{3}|\d\s?[%％٪만억조]|[$€₩£₹]\s?\d"
)
_PLAIN = re.compile(r"[$€₩£₹]\s?\d|\d[.,]\d+\s?%|\d[.,]\d{2}")
_PRINTED = re.compile(
    rb"""\[\s*\{\s*['"]|\{\s*['"][^'"\n]{1,40}['"]\s*:\s*\{"""
)  # values that programs print
_QUOTE = re.compile(rb"""["']""")
_NAME = 60  # a name with its label is no longer
_STOP = re.compile(r"[\d|•·▪◦●■◆│┃║┆┊ㅣ※\u2028\u2029]|\]\(")
_MONEY = sorted(  # what is left of a currency's mark where its last sign is taken off: `R` of `R$`
    filter(str.isalpha, {*CURRENCIES, *CODES, "Rs.", *(mark.rstrip("$") for mark in CURRENCIES)}),
    key=len,
    reverse=True,
)
_PAIR = re.compile(rb"USDT|USDC|USD|KRW|EUR|GBP|JPY|AUD|CAD|INR|BRL|TRY")  # behind a coin: `SOLUSDT`
_LETTER = re.compile(rb"[A-Za-z0-9_]")
_SIGHTLESS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u3164\uffa0") | set(
    map(chr, range(0xFE00, 0xFE10))
)
_Search = Callable[[bytes], list[tuple[int, int, int]]]


def near(page: bytes, coins: Coins, vouched: Sequence[bytes] = ()) -> bool:
    """Whether on a page, text or HTML, a coin beyond doubt stands near a figure, or words are shown that vouch for it. True
    also where the bytes do not tell: in encodings other than UTF-8 and CP949, and where text was misread."""
    if b"<" not in page:
        return _tells(page, coins, vouched) or (is_data(page) and _has_data(page, coins))
    shown, scripts = _parted(page)
    return (
        _tells(b" | ".join(_TEXT.findall(b">" + shown)), coins, vouched)
        or _has_data(scripts, coins)
        or (_PRINTED.search(shown) is not None and _has_data(shown, coins))
        or _has_said(shown, coins)
    )


def is_data(page: bytes) -> bool:
    """Whether a page of text is JSON, as an interface answers, or holds such a value or one that a program printed."""
    return page[:200].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[") or bool(_PRINTED.search(page))


def worth(layouts: Iterable[Layout] = (), known: Coins | None = None) -> Callable[[bytes], object]:
    """Whether a page whose bytes `watch` wants is worth a parse: a coin stands near a figure, or a layout may claim it
    whose needle names a coin, or one of the user's own, which need not be about these coins."""
    known, tried = known or load(), [*layouts]
    own = [one.needle for one in tried if not one.installed]
    if not all(own):
        return lambda page: True
    needles = [form for needle in own for form in spellings(needle, "cp949")]
    named = [one.needle.encode() for one in tried if next(_names(one.needle.encode(), known), None)]

    def held(page: bytes) -> bool:
        return near(page, known, named) or any(n in text for text in (page, letters(page)) for n in needles)

    return held


def _tells(data: bytes, coins: Coins, vouched: Sequence[bytes]) -> bool:
    """Whether what a page shows names a coin near a figure, or does not tell."""
    text = _read(data)
    return (
        text is None
        or any(_has_figure(text, *p) and _stands_alone(text, *p[:2], coins) for p in _names(text, coins))
        or any(words in text for words in vouched)
    )


def _parted(html: bytes) -> tuple[bytes, bytes]:
    """A page's HTML without what is not shown, and its scripts. What does not end is shown."""
    shown: list[bytes] = []
    scripts: list[bytes] = []
    at = begin = 0
    awaited = b""
    for which, start, end in _marks()(html):
        mark = _MARKS[which]
        if not awaited and mark in _ENDS:
            begin, awaited = start, _ENDS[mark]
        elif mark == awaited:
            shown.append(html[at:begin])
            if mark in _SCRIPTS:
                scripts.append(html[begin:start])
            at, awaited = end, b""
    return b">".join((*shown, html[at:])), b"\n".join(scripts)


@cache
def _marks() -> _Search:
    from ahocorasick_rs import BytesAhoCorasick, MatchKind

    found: _Search = BytesAhoCorasick(_MARKS, matchkind=MatchKind.LeftmostFirst).find_matches_as_indexes
    return found


def _read(data: bytes) -> bytes | None:
    """What a reader sees, in UTF-8, white space folded; None where the bytes do not tell."""
    try:
        text = (letters(data) if b"&#" in data else data).decode()
    except UnicodeDecodeError:
        try:
            text = data.decode("cp949")
        except UnicodeDecodeError:
            return None
    text = text.replace("&nbsp;", " ")
    for gap in ("\n", "\t", "  ", "\xa0\xa0"):  # what sets cells apart
        text = text.replace(gap, " | ")
    text = " ".join(text.split())
    if not text.isascii() and _is_misread(text):
        return None
    return (seen(text) if _has_unseen(text) else text).encode("utf-8", "ignore")


def _has_unseen(text: str) -> bool:
    return not text.isprintable() or (not text.isascii() and any(mark in text for mark in _SIGHTLESS))


def _is_misread(text: str) -> bool:
    """Whether UTF-8 or CP949 may have been read as Latin-1: the names are then other letters."""
    try:
        data = text.encode("cp1252")
    except UnicodeEncodeError as error:
        return "\x80" <= text[error.start] <= "\x9f"
    for codec in ("utf-8", "cp949"):
        with suppress(UnicodeDecodeError):
            return bool(data.decode(codec))
    return False


def _has_figure(text: bytes, start: int, end: int, sure: bool = True) -> bool:
    """Whether a figure stands behind text[start:end] or right before it; behind a word it must be a plain one."""
    behind = text[end : end + 4 * _BEHIND].decode("utf-8", "ignore")[:_BEHIND]
    if not sure:
        return bool(_PLAIN.search(behind[:_CLOSE]))
    before = text[max(0, start - 4 * _BEFORE) : start].decode("utf-8", "ignore")[-_BEFORE:]
    return bool(_FIGURE.search(behind) or _FIGURE.search(before))


def _stands_alone(text: bytes, start: int, end: int, coins: Coins) -> bool:
    """Whether the words from a name on, up to a figure or their cell's end, are a coin's name and its label."""
    behind = text[end : end + 4 * _NAME].decode("utf-8", "ignore")
    stop = _STOP.search(behind)
    words = unescape(text[start:end].decode("utf-8", "ignore") + behind[: stop.start() if stop else None])
    words = _ended(words.replace("*", ""))
    if money := next((mark for mark in _MONEY if words.endswith(mark)), ""):
        return (
            name_of(words, coins) is not None or name_of(_ended(words.removesuffix(money)), coins) is not None
        )
    return name_of(words, coins) is not None


def _ended(words: str) -> str:
    """Without the marks at their end: a letter, with the vowels written on it, or a bracket ends a name."""
    end = len(words)
    while end and not (
        words[end - 1].isalnum() or words[end - 1] == ")" or category(words[end - 1])[0] == "M"
    ):
        end -= 1
    return words[:end]


def _has_data(scripts: bytes, coins: Coins) -> bool:
    """Whether scripts hold a coin's name as a text of its own, and a figure near it."""
    for start, end in speaks(scripts):
        mark = _QUOTE.search(scripts, end, end + _QUOTED)
        first = scripts.rfind(mark[0], max(0, start - _QUOTED), start) if mark else -1
        last = mark.start() if mark else -1
        quoted = scripts[first + 1 : max(last, 0)].decode("utf-8", "ignore").strip("\\") if first >= 0 else ""
        if name_of(quoted, coins) and _has_figure(scripts, first, last):
            return True
    return False


def _has_said(html: bytes, coins: Coins) -> bool:
    """Whether the words of a picture or another element name a coin, and a figure stands behind it."""
    if next(_names(b" | ".join(_SAID.findall(html)), coins), None) is None:
        return False  # as nearly always: asked of all at once
    for said in _SAID.finditer(html):
        if next(_names(said[1], coins), None):
            behind = b" ".join(_TEXT.findall(html[said.end() - 1 : said.end() + 3000]))
            if _has_figure(behind, 0, 0):
                return True
    return False


class _Known(NamedTuple):
    """The search for names in small letters, and that for what counts as written: `sure` tickers, then words."""

    names: _Search
    written: _Search
    sure: int


def _names(text: bytes, coins: Coins) -> Iterator[tuple[int, int, bool]]:
    """Where names of coins stand: start, end, and whether they are beyond doubt."""
    known, low = _known(coins), text.lower()
    for _, start, end in known.names(low):
        if _is_apart(low, start, end, text):
            yield start, end, True
    for which, start, end in known.written(text):
        apart = not text[end : end + 1].isalpha() or _PAIR.match(text, end)
        if apart and not _LETTER.match(text[max(0, start - 1) : start]):
            yield start, end, which < known.sure


def _is_apart(low: bytes, start: int, end: int, text: bytes) -> bool:
    """Whether a name begins and ends where letters do; its ticker may touch it (`BitcoinBTC`, `BTCBitcoin`)."""
    before = text[max(0, start - 1) : start]
    begins = not (low[start : start + 1].isalpha() and before.isalpha()) or before.isupper()
    goes_on = low[end - 1 : end].isalpha() and low[end : end + 1].isalpha()
    return begins and (not goes_on or text[end : end + 2].isupper())


@lru_cache(maxsize=4)
def _known(coins: Coins) -> _Known:
    from ahocorasick_rs import BytesAhoCorasick, MatchKind

    names, tickers, words = set[bytes](), {b"btc"}, set[bytes]()
    for form, coin in coins.forms():
        if coin.weak:
            words |= {form.encode()} if len(form) > 1 and form not in LABELS else set()
        elif len(form) <= 4 and form.isupper() and form.isascii():
            tickers.add(form.encode())
        else:
            ways = (form, form.replace(" ", "-"), form.title(), form.upper())
            names |= {way.encode().lower() for way in ways}
    sure = sorted(tickers)
    made = [
        BytesAhoCorasick(some, matchkind=MatchKind.LeftmostLongest).find_matches_as_indexes
        for some in ([name for name in names if not _holds(name, names)], [*sure, *sorted(words - tickers)])
    ]
    return _Known(made[0], made[1], len(sure))


def _holds(name: bytes, names: set[bytes]) -> bool:
    """Whether a name begins with a shorter one, which is then found in its stead: `bitcoin cash`."""
    ends = (
        at for at in range(2, len(name)) if name[at] in b" -" or (name[at] > 127 and name[at] & 0xC0 != 0x80)
    )
    return any(name[:end] in names for end in ends)
