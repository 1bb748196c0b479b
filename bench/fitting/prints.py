"""Ways to print a made list: as markup, as lines, as data."""

from __future__ import annotations

import json
from collections.abc import Callable
from html import escape

from .lists import HEADS, Coin, Made

Cells = list[tuple[str, str]]  # a column and what is printed there

# keys of data, where they are not the column's class
_KEYS = {
    "change": "percentChange24h", "hour": "percentChange1h", "week": "percentChange7d", "cap": "marketCap",
    "volume": "volume24h", "supply": "circulatingSupply",
}  # fmt: skip


def _rows(made: Made) -> list[Cells]:
    return [[(column, made.cell(column, coin)) for column in made.columns] for coin in made.coins]


def _table(made: Made, heads: bool = True) -> str:
    top = "".join(f"<th>{escape(made.head(c))}</th>" for c in made.columns)
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(words)}</td>' for _, words in cells)}</tr>" for cells in _rows(made)
    )
    return f"<table>{f'<thead><tr>{top}</tr></thead>' if heads else ''}<tbody>{body}</tbody></table>"


def _classed(made: Made, outer: str, row: str, cell: str) -> str:
    """Boxes whose classes say what they hold."""
    body = "".join(
        f'<{row} class="item">'
        + "".join(f'<{cell} class="{HEADS[c][-1]}">{escape(words)}</{cell}>' for c, words in cells)
        + f"</{row}>"
        for cells in _rows(made)
    )
    return f"<{outer}>{body}</{outer}>"


def _icons(made: Made) -> str:
    """Changes without a sign, and an icon that says it."""
    rows = []
    for cells in _rows(made):
        said = []
        for _, words in cells:
            icon = (
                f'<i class="icon-caret-{"down" if words[0] == "-" else "up"}"></i>'
                if words[0] in "+-"
                else ""
            )
            said.append(f"<span>{icon}{escape(words.lstrip('+-'))}</span>")
        rows.append(f"<li>{''.join(said)}</li>")
    return f"<ul>{''.join(rows)}</ul>"


def _unboxed(made: Made) -> str:
    return (
        "<section>" + "".join(f"<p>{escape(w)}</p>" for cells in _rows(made) for _, w in cells) + "</section>"
    )


def _data(made: Made) -> str:
    """A list of objects in a script."""

    def value(column: str, coin: Coin) -> object:
        if column in ("name", "symbol", "rank"):
            return made.cell(column, coin)
        return float(coin.figures[column])

    objects = [
        {"symbol": coin.symbol, **{_KEYS.get(c, HEADS[c][-1]): value(c, coin) for c in made.columns}}
        for coin in made.coins
    ]
    return f'<script type="application/json">{json.dumps({"props": {"list": objects}}, ensure_ascii=False)}</script>'


def _lines(made: Made, between: str, heads: bool = False, before: str = "", after: str = "\n") -> str:
    top = [[(c, made.head(c)) for c in made.columns]] if heads else []
    return "".join(before + between.join(w for _, w in cells) + after for cells in [*top, *_rows(made)])


def _pipes(made: Made) -> str:
    top, _, rest = _lines(made, " | ", heads=True, before="| ", after=" |\n").partition("\n")
    return f"{top}\n|{'---|' * len(made.columns)}\n{rest}"


MARKUP: dict[str, Callable[[Made], str]] = {
    "table": _table,
    "table without heads": lambda made: _table(made, heads=False),
    "list with classes": lambda made: _classed(made, "ul", "li", "span"),
    "boxes with classes": lambda made: _classed(made, "div", "div", "div"),
    "list with icons": _icons,
    "no boxes": _unboxed,
    "data": _data,
}
TEXT: dict[str, Callable[[Made], str]] = {
    "a cell a line": lambda made: _lines(made, "\n"),
    "heads a line each": lambda made: _lines(made, "\n", heads=True),
    "a row a line": lambda made: _lines(made, " "),
    "tabs": lambda made: _lines(made, "\t", heads=True),
    "pipes": _pipes,
    "bullets": lambda made: _lines(made, " · ", before="• "),
    "one line": lambda made: _lines(made, " ", after=" "),
}


HEADED = ("table", "data", "heads a line each", "tabs", "pipes")


def page(made: Made, print_: str) -> str:
    """A page with the list, in words of no meaning."""
    if print_ in MARKUP:
        title = f"<h2>{escape(made.words)}</h2>" if made.words else ""
        return (
            "<!doctype html><html><head><title>Evening edition</title></head><body><p>Rain is expected.</p>"
            f"{title}{MARKUP[print_](made)}<p>All rights reserved</p></body></html>"
        )
    title = f"{made.words}\n" if made.words else ""
    return f"Evening edition\n\nRain is expected.\n\n{title}{TEXT[print_](made)}\n\nAll rights reserved\n"
