"""What the words of a table mean: column heads, labels beside a figure, words that are signs. Pure.

A table is understood by its words before its figures: which column is the price, which the change, over what
window. The words themselves stand in `words`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Literal

from .figures import CODES, currency_of
from .words import (
    AMOUNT,
    COINS,
    DRAWN,
    EVER,
    FALL,
    FILLERS,
    IN_LOTS,
    LEVEL,
    LINKS,
    MARKET,
    MEASURE,
    MONEY,
    MONEY_SAID,
    OWNED,
    PAST,
    PERCENT,
    PRESENT,
    PRICES,
    RISE,
    SUM,
    VETO,
    WEAK,
    WINDOWS,
    WORDS,
    Role,
)

_ORNAMENT = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f\u200d▲▼△▽↑↓]")

# The sign words as one pattern, longest first, for the layouts' hole {sign}.
SIGN_WORDS = "|".join(
    re.escape(word)
    for word in sorted((w.strip() for w in f"{RISE}|{FALL}|{LEVEL}".split("|")), key=len, reverse=True)
)


Hint = Literal["", "present", "weak", "amount", "drawn", "ever", "past"]


@dataclass(frozen=True, slots=True)
class Head:
    """One column head or label: what it announces, over what window, in what currency.

    percent   it speaks of percents
    hint      of a price: `present`, it can only be the present one, or `weak`, it may as well be another figure;
              of another figure: `amount`, it counts coins; `drawn`, it is a picture; `past`, a price of before,
              a high or a low; `ever`, the highest or lowest price
    """

    role: Role
    window: str | None = None
    currency: str | None = None
    percent: bool = False
    hint: Hint = ""


def _set(words: str) -> frozenset[str]:
    return frozenset(" ".join(word.split()).casefold() for word in words.split("|") if word.strip())


@cache
def _roles() -> dict[str, Role]:
    others: dict[str, Role] = dict.fromkeys(_set(f"{AMOUNT}|{DRAWN}|{EVER}"), "other")
    return others | {word: role for role, words in WORDS.items() for word in _set(words)}


@cache
def _signs() -> dict[str, int]:
    return dict.fromkeys(_set(RISE), 1) | dict.fromkeys(_set(FALL), -1) | dict.fromkeys(_set(LEVEL), 0)


@cache
def _hints() -> dict[str, Hint]:
    listed: tuple[tuple[Hint, str], ...] = (
        ("present", PRESENT), ("weak", WEAK), ("amount", AMOUNT), ("drawn", DRAWN), ("past", PAST), ("ever", EVER),
    )  # fmt: skip
    return {word: hint for hint, words in listed for word in _set(words)}


def names_coins(words: str) -> bool:
    """Whether a head says that coins stand below it: `Coin`, `암호화폐`, `币种`."""
    return _trim(words) in _coins()


@cache
def _coins() -> frozenset[str]:
    return _set(COINS)


@cache
def _links() -> frozenset[str]:
    return _set(LINKS)


@cache
def _window_pattern() -> re.Pattern[str]:
    return re.compile("|".join(f"(?P<w{name}>{pattern})" for name, pattern in WINDOWS), re.IGNORECASE)


def _trim(words: str) -> str:
    return " ".join(words.casefold().split()).strip(" :*()[]|·,.;-–=+/")


def window(words: str) -> str | None:
    """`Volume (24H)` -> 24h, `전일대비` -> 1d, `30d` -> long; None if no window is named."""
    match = _window_pattern().search(words)
    return str(match.lastgroup)[1:] if match else None


def sign_word(words: str) -> int | None:
    """`gain` -> 1, `하락` -> -1, `Flat` -> 0; None for any other word."""
    return _signs().get(_trim(words))


def is_link(words: str) -> bool:
    """Whether the words between two figures of a row carry nothing: `to`, `:`, `Buy`."""
    trimmed = " ".join(words.casefold().split())
    return not trimmed.strip(" :*()[]|·,.;-–=/•") or trimmed in _links() or _trim(words) in _links()


def measures(words: str) -> bool:
    """Whether words above a list name another measure than the price."""
    return bool(MEASURE.search(words))


def speaks_of_prices(words: str) -> bool:
    """Whether words above a list name the price as well (`coins by market cap: prices`)."""
    return bool(PRICES.search(words))


def vetoes(words: str, told: bool = False) -> bool:
    """Whether words above a list say that it is not one of present prices; told: a column says that it is."""
    return bool(VETO.search(words)) or (not told and bool(OWNED.search(words)))


def money_of(words: str) -> str | None:
    """The money that a heading names where its sign would not tell: `in Canadian dollars` -> CAD."""
    said = [code for code, pattern in MONEY if pattern.search(words)]
    return said[0] if len(said) == 1 else None


def money_said(words: str) -> list[str]:
    """Where a page says in which money its prices are: `All prices in AUD`."""
    return MONEY_SAID.findall(words)


def in_lots(words: str) -> bool:
    """Whether words above a list say that its figures are thousands or millions."""
    return bool(IN_LOTS.search(words))


def is_sum(words: str) -> bool:
    """Whether a line of that name adds up those above it."""
    return bool(SUM.fullmatch(words.strip(" :*")))


def speaks_of_markets(words: str) -> bool:
    """Whether words around a list of bare prices say what they are."""
    return bool(MARKET.search(words))


@cache
def head(words: str) -> Head | None:
    """What one head or label means: `현재가(원)` -> price in KRW, `24-hour gain:` -> change over 24h.

    None for words that are no head. A window alone (`24h`, `7 วัน`) is the head of a change column.
    """
    if not words or len(words) > 60:
        return None
    text = _plain(words)
    over, money = window(text), _currency(text) or _of_key(words)
    spoken = text.replace(money, " ") if money and money in CODES else text  # `Giá VND`
    rest = _trim(_window_pattern().sub(" ", re.sub(r"\([^)]*(?:\)|$)|#\s?\d{1,5}\b", " ", spoken)))
    role = (
        _roles().get(text.casefold())
        or _roles().get(_trim(text))
        or _roles().get(rest)
        or _roles().get(_bare(rest))
        or _roles().get(_bare(_trim(PERCENT.sub(" ", rest))))  # `percent change 24h`, `pct_chg`
    )
    if role is None and all(sign_word(_bare(part)) is not None for part in rest.split("/")):
        role = "change"  # `Gain`, `Gain/Loss`
    if role is None and over and not rest.strip("% "):
        role = "change"
    if role == "price" and over in ("1h", "5d", "7d", "long"):
        return None  # `Last week`, `Price (1 month)`
    if role in ("price", "change") and not all(map(_is_understood, _BRACKETED.findall(text))):
        return None  # `Price (ATH)`, `Change (4h)`
    hint = _hints().get(_trim(text)) or _hints().get(rest) or _hints().get(_bare(rest)) or ""
    return Head(role, over, money, bool(PERCENT.search(text)), hint) if role else None


def _plain(words: str) -> str:
    """A head in words: a key's marks are blanks (`market_cap`, `Market-cap-USD`); `￥` does not say which of two moneys."""
    spoken = words.replace("_", " ") if " " in words else _JOINS.sub(" ", words)
    return " ".join(_ORNAMENT.sub(" ", spoken).split()).rstrip("￥¥")


