"""A printed name -> the coin it is, and nothing else from end to end. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from ..printed.figures import currency_of
from ..printed.heads import head, sign_word
from .registry import Coins

_LONGEST = 60  # a name is no longer
_SEPARATOR = re.compile(r"(?:[\s\-–/()\[\]:,·_.|@]|\b(?:to|vs|in)\b|\bcrypto:)+", re.IGNORECASE)
_CODE = re.compile(r"[A-Za-z]{3,4}(?![A-Za-z])|TL(?![A-Za-z])|[가-힣]{1,2}|円|元")
_MONEY = {
    "us dollar": "USD", "u.s. dollar": "USD", "american dollar": "USD", "canadian dollar": "CAD", "australian dollar": "AUD",
    "swiss franc": "CHF", "british pound": "GBP", "pound sterling": "GBP", "japanese yen": "JPY", "south korean won": "KRW",
    "korean won": "KRW", "indian rupee": "INR", "turkish lira": "TRY", "brazilian real": "BRL", "us-dollar": "USD",
    "schweizer franken": "CHF", "britisches pfund": "GBP", "dólar estadounidense": "USD", "dollar américain": "USD",
}  # fmt: skip
_SPOKEN = re.compile(
    "|".join(map(re.escape, _MONEY)), re.IGNORECASE
)  # behind the bar of a pair: `Bitcoin / US Dollar`
_MARKETS = ("KRW", "USDT", "USDC", "BTC", "ETH")  # what a share or a metal is not traded against
_DOLLARS = ("USDT", "USDC", "BUSD", "TUSD", "FDUSD", "DAI")  # by their names too
_IN_TURN = ("USDT", "USDC", "BTC", "ETH", "BNB")  # of two the first is the money
_QUOTED = (*_MARKETS, "BNB", *_DOLLARS)  # coins that others are priced in
_GLUED_PAIR = re.compile(r"([A-Z]{3,5})(USDT|USDC|USD|KRW|EUR|GBP|JPY|AUD|CAD|INR|BRL|TRY)(?![A-Za-z0-9])")
_SMALL_PAIR = re.compile(r"([a-z0-9]{2,6})[-/](usdt|usdc|usd|krw|eur|gbp|jpy|aud|cad|inr|brl|try)")
_BEFORE = re.compile(  # a log's stamp, a rank, the row's clock, a coin's sign, a label
    r"(?:[\[(]?\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,6})?)?(?:Z|[+-]\d\d:?\d\d)?[\])]?[\s:|-]*"
    r"(?:\[?(?:INFO|DEBUG|WARN|WARNING|NOTICE)\]?[\s:|-]+)?(?=\S)"
    r"|(?:INFO|DEBUG|WARNING):[\w.]{1,30}:\s*"  # as Python's logging begins a line
    r"|\$(?=[A-Z])"  # a cashtag
    r"|(?:[#№]\s?\d{1,4}|\d{1,4}[.)]|\d{1,2}:\d{2}(?::\d{2})?|[₿ΞŁÐ₮])\s+"
    r"|(?:coin|symbol|ticker|name|asset|market|(?:crypto |coin |live )?(?:prices|rates|quotes)"
    r"|코인|코인명|종목|종목명|심볼|銘柄|通貨)\s*[:=]\s*"
    r"|(?:price|kurs|cours|prix|precio|preço|prezzo|cena|giá|harga|koers|курс|цена)\s+(?:(?:of|de|du|do|del|von)\s+)?(?=\w))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Name:
    """A printed name that is a coin's from end to end.

    printed   as printed
    symbol    the coin; currency: of a pair such as `BTC/KRW`, `Bitcoin GBP`; None if none is named
    mentions  how often the coin is named: `Bitcoin (BTC)` twice
    weak      the one spelling used is also a word or a share; `Dash (DASH)`, `LINK/USDT` are not weak
    label     the label or sign word that stands behind the name: `Bitcoin price:`, `Bitcoin up`
    """

    printed: str
    symbol: str
    currency: str | None
    mentions: int
    weak: bool
    label: str = ""


@lru_cache(maxsize=4096)
def name_of(words: str, coins: Coins) -> Name | None:
    """Read words as a coin's name from end to end: names and tickers of one coin, a pair's currency, a label.

    None if any other word stands there: `Bitcoin ETF`, `비트코인은`, `CMC Crypto 200` name no coin.
    """
    if len(words) > _LONGEST or not coins.may_name(words):
        return None
    if "_" in words:  # `BTC_USD`, `BTC_PRICE`: as programs join words
        return _joined(name_of(words.replace("_", "/"), coins))
    begin = at = match.end() if (match := _BEFORE.match(words)) else 0
    symbols: list[str] = []
    spelled: set[str] = set()
    currency, weak, rest = None, True, ""
    while at < len(words):
        if gap := _SEPARATOR.match(words, at):
            at = gap.end()
            continue
        hit = coins.longest(words, at)
        if hit and (not symbols or hit[1].symbol == symbols[0] or _paired(words, at, hit[1].symbol)):
            if symbols and hit[1].symbol != symbols[0]:
                currency = hit[1].symbol
            else:
                symbols.append(hit[1].symbol)
                spelled.add(words[at : hit[0]])
                weak = weak and hit[1].weak
            at = hit[0]
        elif symbols and (code := _code(words, at)):
            currency, at = code
        elif not symbols and words[at + 3 : at + 4] == "-" and (code := _code(words, at)):
            currency, at = code  # `KRW-BTC`: an exchange's market code
        elif not symbols and (pair := _pair(words, at, coins)):
            symbols.append(pair[0])
            currency, at, weak = pair[1], pair[2], False
        else:
            rest = words[at:]
            break
    if not symbols:
        return _glued(words, coins) or _small(words, coins)
    if rest and not _is_label(rest):
        return _glued(words, coins)  # `USDCUSD Coin` begins like a pair
    weak = weak and len(spelled) < 2 and currency not in _MARKETS
    printed = words[begin : len(words) - len(rest)].strip(" :(-_@")
    return Name(printed, symbols[0], currency, len(symbols), weak, rest)


def _joined(name: Name | None) -> Name | None:
    """A name of joined words; in `USDT_BTC` the money stands first, as some exchanges have it."""
    if name is None:
        return None
    spelled, first, second = (
        replace(name, printed=name.printed.replace("/", "_").strip("_")),
        name.symbol,
        name.currency,
    )
    if first in _IN_TURN and second in _IN_TURN and _IN_TURN.index(first) < _IN_TURN.index(second):
        return replace(spelled, symbol=second, currency=first)
    return spelled


def _paired(words: str, at: int, symbol: str) -> bool:
    """Whether a second coin is what the first is priced in: `ETH/BTC`, `ETH-BTC`, `Bitcoin/Tether`."""
    if at == 0 or words[at - 1] not in "/-_":
        return False
    ticker = re.match(r"[A-Z]+", words[at:])
    return (ticker is not None and ticker.group() in _QUOTED) or symbol in _DOLLARS


def _code(words: str, at: int) -> tuple[str, int] | None:
    if spoken := _SPOKEN.match(words, at):
        return _MONEY[spoken[0].lower()], spoken.end()
    match = _CODE.match(words, at)
    spellings = (match.group(), match.group().upper(), match.group().capitalize()) if match else ()
    found = next(filter(None, map(currency_of, spellings)), None)
    return (found, match.end()) if match and found else None


def _pair(words: str, at: int, coins: Coins) -> tuple[str, str, int] | None:
    """`BTCUSD`, `ETHKRW`: a ticker and a currency with nothing between."""
    match = _GLUED_PAIR.match(words, at)
    coin = coins.get(match[1]) if match else None
    currency = currency_of(match[2]) if match else None
    return (coin.symbol, currency, match.end()) if match and coin and currency else None


def _is_label(rest: str) -> bool:
    meaning = head(rest)
    return (meaning is not None and meaning.role in ("price", "change")) or sign_word(rest) is not None


def _glued(words: str, coins: Coins) -> Name | None:
    """`BitcoinBTC`, `BTCBitcoin`: a name and its ticker with nothing between."""
    for size in range(2, 7):
        for name, ticker in ((words[:-size], words[-size:]), (words[size:], words[:size])):
            two = coins.get(ticker) if ticker.isupper() and ticker.isalnum() else None
            one = coins.get(name) if two else None
            if one and two and one.symbol == two.symbol:
                return Name(words, one.symbol, None, 2, one.weak and two.weak)
    return None


def _small(words: str, coins: Coins) -> Name | None:
    """`btc`: a ticker in small letters, never strong by itself; `btc-usd`, `btc/krw`: a pair of such."""
    if not words.islower():
        return None
    if pair := _SMALL_PAIR.fullmatch(words):
        coin, money = coins.get(pair[1].upper()), currency_of(pair[2].upper())
        return Name(words, coin.symbol, money, 1, coin.weak) if coin else None
    coin = coins.get(words.upper()) if words.isalpha() and 3 <= len(words) <= 5 else None
    return Name(words, coin.symbol, None, 1, True) if coin else None


def last_name(words: str, coins: Coins) -> Name | None:
    """The longest coin's name that words end with."""
    if not coins.may_name(words):
        return None
    split = words.split()
    names = (name_of(" ".join(split[i:]), coins) for i in range(max(1, len(split) - 5), len(split)))
    return next((name for name in names if name and not name.label), None)
