"""Small whole pages -> the time of their list, on what evidence, and the article's date: each a case of pages.jsonl."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import tracker
from tracker.model import Page
from tracker.pages import document

CASES = [json.loads(line) for line in (Path(__file__).parent / "pages.jsonl").read_text("utf-8").splitlines()]
ENGLISH = ("Bitcoin $67,350 -1.25%", "Ethereum $3,123 +0.41%", "XRP $0.51 +0.4%")
KOREAN = ("비트코인 97,350,000원 -1.25%", "이더리움 5,123,000원 +0.41%", "리플 812원 +0.4%")
LISTS = {
    "{en}": "<ul>" + "".join(f"<li>{row}</li>" for row in ENGLISH) + "</ul>",
    "{ko}": "<ul>" + "".join(f"<li>{row}</li>" for row in KOREAN) + "</ul>",
    "{rows}": "".join(f"<tr><td>{'</td><td>'.join(row.split())}</td></tr>" for row in ENGLISH),
}


def page_of(case: dict[str, Any]) -> Page:
    """The page of a case, as if read from a file without a name or an address that tells."""
    body = case["body"]
    for mark, rows in LISTS.items():
        body = body.replace(mark, rows)
    html = f'<!doctype html><html lang="{case["lang"]}"><head><title>Markets</title></head><body>{body}</body></html>'
    page = document.from_text(html, Page("", "a page"), markup=True)
    captured = datetime.fromisoformat(case["captured"]) if case["captured"] else None
    return replace(page, captured_at=captured)


def minute(when: datetime | None) -> str | None:
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M") if when else None


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_a_time_belongs_to_the_item_it_stands_in(case: dict[str, Any]) -> None:
    block = next(block for block in tracker.find(page_of(case)) if block.quotes)
    basis = None if block.time_basis == "none" else block.time_basis
    assert (basis, minute(block.observed_at), minute(block.published_at)) == (
        case["basis"],
        case["observed"],
        case["published"],
    )
