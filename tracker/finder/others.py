"""What stands among coins and is none: indices, metals, exchange rates, funds, sums, by their names. Pure."""

from __future__ import annotations

import re
from itertools import islice

from ..printed.figures import CODES, currency_of
from .record import Key, Record, Run

_NAMES = re.compile(
    r"platinum|palladium|\bcopper\b|natural gas|"
    r"\bindex\b|kospi|kosdaq|nasdaq|\bdow\b|s&p|nikkei|\bdax\b|ftse|hang seng|russell|\bvix\b|\bgold\b|silver|\boil\b|brent"
    r"|\bwti\b|\betf\b|\bfund\b|\bbonds?\b|yield|treasury|\btotal\b|market cap|dominance|average|\b(?:usd|eur|jpy|gbp|krw)/"
    r"|지수|코스피|코스닥|나스닥|다우|금값|국제금|은값|백금|팔라듐|구리|유가|두바이유|환율|달러|유로|엔화|위안|프리미엄|합계"
    r"|円|ユーロ|ドル|日経|指数|原油|黄金|白银|黃金|白銀|美元|歐元|欧元|英镑|日元|上证|上證|深证|恒生|沪深|日经|加權"
    r"|\bbist\b|\bibex\b|\bcac\b|merval|ibovespa|sensex|nifty|stoxx|\bmoex\b|taiex|topix|\bmib\b|\bihsg\b|vn-?index"
    r"|\bdolar\b|d[oó]lar\b|\bdollar|dollaro|\beuro\b|sterlin|pound|\byen\b|\byuan\b|доллар|евро|юань|фунт|دلار|یورو"
    r"|altın|gümüş|petrol|pétrole|petróleo|petrolio|\boro\b|\bplata\b|\bouro\b|\bprata\b|silber|золото|серебро|нефть"
    r"|\bemas\b|minyak|\bvàng\b|ذهب|طلا|ทองคำ",
    re.IGNORECASE,
)
_FAR = 1500  # characters from a coin to the indices of its list
MARKET = 2  # indices and the like that are company for coins
_PAIR = re.compile(r"([A-Z0-9]{2,10})[-/][A-Z]{3,4}")


def is_other(words: str) -> bool:
    """Whether a name is that of an index, a metal, a currency, a fund or a sum, and so of no coin."""
    if (pair := _PAIR.fullmatch(words)) and not _is_money(pair[1]):
        return bool(_NAMES.search(pair[1]))  # `BSC-USD`: some coin, in dollars
    return bool(_NAMES.search(words)) or any(map(_is_money, re.split(r"[\s/()-]+", words)))


def speak_near(text: str, place: int) -> bool:
    """Whether a page names several such not far from a place."""
    near = _NAMES.finditer(text, max(0, place - _FAR), place + _FAR)
    return sum(1 for _ in islice(near, MARKET)) == MARKET


def _is_money(word: str) -> bool:
    """Whether a word is a currency's, or two of their codes together: `EURUSD`."""
    halves = {word[:3].upper(), word[3:].upper()} - {""}
    return bool(currency_of(word)) or (halves <= CODES and len(word) in (3, 6))


def in_market(run: Run, price: Key | None = None) -> bool:
    """Whether two indices, metals or currencies stand among the records, with a figure where the coins have theirs."""
    return sum(_is_market(record, price) for record in run.records) >= MARKET


def _is_market(record: Record, price: Key | None) -> bool:
    figure = record.field(price) if price else record.fields
    return record.name is None and bool(figure) and is_other(record.printed)
