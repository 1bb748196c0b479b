"""MHTML and HAR: each body a page with its own address and time, and what a broken file costs."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from files import make
from hypothesis import given
from hypothesis import strategies as st

from tracker.errors import SourceError
from tracker.model import Page
from tracker.pages import Intake, Source, pages, read

NOT_SAVED = "its body was not saved, or is damaged"

# file: its bytes; the pages by number, address and second of capture; what is said
SAVED: dict[str, tuple[bytes, list[tuple[int, str, int]], list[str]]] = {
    "x.mhtml": (
        make.mhtml(),
        [(1, "https://www.a.kr/1", 1), (3, "https://b.kr/2", 1), (4, "https://www.a.kr/3", 1)],
        [],
    ),
    "x.har": (
        make.har(),
        [(1, "https://www.a.kr/1", 1), (3, "https://www.a.kr/3", 3), (4, "https://www.a.kr/4", 4)],
        [NOT_SAVED],
    ),
}
FORMS = {name: (name, SAVED[name][0]) for name in SAVED} | {
    "packed": ("x.mhtml", make.gz(make.mhtml())),
    "without an ending": ("x.mhtml", make.mhtml()),
    "by content": ("x.har", make.har()),
}
BROKEN = {
    "cut off": ("x.mhtml", make.mhtml()[:-60], "cut off"),
    "cut off in JSON": ("x.har", make.har()[:-60], "is no HAR file, or is cut off"),
    "no HAR": ("x.har", b"[1]", "is no HAR file, or is cut off"),
    "JSON without end": ("x.har", b"[" * 100_000, "is no HAR file, or is cut off"),
}


def met(path: Path) -> tuple[list[Page], list[str]]:
    errors: list[SourceError] = []
    return list(pages(path, on_skip=errors.append)), [error.reason for error in errors]


@pytest.mark.parametrize("form", FORMS)
def test_each_body_is_a_page_with_its_address_and_time(form: str, tmp_path: Path) -> None:
    name, data = FORMS[form]
    path = tmp_path / {"without an ending": "x", "by content": "x.json"}.get(form, name)
    path.write_bytes(data)
    found, reasons = met(path)
    told = [(int(page.source.rpartition("#")[2]), page.url) for page in found]
    assert (told, reasons) == ([(number, url) for number, url, _ in SAVED[name][1]], SAVED[name][2])
    assert [page.captured_at for page in found] == [
        datetime(2024, 3, 30, 1, 0, second, tzinfo=UTC) for *_, second in SAVED[name][1]
    ]
    assert [page.text.strip() for page in found] == [make.BLOCK, make.BLOCK, '{"BTC": 1}']
    assert [list(pages(page.source)) for page in found] == [[page] for page in found]


@pytest.mark.parametrize("name", SAVED)
def test_only_wanted_pages_are_given_and_all_are_counted(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(SAVED[name][0])
    every, some = Intake(), Intake(wanted=lambda data: b"XRP" in data)
    source = Source(str(tmp_path / name))
    assert (len(list(read(source, every))), len(list(read(source, some)))) == (3, 2)
    assert every.pages == some.pages


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_one_line(name: str, tmp_path: Path) -> None:
    file, data, reason = BROKEN[name]
    (tmp_path / file).write_bytes(data)
    with pytest.raises(SourceError, match=reason):
        list(pages(tmp_path / file))


@pytest.mark.parametrize("name", SAVED)
@pytest.mark.parametrize("record", ["2", "99", "x"])
def test_what_is_no_page_is_said_to_be_none(name: str, record: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(SAVED[name][0])
    with pytest.raises(SourceError, match=r"no page has this number|no number of a record"):
        list(pages(f"{tmp_path / name}#{record}"))


@given(st.sampled_from(sorted(SAVED)), st.integers(0, 3000), st.binary(max_size=9))
def test_no_saved_page_is_too_strange(
    tmp_path_factory: pytest.TempPathFactory, name: str, place: int, data: bytes
) -> None:
    path = tmp_path_factory.mktemp("saved") / name
    whole = SAVED[name][0]
    path.write_bytes(whole[:place] + data + whole[place + len(data) :])
    met(path)


COMMENT = "<!--\n Page saved with SingleFile \n url: https://a.kr/?a=1&amp;b=2 \n saved date: {} \n-->"
SECOND = datetime(2024, 3, 30, 1, 0, 1, tzinfo=UTC)
DATES = {
    "Sat Mar 30 2024 10:00:01 GMT+0900 (한국 표준시)": SECOND,
    "Fri Mar 29 2024 20:00:01 GMT-0500 (Central Daylight Time)": SECOND,
    "Sat Mar 99 2024 10:00:01 GMT+0900": None,
}


@pytest.mark.parametrize("date", DATES)
def test_singlefile_says_where_and_when_a_page_was_saved(date: str, tmp_path: Path) -> None:
    (tmp_path / "x.html").write_text(make.HTML.replace("<html>", f"<html>{COMMENT.format(date)}"), "utf-8")
    (page,) = pages(tmp_path / "x.html")
    assert (page.url, page.site, page.captured_at) == ("https://a.kr/?a=1&b=2", "a.kr", DATES[date])


def test_the_pages_own_address_comes_before_singlefiles(tmp_path: Path) -> None:
    comment = COMMENT.format(next(iter(DATES)))
    own = '<link rel="canonical" href="https://b.kr/1">'
    (tmp_path / "x.html").write_text(make.HTML.replace("<head>", f"{comment}<head>{own}"), "utf-8")
    (page,) = pages(tmp_path / "x.html")
    assert (page.url, page.captured_at) == ("https://b.kr/1", SECOND)
