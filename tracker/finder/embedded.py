"""A page's embedded data -> runs of records: lists of objects that name coins, in `<script>` or as the page itself. Pure.

Read is what stands there as JSON: whole scripts (`application/json`, `__NEXT_DATA__`, JSON-LD), values assigned or handed
over in a program (`window.__STATE__ = {…}`), and JSON kept as text within JSON; and what programs write in the same shape
(`{'BTC': {'price': 1}}`, `[{ id: 'btc', price: 1 }]`), in a script or printed. Keys are heads: `percentChange24h` heads a
change over a day, `marketCap` what is no price.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from ..coins.names import Name, name_of
from ..coins.registry import Coins
from ..printed.figures import CODES, Figure
from ..printed.figures import read as figure_in
from ..printed.unseen import seen
from .hypotheses import no_money
from .literals import LONG, written
from .others import is_other
from .record import Field, Record, Run

_SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script", re.DOTALL | re.IGNORECASE)
_VALUE = re.compile(
    r"(?:^|[=:(,])\s*(?=\[\s*[\[{\"0-9]|\{\s*[\"\]}])|(?=\[\s*\{\s*['\"\w$]|\{\s*(?:'[^'\n]{1,40}'|\"[^\"\n]{1,40}\")\s*:\s*\{)"
)
_SPEAKS = re.compile(r"(?<![A-Z])BTC|itcoin|KRW-|비트코인|ビットコイン|XBT", re.IGNORECASE)
_MOST, _DEEP, _KEYS = 400, 24, 120  # values tried in one script, levels of a tree, fields of an object
_TEXTS = 200  # a text is looked into from so many characters on

_NAMES = (
    "symbol ticker code coinsymbol basecurrency base coin asset currency shortname name coinname fullname displayname"
    " title market pair korean_name slug id"
).split()
_NAMING = frozenset("symbol ticker coin asset pair market contract instrument name".split())  # `marketSymbol`
_PRICE = frozenset(
    "price last lastprice currentprice priceusd usdprice tradeprice closingprice closeprice close regularmarketprice"
    " marketprice latestprice latest lasttradeprice pricekrw priceeur usd krw eur jpy".split()
)
_NOT = frozenset(
    "high low open volume vol cap max min avg average ath atl prev previous yesterday target supply market bid ask amount"
    " turnover total prepare opening btc eth change changes diff day week month year hour".split()
)
# What a list is called that holds somebody's own figures, or those of other days.
_OWN = frozenset(
    "alert alerts order orders trade trades position positions portfolio holding holdings history predictions forecast"
    " forecasts targets transactions fills signals bets".split()
)
_DEALS = frozenset("side qty quantity amount order status leverage entry stop target fee filled type".split())
_CALLED = re.compile(r"([A-Za-z_$][\w$]{0,39})\s*[=:]\s*$")
_BEFORE = 60  # characters before a value in which its name stands
_CHANGES = frozenset(("change", "chg", "changed"))
# `CHANGEPCT24HOUR` too, where nothing but the words themselves says where one ends.
_WORD = re.compile(r"(?:CHANGE|PRICE|VOLUME)(?![a-z])|[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+[a-zA-Z]?")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")  # how addresses and interfaces write a name
_WINDOW = re.compile(r"^(\d+)(h|d|m|y)$")


def runs(html: str, coins: Coins) -> Iterator[Run]:
    """Every list of objects in a page's scripts that name at least two coins, in page order."""
    for match in _SCRIPT.finditer(html):
        yield from whole(match[2], coins)


def is_alone(text: str) -> bool:
    """Whether a page is data and nothing else."""
    return text.lstrip()[:1] in ("{", "[")


def whole(data: str, coins: Coins, *, alone: bool = False) -> Iterator[Run]:
    """The same of a script, or of what a page prints: that may be of one coin alone."""
    if _SPEAKS.search(data):
        yield from _lists(_by_line(data), coins)
        for value in _values(data):
            yield from _lists(value, coins, alone)


def _by_line(data: str) -> list[Any]:
    """The objects of a page that prints one a line."""
    lines = [line.strip() for line in data.splitlines()]
    whole = [line for line in lines if line[:1] == "{" and line[-1:] == "}"]
    told = [written(line, 0)[0] for line in whole[:_KEYS]] if len(whole) > 1 else []
    return [one for one in told if one]


