"""Times that no page can have are no evidence; stores that hold such from before are drawn all the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from matplotlib.axes import Axes

import tracker
from tracker.clock.ladder import settle
from tracker.clock.plausible import plausible, plausible_span
from tracker.model import Block, Page

NOW = datetime(2026, 5, 1, tzinfo=UTC)
ROWS = "비트코인\n8,692,000\n-1.52%\n이더리움\n173,900\n-1.53%\n"
LIST = "<ul><li>비트코인 97,350,000원 -1.25%</li><li>이더리움 5,123,000원 +0.41%</li><li>리플 812원 +0.4%</li></ul>"
KINDS = ("history", "indexed", "movers", "heatmap", "change", "coverage")


def at(year: int) -> datetime:
    return datetime(year, 3, 1, tzinfo=UTC)


# what is told of the page, what stands above its rows -> basis, year, flagged
TOLD: list[tuple[dict[str, Any], str, str, int | None, bool]] = [
    ({"captured_at": at(9999)}, "", "none", None, True),
    ({"captured_at": at(2031)}, "", "none", None, True),
    ({"captured_at": at(1980)}, "", "none", None, True),
    ({"captured_at": at(9999)}, "2019-12-03 16:35 기준\n", "stated", 2019, True),
    ({"captured_at": at(9999)}, "입력 2019-12-03 16:35\n", "published", 2019, True),
    ({"captured_at": at(9999), "published_at": at(2018)}, "", "published", 2018, True),
    ({"published_at": at(2031)}, "", "none", None, True),
    ({"published_at": at(2031)}, "입력 2019-12-03 16:35\n", "published", 2019, True),
    ({"captured_at": at(2020), "published_at": at(2031)}, "", "capture", 2020, True),
    ({"captured_at": at(2020)}, "2031-12-03 16:35 기준\n", "capture", 2020, True),
    ({}, "2031-12-03 16:35 기준\n", "none", None, True),
    ({}, "2031-12-03 기준\n", "none", None, True),
    ({}, "입력 2031-12-03 16:35\n", "none", None, True),
    ({"given_at": at(2031)}, "", "given", 2031, False),  # whoever vouches for it is believed
    ({"captured_at": at(2020)}, "", "capture", 2020, False),
    ({"captured_at": NOW + timedelta(hours=23)}, "", "capture", 2026, False),  # a clock that runs ahead
]


@pytest.mark.parametrize(("known", "head", "basis", "year", "flagged"), TOLD)
def test_what_no_page_can_have_is_no_evidence(
    known: dict[str, Any], head: str, basis: str, year: int | None, flagged: bool
) -> None:
    page = Page(head + ROWS, "x", **known)
    found = settle(page, 0, len(page.text), at=len(head), now=NOW)
    assert (found.basis, found.at and found.at.year) == (basis, year)
    assert ("time-implausible" in found.flags) == flagged
    span = plausible_span(NOW)
    assert all(when is None or plausible(when, span) for when in (found.published_at, found.captured_at))


def block_of(year: int, when: datetime) -> Block:
    """A block as it was stored before such times were refused."""
    page = Page(LIST.replace("<li>", "\n").replace("</li>", ""), f"p{year}", url=f"https://x.co.kr/{year}")
    block = next(block for block in tracker.find(page) if block.quotes)
    return replace(block, observed_at=when, captured_at=when, time_basis="capture")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("implausible") / "old.duckdb"
    with tracker.Store(path) as made:
        made.add(
            [block_of(year, at(year)) for year in (1, 1980, 2018, 2019, 2020, 2031, 9999) if year != 2031]
        )
        made.add([block_of(2031, datetime.now(UTC) + timedelta(days=400))])
    return path


def test_the_latest_is_the_last_that_can_be(store: Path) -> None:
    with tracker.Store(store) as kept:
        assert {row["observed_at"].year for row in kept.latest()} == {2020}


@pytest.mark.parametrize("kind", KINDS)
def test_a_chart_leaves_out_what_cannot_be(store: Path, kind: str) -> None:
    with tracker.Store(store) as kept:
        drawn = tracker.plot(kept.quotes(), kind=kind)
    figure = drawn.figure if isinstance(drawn, Axes) else drawn
    assert figure is not None and figure.axes


def test_the_report_is_written_all_the_same(store: Path) -> None:
    from tracker.report.page import render

    with tracker.Store(store) as kept:
        page = render(kept.quotes())
    assert "2020-03-01" in page and "9999-03-01" not in page
