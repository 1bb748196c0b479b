"""What coins cost in each period, in which money: the built-in weeks, and a user's own table on top. Pure but for its file.

A user's table is CSV: `week` (its Monday) or `day`, `symbol`, `low_usd`, `high_usd`; other columns are left alone. Where it
has a coin in a period, it stands in the place of the built-in table. With days in it, every week is seven days.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from math import isfinite
from pathlib import Path

from ..coins import costs
from ..errors import AtlasError
from .margins import ABOVE, BELOW

NEEDED = ("symbol", "low_usd", "high_usd")
Periods = dict[tuple[str, date], tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Atlas:
    """What coins cost.

    step  the days that a period has: 7 or 1; a week begins on its Monday
    own   a user's table: (symbol, first day) -> lowest and highest price in dollars
    name  changes when what is known changes
    """

    step: int
    own: Periods
    name: str

    def costs(self, symbols: Iterable[str]) -> Iterator[tuple[str, date, float, float]]:
        """Symbol, first day, lowest and highest price in dollars, of these coins as far as they are known."""
        for symbol in symbols:
            for monday, low, high in costs.weekly(symbol):
                for n in range(0, 7, self.step):
                    day = monday + timedelta(days=n)
                    yield symbol, day, *self.own.get((symbol, day), (low, high))
        asked = {*symbols}
        built = {(symbol, monday) for symbol in asked for monday, *_ in costs.weekly(symbol)}
        for (symbol, day), span in self.own.items():
            if symbol in asked and (symbol, day - timedelta(days=day.weekday())) not in built:
                yield symbol, day, *span

    def coins(self) -> tuple[str, ...]:
        """Every coin that is known."""
        return (*dict.fromkeys((*costs.symbols(), *(symbol for symbol, _ in self.own))),)

    def rates(self, currencies: Iterable[str]) -> Iterator[tuple[str, date, float, float]]:
        """Currency, Monday, the least and the most units for a dollar that a site may have counted, premia included."""
        for currency in currencies:
            above = max(1.0, (1 + ABOVE) / (1 + costs.PREMIUM.get(currency, 0.0)))
            for monday, low, high in costs.rates(currency):
                yield currency, monday, low * (1 - BELOW), high * above


def load(extra: Path | None = None) -> Atlas:
    """The built-in table, and a user's on top. AtlasError names the file and the line of what cannot be used."""
    if extra is None:
        return Atlas(7, {}, costs.edition())
    step, own, mark = _read(extra)
    return Atlas(step, own, f"{costs.edition()} {mark}")


def _read(path: Path) -> tuple[int, Periods, str]:
    """The days of its periods, what coins cost in them, and a digest of the file."""
    try:
        data = path.read_bytes()
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise AtlasError(str(path), f"cannot be read: {error.strerror}", "name a CSV file") from error
    except UnicodeDecodeError as error:
        raise AtlasError(str(path), "is not UTF-8", "save it as UTF-8") from error
    reader = csv.DictReader(text.splitlines())
    head = reader.fieldnames or ()
    period = next((name for name in ("week", "day") if name in head), None)
    if period is None or not set(NEEDED) <= set(head):
        raise _wrong(
            path, 1, "is no head of such a table", f"name the columns week or day, {', '.join(NEEDED)}"
        )
    step = 7 if period == "week" else 1
    own = {}
    for row in reader:
        try:
            first, low, high = date.fromisoformat(row[period]), float(row["low_usd"]), float(row["high_usd"])
        except (TypeError, ValueError):
            raise _wrong(
                path, reader.line_num, "holds no day or no figures", "write 2026-04-06,BTC,61000,64000"
            ) from None
        if not (0 < low <= high and isfinite(high)):
            raise _wrong(
                path, reader.line_num, f"{low:g} to {high:g} is no span", "the lower price comes first"
            )
        if not (row["symbol"] or "").strip():
            raise _wrong(path, reader.line_num, "names no coin", "write its ticker under symbol")
        if step == 7 and first.weekday():
            raise _wrong(
                path,
                reader.line_num,
                f"{first} is no Monday",
                "weeks begin on Monday; or call the column day",
            )
        own[(row["symbol"] or "").strip().upper(), first] = low, high
    return step, own, hashlib.blake2b(data, digest_size=8).hexdigest()


def _wrong(path: Path, line: int, reason: str, remedy: str) -> AtlasError:
    return AtlasError(f"{path}:{line}", reason, remedy)
