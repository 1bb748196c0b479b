"""Marks that several moneys share, `¥`, `元`, `kr`: which it is, where the page's language or the prices say so. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from ..coins import costs
from ..model import Quote
from .generic import Found

_COINS = 3  # held against what they cost; fewer fit by chance
_YEN = re.compile(r"[¥￥]\s?\d|\d\s?[¥￥]")
_SHARED = (  # the mark beside a figure, and the moneys that print it
    (_YEN, ("CNY", "JPY")),
    (re.compile(r"\d\s?元"), ("CNY", "TWD", "HKD")),
    (re.compile(r"\d\s?kr\b|\bkr\.?\s?\d", re.IGNORECASE), ("SEK", "NOK", "DKK")),
    (re.compile(r"฿\s?\d|\d\s?฿"), ("THB",)),
)
_KANA = re.compile(r"[\u3041-\u30ff]")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_WRITTEN = 8  # characters that make a page one of their language


def told(several: Iterable[Found], text: str) -> Iterator[Found]:
    """The blocks, the money of a shared mark named and flagged `currency-inferred` where it can be told."""
    for found in several:
        rest = [quote for quote in found.quotes if quote.currency is None]
        named = {mark: money for mark, moneys in _SHARED if (money := _money(rest, mark, moneys, text))}
        yield replace(found, quotes=[_named(quote, named) for quote in found.quotes]) if named else found


def _money(quotes: Sequence[Quote], mark: re.Pattern[str], moneys: Sequence[str], text: str) -> str | None:
    """The one money that a mark can be here: of `¥` that of the page's language unless the prices fit it in no week, else
    the only one that they fit."""
    prices = [(q.symbol, q.price) for q in quotes if q.symbol and mark.search(q.row_text)]
    if not prices:
        return None
    fits = {money: costs.fit(prices, money) for money in moneys}
    possible = [money for money, fit in fits.items() if fit.weeks or fit.tested < _COINS]
    spoken = [money for money in possible if mark is _YEN and money == _of_language(text)]
    known = spoken or [money for money in possible if fits[money].tested >= _COINS]
    return known[0] if len(known) == 1 else None


def _of_language(text: str) -> str | None:
    """The money of a page in Japanese, or in Chinese."""
    if len(_KANA.findall(text)) >= _WRITTEN:
        return "JPY"
    return "CNY" if len(_HAN.findall(text)) >= _WRITTEN else None


def _named(quote: Quote, named: dict[re.Pattern[str], str]) -> Quote:
    if quote.currency is not None:
        return quote
    money = next((money for mark, money in named.items() if mark.search(quote.row_text)), None)
    return (
        replace(quote, currency=money, flags=tuple(sorted({*quote.flags, "currency-inferred"})))
        if money
        else quote
    )
