"""Makes tracker/coins/costs.txt.gz, what coins cost in each week: python -m bench.tables.costs COINS.csv RATES.csv

COINS.csv: week (its Monday), symbol, low_usd, high_usd; RATES.csv: month, currency, low_per_usd, high_per_usd. The file
has a line a coin and a line a currency: name, first week or month, then `low high` for each, `-` where nothing is known.
Small because consecutive figures are alike; the same tables give the same bytes.
"""

from __future__ import annotations

import csv
import gzip
import sys
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path

OUT = Path(__file__).parents[2] / "tracker" / "coins" / "costs.txt.gz"


def lines(path: Path, columns: tuple[str, str, str, str], step: str) -> list[str]:
    """A line a series: name, first period, `low high` of each period."""
    series: dict[str, dict[str, str]] = defaultdict(dict)
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            when, name, low, high = (row[column] for column in columns)
            series[name][when] = f"{float(low):.4g} {float(high):.4g}"
    made = []
    for name in sorted(series):
        known = series[name]
        periods = _weeks(min(known), max(known)) if step == "week" else _months(min(known), max(known))
        made.append(f"{name},{min(known)},{','.join(known.get(period, '-') for period in periods)}")
    return made


def _weeks(first: str, last: str) -> list[str]:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return [(start + timedelta(weeks=n)).isoformat() for n in range((end - start).days // 7 + 1)]


def _months(first: str, last: str) -> list[str]:
    start, end = (int(m[:4]) * 12 + int(m[5:7]) - 1 for m in (first, last))
    return [f"{n // 12}-{n % 12 + 1:02}" for n in range(start, end + 1)]


def main(coins: str, rates: str) -> None:
    found = lines(Path(coins), ("week", "symbol", "low_usd", "high_usd"), "week")
    found += lines(Path(rates), ("month", "currency", "low_per_usd", "high_per_usd"), "month")
    OUT.write_bytes(gzip.compress("\n".join(found).encode(), 9, mtime=0))
    print(f"{OUT.name}: {len(found)} series, {OUT.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(*sys.argv[1:])
