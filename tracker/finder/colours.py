"""Signs that a page says by colours alone, where the page itself proves what they mean. Pure.

Red is a rise in Seoul, Tokyo and Shanghai, and a fall in New York. So a colour counts only if changes of the same page that
print their signs have it, and all of them the same sign.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import replace
from itertools import islice

from ..printed.figures import UP
from .direction import tokens
from .record import Field, Run
from .tree import Element, Text

_COLOURS = frozenset("red blue green danger success primary pink crimson lime".split())
_SIGNED = re.compile(r"\s*[(\[]?\s*([+\-−–▲▼△▽↑↓])\s*\d[\d.,]*\s*%?\s*[)\]]?\s*")
_PROOFS = 2  # changes with a sign that must have a colour
_UP = 3  # elements around a figure that may carry its colour


def proven(top: Element) -> dict[str, int]:
    """The colours of a page whose meaning its own printed signs prove: +1, -1."""
    votes: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for node in top.walk():
        match = _SIGNED.fullmatch(node.words) if isinstance(node, Text) and len(node.words) < 40 else None
        if match and isinstance(node, Text):
            for colour in _of(node.parent):
                votes[colour][1 if match[1] in UP else -1] += 1
    return {
        colour: sign
        for colour, seen in votes.items()
        for sign, count in seen.items()
        if len(seen) == 1 and count >= _PROOFS
    }


def _of(element: Element) -> frozenset[str]:
    said = (tokens(e.attributes.get("class", "")) for e in islice(element.up, _UP) if e.raw)
    return next((found for words in said if (found := _COLOURS.intersection(words))), frozenset())


def signed(run: Run, meanings: Callable[[], dict[str, int]]) -> Run:
    """A run whose changes without a sign have the sign of their colour; `meanings` is asked only if there are such."""
    if not any(_is_coloured(f) for r in run.records for f in r.fields):
        return run
    known = meanings()
    if not known:
        return run
    records = (replace(r, fields=tuple(_with_sign(f, known) for f in r.fields)) for r in run.records)
    return replace(run, records=tuple(records))


def turned(run: Run) -> Run:
    """The run, its unsigned figures with the sign that their row's own class says (`<li class="change-up">`): where rows of
    both directions stand there, and no sign that is printed in a row says otherwise."""
    rows = [record for record in run.records if record.turn]
    clash = any({f.figure.sign or f.sign or f.marked for f in r.fields} - {0, r.turn} for r in rows)
    if clash or {record.turn for record in rows} != {1, -1}:
        return run
    records = (replace(r, fields=tuple(_turned(f, r.turn) for f in r.fields)) for r in run.records)
    return replace(run, records=tuple(records))


def _turned(field: Field, turn: int) -> Field:
    figure = field.figure
    return field if figure.sign or figure.doubt or field.sign or field.marked else replace(field, marked=turn)


def _is_coloured(field: Field) -> bool:
    figure = field.figure
    bare = not (figure.sign or figure.doubt or field.sign or field.marked)
    return bare and figure.percent and not _COLOURS.isdisjoint(field.says)


def _with_sign(field: Field, known: dict[str, int]) -> Field:
    signs = {known[colour] for colour in field.says & known.keys()}
    one = signs.pop() if len(signs) == 1 and _is_coloured(field) else 0
    return replace(field, marked=one) if one else field
