"""Values as programs write them -> what JSON would give: `{'BTC': {'price': 1}}`, `[{ id: 'btc', price: 1, }]`. Pure.

Names without quotes are keys; where a value should stand, `null`, `undefined` and names of a program's own are no value.
Anything else that JSON does not have (a call, a function, a template) ends the attempt: nothing is guessed. `...` stands for
what a document leaves out.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

LONG = 200_000  # characters of one value
_TOKEN = re.compile(
    r"""\s+ | //[^\n]* | /\*.*?\*/ | (?:\.{3}|…)(?![\w$])\s*,?
    | (?P<mark>[\[\]{}:,()])
    | (?P<number>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w.]))
    | (?P<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    | (?P<name>[A-Za-z_$][\w$.]*)""",
    re.VERBOSE | re.DOTALL,
)
_BROKEN = re.compile(
    r"""\s*(?:"[^"\n]*|'[^'\n]*)?\s*(?:\Z|```)"""
)  # the text ends, or what a document quotes
_WORDS = {"true": "true", "True": "true", "false": "false", "False": "false"}
_SHUT = {"[": "]", "{": "}", "(": ")"}


def written(text: str, at: int, most: int = LONG) -> tuple[Any, int]:
    """The list or object that begins at text[at], None where it is none, and how far was read. Of one that breaks off with
    the text all that was whole: pages are cut off, and so are copies of answers."""
    tokens: list[str] = []
    open_: list[str] = []
    whole: tuple[int, list[str]] = 0, []
    end = at
    while match := _TOKEN.match(text, end, at + most):
        end = match.end()
        if match.lastgroup is None:
            continue
        if not _take(match.lastgroup, match[0], tokens, open_):
            return None, end
        if not open_:
            return _value(tokens), end
        if tokens[-1] in "]}":
            whole = len(tokens), open_[::-1]
    if whole[0] and _BROKEN.match(text, end, at + most):
        return _value(tokens[: whole[0]] + whole[1]), end
    return None, end


def _take(kind: str, token: str, tokens: list[str], open_: list[str]) -> bool:
    """One token more, as JSON has it; whether it may stand there."""
    if kind == "mark":
        if token in _SHUT:
            if token == "(" and tokens and tokens[-1] not in "[,:":
                return False  # a call
            open_.append(_SHUT[token])
        elif token in "]})":
            if not open_ or open_.pop() != token:
                return False
            if tokens[-1] == ",":
                tokens.pop()
        tokens.append({"(": "[", ")": "]"}.get(token, token))
    elif kind == "number":
        tokens.append(_number(token))
    elif kind == "text":
        tokens.append(json.dumps(_unquoted(token)))
    else:
        key = bool(open_) and open_[-1] == "}" and tokens[-1] in "{,"
        tokens.append(json.dumps(token) if key else _WORDS.get(token, "null"))
    return True


def _number(token: str) -> str:
    """`+.5` -> `0.5`: what JSON allows."""
    sign, digits = ("-" if token[0] == "-" else ""), token.lstrip("+-")
    whole, point, rest = digits.partition(".")
    return sign + (whole.lstrip("0") or "0") + (point + rest if rest else "")


def _unquoted(token: str) -> str:
    return re.sub(r"\\(.)", r"\1", token[1:-1])


def _value(tokens: list[str]) -> Any:
    try:
        return json.loads(" ".join(tokens), parse_float=Decimal)
    except (ValueError, RecursionError):
        return None