def _values(script: str) -> Iterator[Any]:
    """The JSON values in a script, the outermost only."""
    decoder, at, left = json.JSONDecoder(parse_float=Decimal), 0, LONG  # what may be read in vain
    for _ in range(_MOST):
        match = _VALUE.search(script, at)
        if match is None:
            return
        called = _CALLED.search(script, max(0, match.end() - _BEFORE), match.end())
        own = called[1] if called else ""
        try:
            value, at = decoder.raw_decode(script, match.end())
            yield {own: value} if own else value
        except json.JSONDecodeError as error:
            value, end = written(script, match.end(), left)
            left -= 0 if value else end - match.end()
            if value:
                at = end
                yield {own: value} if own else value
            else:
                at = max(match.end() + 1, error.pos)  # so that a long text that breaks off is read once
        except (ValueError, RecursionError):
            at = match.end() + 1


def _lists(top: Any, coins: Coins, alone: bool = False) -> Iterator[Run]:
    """The runs in one JSON value: lists of objects, and objects whose keys are coins; alone: of one coin too."""
    waiting: list[tuple[Any, int]] = [(top, 0)]
    while waiting:
        value, depth = waiting.pop()
        inner: Sequence[Any] = ()
        if isinstance(value, list):
            inner = value
            if run := _run([(None, v) for v in value if isinstance(v, dict)], coins):
                yield run
                continue
        elif isinstance(value, dict):
            inner = [v for k, v in value.items() if _OWN.isdisjoint(map(str.lower, _WORD.findall(str(k))))]
            named = [(k, v) for k, v in value.items() if isinstance(v, dict)]
            if run := _run(named, coins) or (_one(value, named, coins) if alone else None):
                yield run
                continue
        elif isinstance(value, str) and len(value) >= _TEXTS and _SPEAKS.search(value):
            inner = list(_values(value))
        if depth < _DEEP:
            waiting.extend((child, depth + 1) for child in reversed(inner))


def _one(
    value: Mapping[str, Any], named: Sequence[tuple[str, Mapping[str, Any]]], coins: Coins
) -> Run | None:
    """The run of one coin, as an exchange answers for one market: of the object itself, or of the only one in it. What
    somebody bought or sold is none."""
    own = {key: item for key, item in value.items() if not isinstance(item, dict | list)}
    words = {word for key in own for word in _words(key)}
    if len(own) > 1 and _DEALS.isdisjoint(words):
        return _run([(None, own)], coins, least=1)
    return _run(named, coins, least=1) if len(named) == len(value) == 1 else None


def _run(objects: Sequence[tuple[str | None, Mapping[str, Any]]], coins: Coins, least: int = 2) -> Run | None:
    if len(objects) < least:
        return None
    flat = [(key, dict(_flat(value))) for key, value in objects[:500]]
    if not any(_head(path).startswith("Price") for _, fields in flat[:3] for path in fields):
        return None
    heads = _heads([fields for _, fields in flat])
    made = [record for key, fields in flat if (record := _record(key, fields, heads, coins))]
    if len({record.name.symbol for record in made if record.name}) < least:
        return None
    return Run(
        tuple(made), {f.key[0]: heads[f.key[0]] for r in made for f in r.fields}, ("crypto prices",), "."
    )


