"""Money whose rates the table of costs does not have: roughly what a dollar cost in it, official and on the street. Data.

Set down by hand, wide on purpose. Prices in such money may fit a currency of the table by chance, in some other week. So a
currency that nobody printed is inferred only where none of these fits as well (the dong of Vietnam and the rupiah are but a
factor of 1.5 apart), and one of these only where the page's own words speak of it.
"""

from __future__ import annotations

# currency -> (year from which on, units for a dollar, least and most) until the next
ROUGHLY: dict[str, tuple[tuple[int, float, float], ...]] = {
    "VND": ((2013, 20_800, 23_500), (2020, 22_500, 25_000), (2023, 23_300, 27_000)),
    "TWD": ((2013, 27.4, 34.5),),
    "AED": ((2013, 3.66, 3.69),),
    "SAR": ((2013, 3.73, 3.78),),
    "RUB": ((2022, 50, 140), (2023, 65, 120)),
    "UAH": ((2013, 8, 8.6), (2014, 8, 17), (2015, 15, 35), (2016, 22, 29.5), (2022, 27, 46)),
    "ARS": (
        (2013, 4.8, 10.5), (2014, 6.4, 16), (2015, 8.4, 16.5), (2016, 13, 17), (2017, 15, 20), (2018, 18, 43),
        (2019, 36, 82),
        (2020, 59, 200), (2021, 83, 215), (2022, 102, 365), (2023, 175, 1_070), (2024, 800, 1_520), (2025, 1_020, 1_700),
    ),
    "IRT": (
        (2013, 2_800, 3_900), (2016, 3_300, 4_300), (2018, 4_200, 19_500), (2019, 10_500, 15_500), (2020, 13_000, 33_000),
        (2021, 21_000, 31_500), (2022, 25_500, 45_500), (2023, 38_000, 61_000), (2024, 48_000, 83_000),
        (2025, 78_000, 150_000), (2026, 110_000, 250_000),
    ),
    "NGN": (
        (2013, 154, 190), (2015, 180, 270), (2016, 195, 500), (2017, 304, 520), (2018, 355, 375), (2020, 358, 490),
        (2021, 378, 580), (2022, 413, 800), (2023, 440, 1_250), (2024, 840, 1_950), (2025, 1_330, 1_750),
    ),
}  # fmt: skip
