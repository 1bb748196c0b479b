"""What coins cost: the built-in weeks, a user's own table on top, and what is no such table."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tracker.coins import costs
from tracker.errors import AtlasError
from tracker.market import atlas

DAYS = "day,symbol,low_usd,high_usd,seen\n2019-12-03,BTC,7100,7400,x\n2026-06-01,BTC,70000,71000,x\n2026-06-01,NEW,1,2,x\n"


def own(folder: Path, text: str) -> Path:
    path = folder / "own.csv"
    path.write_text(text, "utf-8")
    return path


def test_the_built_in_weeks() -> None:
    built = atlas.load()
    rows = [*built.costs(["BTC", "NOSUCH"])]
    assert built.step == 7 and {symbol for symbol, *_ in rows} == {"BTC"}
    assert all(day.weekday() == 0 and 0 < low <= high for _, day, low, high in rows)


def test_days_of_ones_own_stand_in_the_place_of_those_of_a_week(tmp_path: Path) -> None:
    extended = atlas.load(own(tmp_path, DAYS))
    rows = {(symbol, day): (low, high) for symbol, day, low, high in extended.costs(["BTC", "NEW"])}
    week = rows["BTC", date(2019, 12, 2)]
    assert extended.step == 1 and week == rows["BTC", date(2019, 12, 4)] != rows["BTC", date(2019, 12, 3)]
    assert rows["BTC", date(2019, 12, 3)] == (7100, 7400)
    assert rows["BTC", date(2026, 6, 1)] == (70000, 71000) and rows["NEW", date(2026, 6, 1)] == (1, 2)
    assert extended.name != atlas.load().name


WRONG = {
    "no head": "when,symbol,low_usd,high_usd\n",
    "no day": "day,symbol,low_usd,high_usd\nsoon,BTC,1,2\n",
    "no figure": "day,symbol,low_usd,high_usd\n2019-12-03,BTC,one,2\n",
    "cut off": "day,symbol,low_usd,high_usd\n2019-12-03,BTC\n",
    "no coin": "day,symbol,low_usd,high_usd\n2019-12-03,,1,2\n",
    "upside down": "day,symbol,low_usd,high_usd\n2019-12-03,BTC,2,1\n",
    "endless": "day,symbol,low_usd,high_usd\n2019-12-03,BTC,1,inf\n",
    "no Monday": "week,symbol,low_usd,high_usd\n2019-12-03,BTC,1,2\n",
}


@pytest.mark.parametrize("kind", WRONG)
def test_what_is_no_such_table_is_said_in_one_line(tmp_path: Path, kind: str) -> None:
    with pytest.raises(AtlasError) as caught:
        atlas.load(own(tmp_path, WRONG[kind]))
    assert "own.csv:" in str(caught.value) and "\n" not in str(caught.value)


def test_a_file_that_is_not_there() -> None:
    with pytest.raises(AtlasError, match="cannot be read"):
        atlas.load(Path("nowhere.csv"))


@pytest.mark.parametrize(
    ("day", "most"), [(date(2018, 1, 8), 1.55), (date(2021, 4, 12), 1.25), (date(2019, 12, 2), 1.12)]
)
def test_the_premium_of_the_won_is_counted_in(day: date, most: float) -> None:
    """A dollar is dearer in won where its market is closed: up to about 50 % in January 2018, 20 % in spring 2021."""
    known = {monday: (low, high) for _, monday, low, high in atlas.load().rates(["KRW"])}
    rate = {monday: high for monday, _, high in costs.rates("KRW")}
    assert known[day][1] == pytest.approx(rate[day]) and rate[day] / known[day][0] > most


def test_elsewhere_a_premium_of_seven_percent_is_allowed() -> None:
    assert {(low, high) for _, _, low, high in atlas.load().rates(["USD"])} == {(0.98, 1.07)}
