"""Evidence: figures that look like a list of prices and are none by what the coins cost. Texts of our own making."""

from __future__ import annotations

import pytest

from tracker.finder import examine
from tracker.model import Page

FANS = [("Bitcoin", "7,214,302", "+1.20"), ("Ethereum", "3,811,204", "-0.40"), ("Solana", "2,114,870", "+3.10"),
        ("Cardano", "1,402,551", "+0.20"), ("Dogecoin", "4,210,118", "-1.05")]  # fmt: skip


@pytest.mark.parametrize("between", ["\n", " ", " | "])
def test_bare_figures_that_no_week_and_no_currency_knows_are_no_prices(between: str) -> None:
    text = "How many follow each project\n" + "".join(
        f"{between.join((n, f, c + '%'))}\n" for n, f, c in FANS
    )
    verdict = examine(Page(text, "made"), [])
    assert not any(block.quotes for block in verdict.blocks)
    assert sum(len(block.refused) for block in verdict.blocks) >= len(FANS)