_JOINS = re.compile(r"_|(?<=\w)-(?=\w)")
_TAKEN = re.compile(
    r"\d:\d\d|\d{4}|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* ?\d|\d\s?[일日]|^(?:now|live|실시간)$",
    re.IGNORECASE,
)
_FROM = re.compile(r"[A-Z][a-z]+(?:[A-Z][a-z]+)+")  # whose figures they are: a name in two humps
_BRACKETED = re.compile(r"\(([^)]*)(?:\)|$)")


def _is_understood(aside: str) -> bool:
    """What stands in brackets behind a head's word: money, a window, when it was taken, a word that says nothing."""
    rest = _trim(PERCENT.sub(" ", _window_pattern().sub(" ", aside)))
    return not _bare(rest).strip("# ") or bool(
        _currency(f"({aside})") or _TAKEN.search(aside) or _FROM.fullmatch(aside.strip())
    )


def _bare(rest: str) -> str:
    """Without currency words and fillers: `btc price (usd)` -> `price`, `gain in` -> `gain`."""
    words = [w.strip("%()") for w in rest.split()]
    kept = [w for w in words if w and (w not in _fillers() or w == "price")]
    return " ".join(kept) or ("price" if "price" in words else "")


@cache
def _fillers() -> frozenset[str]:
    return _set(FILLERS) - {"%"}


def label_sign(words: str) -> int | None:
    """The sign word inside a label: `24-hour drop:` -> -1."""
    rest = _trim(_window_pattern().sub(" ", words))
    return sign_word(rest) if sign_word(rest) is not None else sign_word(_bare(rest))


def _of_key(words: str) -> str | None:
    """The money that a key names: `price_usd`."""
    parts = words.split("_")[1:]
    return next((part.upper() for part in parts if part.upper() in CODES), None)


def _currency(text: str) -> str | None:
    for word in re.findall(
        r"[\[(]\s*(?:in\s+|단위\s*:?\s*)?([^\s()\[\]]+)\s*[\])]|\b([A-Z]{3,4})\b|([$€£₩])", text
    ):
        if found := currency_of(next(filter(None, word))):
            return found
        if (coin := str(word[0])) in ("BTC", "ETH"):
            return coin  # `Price (BTC)`: what coins are priced in
    return None


def _two_in_one(found: Head, tokens: list[str]) -> bool:
    """`Price 24h`, `7d 30d`, `Price (in Rs) change` are two heads each."""
    if window(tokens[0]) and re.match(
        r"m(?:ar)?ke?t|cap|supply|fdv|시가총액", " ".join(tokens[1:]).casefold()
    ):
        return True  # `24h Mkt Cap`
    if found.role != "change" and _roles().get(_trim(tokens[0])) == "change":
        return True  # `전일대비 거래대금`
    closed = any(t.endswith(")") and after[0] not in "%(" for t, after in pairwise(tokens))
    return (
        closed or (found.role == "price" and found.window is not None) or sum(map(_names_window, tokens)) > 1
    )


def _names_window(token: str) -> bool:
    return window(token) is not None


def run_of_heads(words: str) -> list[Head] | None:
    """Several heads in one run of words, longest first: `Name Ticker Market Cap Price Volume (24H)`.

    None if some word in between belongs to no head.
    """
    tokens, heads, at = words.split(), [], 0
    while at < len(tokens):
        for size in range(min(5, len(tokens) - at), 0, -1):
            found = head(" ".join(tokens[at : at + size]))
            if found and not (size > 1 and _two_in_one(found, tokens[at : at + size])):
                heads.append(found)
                at += size
                break
        else:
            return None
    return heads