def _heads(objects: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """The head over each path. A change is a percent if its key or its texts say so, or if it can be no money."""
    heads = {path: _head(path) for fields in objects for path in fields}
    price = next((path for path, words in heads.items() if words.startswith("Price")), "")
    for path, words in heads.items():
        if words == "Volume" and _CHANGES & set(_words(path)) and "previous" not in _words(path):
            told = [(_figure(o.get(price)), _figure(o[path])) for o in objects if path in o]
            if all(change and change.percent for _, change in told) or no_money(
                (p and p.value("."), c and c.value("."), c.sign if c else 0) for p, c in told
            ):
                heads[path] = f"Change % {_over(path)}".strip()
    moved = [path for path, words in heads.items() if words == "Volume" and _is_move(path)]
    if len(moved) == 1 and any(words.startswith("Change %") for words in heads.values()):
        heads[moved[0]] = "Change"  # in money, beside the percent
    return heads


def _is_move(path: str) -> bool:
    """Whether a key says no more than that it is a change: `change`, `priceChange`."""
    words = set(_words(path))
    return bool(words & _CHANGES) and words - {"price"} <= _CHANGES


def _flat(value: Mapping[str, Any], before: str = "", depth: int = 0) -> Iterator[tuple[str, Any]]:
    """Every field of an object and of the objects in it, by its path; of a list of objects with a name, by that name."""
    for n, (key, item) in enumerate(value.items()):
        path = f"{before}.{key}" if before else key
        if n >= _KEYS or depth > 4:
            return
        if isinstance(item, Mapping):
            yield from _flat(item, path, depth + 1)
        elif (
            isinstance(item, list)
            and len(item) <= 20
            and all(isinstance(i, Mapping) and "name" in i for i in item)
        ):
            for one in item:
                yield from _flat(one, f"{path}.{one['name']}", depth + 1)
        else:
            yield path, item


def _record(
    key: str | None, fields: Mapping[str, Any], heads: Mapping[str, str], coins: Coins
) -> Record | None:
    name = _name(key, fields, coins)
    printed = name.printed if name else _printed(key, fields)
    if name is None and (not printed or is_other(printed)):
        return None
    kept = [
        Field((path, 0), str(value), figure, None, frozenset(), _signed(value), 0)
        for path, value in fields.items()
        if heads[path] != "Volume" and not _in_coins(path, coins) and (figure := _figure(value))
    ]
    shown = {path: str(value) for path, value in fields.items() if any(f.key[0] == path for f in kept)}
    text = json.dumps({"name": printed, **shown}, ensure_ascii=False)
    return Record(name, printed, tuple(kept), text[:600])


def _name(key: str | None, fields: Mapping[str, Any], coins: Coins) -> Name | None:
    """The coin an object names: by its symbol first, by the key it stands under last; two names that disagree are none."""
    told = [(words, called(words, coins)) for words in _said(key, fields)]
    known = [name for _, name in told if name]
    if any(is_other(words) for words, name in told if name is None):
        return None
    if not known or len({name.symbol for name in known if not name.weak}) > 1:
        return None
    first = known[0]
    spoken = next((n.printed for n in known if n.printed != n.symbol), first.printed)
    money = first.currency if first.currency != first.symbol else None
    return Name(spoken, first.symbol, money, len(known), first.weak and len(known) < 2, "")


def _said(key: str | None, fields: Mapping[str, Any]) -> list[str]:
    """The texts of an object that may name its coin, under the usual keys, else under such as hold a word for it; and the
    key that it stands under itself."""
    texts = {path: value for path, value in fields.items() if isinstance(value, str) and len(value) <= 60}
    by_key = {path.lower(): value for path, value in texts.items()}
    usual = [by_key[k] for k in _NAMES if k in by_key]
    said = usual or [value for path, value in texts.items() if _NAMING & set(_words(path))]
    return said + ([key] if key else [])


def _printed(key: str | None, fields: Mapping[str, Any]) -> str:
    """What an object that names no known coin is called."""
    return next((words for words in _said(key, fields) if words and not words.isdecimal()), "")


def called(words: str, coins: Coins) -> Name | None:
    """The coin that a text names, be it as addresses have it: `ripple`, `the-sandbox`."""
    name = name_of(words, coins)
    if name is None and _SLUG.fullmatch(words) and (name := name_of(words.replace("-", " ").title(), coins)):
        return replace(name, printed=words)
    return name


def _in_coins(path: str, coins: Coins) -> bool:
    """Whether a path names what the coin is priced in, and that is a coin: `quote.BTC.price`."""
    return any(name_of(part, coins) for part in path.split(".")[:-1])


def _signed(value: Any) -> int:
    """A number in data carries its sign; a text may have left it to another field."""
    return (value > 0) - (value < 0) if isinstance(value, (int, Decimal)) else 0


def _figure(value: Any) -> Figure | None:
    if isinstance(value, bool) or not isinstance(value, (int, Decimal, str)):
        return None
    if isinstance(value, str):
        return figure_in(seen(value)) if len(value) <= 40 else None
    return figure_in(format(Decimal(value), "f")) if abs(Decimal(value)) < 10**18 else None


def _head(path: str) -> str:
    """What a path says, in the words of a table's head: `quote.USD.percentChange24h` -> `Change % 24h`."""
    words, own = _words(path), path.rpartition(".")[2]
    if own in ("raw", "value", "amount") and "." in path:
        return _head(path.rpartition(".")[0])
    over = _over(path)
    told = {"percent", "percentage", "pct", "perc"} & set(words) or (over and words[0].upper() in CODES)
    if _CHANGES & set(words) and told:  # `usd_24h_change` is CoinGecko's name for a percent
        return f"Change % {over}".strip()
    joined = "".join(words)
    if joined in _PRICE or (words and words[0] == "price" and not set(words) & _NOT and not over):
        return f"Price ({code})" if (code := _code(path)) else "Price"
    return "Volume"


def _words(path: str) -> list[str]:
    """The words of a path's last part."""
    return [word.lower() for word in _WORD.findall(path.rpartition(".")[2])]


def _over(path: str) -> str:
    return next((word for word in _words(path) if _WINDOW.match(word)), "")


def _code(path: str) -> str | None:
    """The currency that a path names: `quote.USD.price`, `priceUsd`."""
    for part in path.split("."):
        words: list[str] = [part, *_WORD.findall(part)]
        for word in words:
            if word.upper() in CODES and len(word) == 3:
                return word.upper()
    return None
