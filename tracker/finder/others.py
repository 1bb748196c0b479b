"""What stands among coins and is none: indices, metals, exchange rates, funds, sums, by their names. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice

from ..printed.figures import CODES, currency_of
from .record import Key, Record, Run

_GOODS = (
    r"\b(?:index|composite|kospi|kosdaq|nasdaq|dow|nikkei|topix|dax|cac|ftse|ibex|mib|b[iİ]st|merval|ibovespa|moex|taiex|sensex"
    r"|nifty|ihsg|vn-?index|stoxx|russell|hsi|hang seng|shanghai|csi|s&p|sp ?500|vix|dxy"
    r"|gold|silver|copper|platinum|palladium|xau|xag|natural gas|oil|crude|wti|brent|futures"
    r"|etf|fund|trust|bonds?|treasury|yield|inc|corp|ltd|plc"
    r"|euro|sterlin|pound|yen|yuan|dollaro|oro|plata|ouro|prata|emas|vàng)\b"
    r"|\b(?:usd|eur|jpy|gbp|krw)/|\bdollar|\bdolar\b|d[oó]lar\b|s&p"
    r"|지수|코스피|코스닥|나스닥|다우|니케이|닛케이|항셍|상해|상하이|금값|국제금|은값|백금|팔라듐|구리|유가|두바이유|국채|펀드"
    r"|환율|달러|유로|엔화|위안|전자$|^[금은]$"
    r"|円|ユーロ|ドル|日経|指数|指數|先物|原油|黄金|黃金|白银|白銀|金$|美元|歐元|欧元|英镑|日元|上证|上證|深证|恒生|沪深|日经|加權"
    r"|доллар|евро|юань|фунт|золото|серебро|нефть|دلار|یورو|ذهب|طلا|ทองคำ"
    r"|altın|gümüş|petrol|pétrole|petróleo|petrolio|minyak|silber|\.d$"
)
_MEASURES = r"\b(?:total|average|cap|volume|dominance|fear|greed|gas)\b|프리미엄|점유율|도미넌스|합계"
_TRADED = re.compile(_GOODS, re.IGNORECASE)
_NAMES = re.compile(f"{_GOODS}|{_MEASURES}", re.IGNORECASE)
_FAR = 1500  # characters from a coin to the indices of its list
MARKET = 2  # indices and the like that are company for coins
_PAIR = re.compile(r"([A-Z0-9]{2,10})[-/][A-Z]{3,4}")


def is_other(words: str) -> bool:
    """Whether a name is that of an index, a metal, a currency, a fund or a sum, and so of no coin."""
    return _is(words, _NAMES)


def _is(words: str, known: re.Pattern[str]) -> bool:
    if (pair := _PAIR.fullmatch(words)) and not _is_money(pair[1]):
        return bool(known.search(pair[1]))  # `BSC-USD`: some coin, in dollars
    return bool(known.search(words)) or any(map(_is_money, re.split(r"[\s/()-]+", words)))


def speak_near(text: str, place: int) -> bool:
    """Whether a page names several such not far from a place."""
    near = _TRADED.finditer(text, max(0, place - _FAR), place + _FAR)
    return sum(1 for _ in islice(near, MARKET)) == MARKET


def are_several(names: Iterable[str]) -> bool:
    """Whether among some names are several such that are traded."""
    return sum(1 for _ in islice((words for words in names if _is(words, _TRADED)), MARKET)) == MARKET


def _is_money(word: str) -> bool:
    """Whether a word is a currency's, or two of their codes together: `EURUSD`."""
    halves = {word[:3].upper(), word[3:].upper()} - {""}
    return bool(currency_of(word)) or (halves <= CODES and len(word) in (3, 6))


def in_market(run: Run, price: Key | None = None) -> bool:
    """Whether two indices, metals or currencies stand among the records, with a figure where the coins have theirs."""
    return sum(_is_market(record, price) for record in run.records) >= MARKET


def _is_market(record: Record, price: Key | None) -> bool:
    figure = record.field(price) if price else record.fields
    return record.name is None and bool(figure) and _is(record.printed, _TRADED)
