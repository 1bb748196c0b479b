"""Lists of prices made for tests: the same rows printed in many ways, cell by cell, with what must come out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tracker.model import Quote


@dataclass(frozen=True)
class Row:
    """One coin as it is printed: figures as text with a decimal point and no groups, the changes signed."""

    name: str
    symbol: str
    price: str
    pct: str
    amount: str

    @property
    def truth(self) -> tuple[str, Decimal, Decimal, Decimal]:
        return self.symbol, Decimal(self.price), Decimal(self.pct), Decimal(self.amount)


# Prices and changes as on a day of 2024; the amount is what the percent makes of the price.
DOLLARS = (
    Row("Bitcoin", "BTC", "67123.45", "-1.20", "-815.26"),
    Row("Ethereum", "ETH", "3512.20", "+0.40", "+13.99"),
    Row("Solana", "SOL", "172.44", "-2.32", "-4.10"),
    Row("Dogecoin", "DOGE", "0.1587", "+0.51", "+0.0008"),
    Row("Cardano", "ADA", "0.4612", "-3.07", "-0.0146"),
)
WON = (
    Row("비트코인", "BTC", "92150000", "-1.52", "-1422000"),
    Row("이더리움", "ETH", "4812000", "+0.73", "+35000"),
    Row("리플", "XRP", "731", "-2.23", "-17"),
    Row("이더리움 클래식", "ETC", "41250", "-2.90", "-1230"),
    Row("에이다", "ADA", "641.5", "+1.88", "+11.8"),
)


def grouped(text: str, group: str = ",", mark: str = ".") -> str:
    """`-1234.5` -> `-1,234.5`, or with other marks."""
    sign = text[0] if text[0] in "+-" else ""
    whole, dot, fraction = text.removeprefix(sign).partition(".")
    return sign + f"{int(whole):,}".replace(",", group) + (mark + fraction if dot else "")


def comma(text: str) -> str:
    """`-1234.5` -> `-1.234,5`."""
    return grouped(text, ".", ",")


def arrows(text: str) -> str:
    return text.replace("-", "▼").replace("+", "▲")


@dataclass(frozen=True)
class Made:
    """A way to print a list.

    cells         the cells of one row, from its number and the row
    between       what stands between two cells; after: behind the last cell of a row
    above         what stands above the list
    """

    id: str
    rows: tuple[Row, ...]
    cells: Callable[[int, Row], list[str]]
    between: str
    after: str
    above: str = ""

    def pieces(self, size: int | None = None) -> list[str]:
        """Every cell of the first rows, with what stands behind it."""
        made: list[str] = []
        for number, row in enumerate(self.rows[:size], 1):
            cells = self.cells(number, row)
            made += [cell + self.between for cell in cells[:-1]] + [cells[-1] + self.after]
        return made

    def page(self, pieces: Iterable[str] | None = None) -> str:
        """A page with the list, or with what was made of it."""
        return f"Morning edition\n\n{self.above}{''.join(pieces or self.pieces())}\n\nAll rights reserved\n"


MADE = (
    Made("stacked", DOLLARS, lambda n, r: [r.name, f"${grouped(r.price)}", f"{r.pct}%"], "\n", "\n"),
    Made("bullets", DOLLARS, lambda n, r: [f" • {r.name}", f" • {grouped(r.price)}", f" • {r.pct}%"], "\n", "\n"),
    Made("ranked", DOLLARS, lambda n, r: [str(n), r.name, r.symbol, f"${grouped(r.price)}", f"{r.pct}%"], "\n", "\n"),
    Made("stacked-won", WON, lambda n, r: [r.name, f"{grouped(r.price)}원", f"{r.pct}%"], "\n", "\n"),
    Made("amount", DOLLARS, lambda n, r: [r.name, grouped(r.price), grouped(r.amount), f"{r.pct}%"], "\n", "\n"),
    Made("bracket", DOLLARS, lambda n, r: [r.name, grouped(r.price), f"{grouped(r.amount)} ({r.pct}%)"], "\n", "\n"),
    Made("row-a-line", DOLLARS, lambda n, r: [r.name, f"${grouped(r.price)}", f"{r.pct}%"], " ", "\n"),
    Made("ticker", DOLLARS, lambda n, r: [f"{r.name} ({r.symbol})", f"${grouped(r.price)}", f"{r.pct}%"], " ", "\n"),
    Made("row-a-line-won", WON, lambda n, r: [r.name, grouped(r.price), f"{r.pct}%"], " ", "\n"),
    Made("change-first", DOLLARS, lambda n, r: [r.name, f"{r.pct}%", f"${grouped(r.price)}"], " ", "\n"),
    Made("change-first-stacked", DOLLARS, lambda n, r: [r.name, f"{r.pct}%", f"${grouped(r.price)}"], "\n", "\n"),
    Made("tabs", DOLLARS, lambda n, r: [r.symbol, grouped(r.price), f"{r.pct}%"], "\t", "\n"),
    Made("pipe", DOLLARS, lambda n, r: [f"| {r.name}", f"${grouped(r.price)}", f"{r.pct}% |"], " | ", "\n"),
    Made("pipe-head", DOLLARS, lambda n, r: [f"| {n}", r.name, f"${grouped(r.price)}", f"{r.pct}% |"], " | ", "\n",
         "| # | Name | Price | 24h % |\n|---|---|---|---|\n"),
    Made("pipe-cap", DOLLARS, lambda n, r: [f"| {r.name}", f"${grouped(r.price)}", f"{r.pct}%", f"${n}.3B |"],
         " | ", "\n", "| Name | Price | 24h % | Market Cap |\n|---|---|---|---|\n"),
    Made("one-line", DOLLARS, lambda n, r: [r.name, f"${grouped(r.price)}", f"{r.pct}%"], " ", " "),
    Made("one-line-won", WON, lambda n, r: [r.name, f"{grouped(r.price)}원", f"{r.pct}%"], " ", " "),
    Made("one-line-pipes", DOLLARS, lambda n, r: [r.symbol, f"${grouped(r.price)}", f"{r.pct}%"], " ", " | "),
    Made("glued", DOLLARS, lambda n, r: [r.name + r.symbol, f"${grouped(r.price)}", f"{r.pct}%"], "", ""),
    Made("glued-won", WON, lambda n, r: [r.name, f"{grouped(r.price)}원", f"{r.pct}%"], "", "\n"),
    Made("euro", DOLLARS, lambda n, r: [r.name, f"{comma(r.price)} €", f"{comma(r.pct)} %"], "\n", "\n"),
    Made("french", DOLLARS, lambda n, r: [r.name, grouped(r.price, "\u202f", ","), f"{comma(r.pct)} %"], "\n", "\n"),
    Made("triangles", WON, lambda n, r: [r.name, grouped(r.price), f"{arrows(r.pct)}%"], " ", "\n"),
)  # fmt: skip
BY_ID = {made.id: made for made in MADE}


def edits(pieces: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Every list that one accident makes of a list: a cell lost, doubled, swapped with its neighbour or emptied,
    the list cut at either end, a line of something else in between."""
    whole = list(pieces)
    for i, piece in enumerate(whole):
        yield f"lost {i}", whole[:i] + whole[i + 1 :]
        yield f"doubled {i}", whole[: i + 1] + whole[i:]
        yield f"emptied {i}", [*whole[:i], "-" + (piece[-1] if piece[-1].isspace() else " "), *whole[i + 1 :]]
        yield f"swapped {i}", [*whole[:i], *reversed(whole[i : i + 2]), *whole[i + 2 :]]
        yield f"cut before {i}", whole[i:]
        yield f"cut behind {i}", whole[: i + 1]
        for stray in ("Read more about it here\n", "\nAdvertisement\n"):
            yield f"{stray.strip()} {i}", [*whole[:i], stray, *whole[i:]]


def untrue(quotes: Iterable[Quote], rows: Sequence[Row]) -> list[tuple[str | None, ...]]:
    """The quotes that are no row of the list: another coin's figure, or one that stands nowhere. A change that is
    null is a loss and no untruth; a row without its name is true if its figures are."""
    truths = [row.truth for row in rows]
    return [
        (quote.symbol, str(quote.price), str(quote.change_pct), str(quote.change_abs))
        for quote in quotes
        if not any(
            (quote.symbol == symbol or quote.name is None)
            and quote.price == price
            and quote.change_pct in (pct, None)
            and quote.change_abs in (amount, None)
            for symbol, price, pct, amount in truths
        )
    ]
