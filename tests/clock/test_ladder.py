"""Which time a block belongs to: printed dates, the ladder of evidence, times given by users and file names."""

from __future__ import annotations

import contextlib
import re
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from at_length import some
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.clock import article
from tracker.clock import ladder as clock
from tracker.clock.ladder import Reading, TimeMarks, parse_time, settle, stamp_in_name, zone_named
from tracker.clock.stamps import time_in_name, vouched
from tracker.errors import TimeError
from tracker.model import TIME_BASES, Page
from tracker.printed import zones
from tracker.printed.dates import Printed, compiled, date_of, dates_in
from tracker.printed.zones import zone_called

SEOUL = ZoneInfo("Asia/Seoul")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def spelled(found: Printed) -> str:
    """`2019-12-03 16:35:00 Asia/Seoul`, with `?` for what was not printed."""
    day = f"{found.year or '????'}-{found.month:02}-{found.day:02}"
    zone = "shared" if found.zone_shared else str(found.zone or "")
    return " ".join(part for part in (day, str(found.clock or ""), zone) if part)


# ---------------------------------------------------------------- printed dates -> parts

KOREAN = {
    "2019-12-03 16:35": "2019-12-03 16:35:00",
    "2019.12.03. 오후 4:35": "2019-12-03 16:35:00",
    "2019.12.03 오전 12:05": "2019-12-03 00:05:00",
    "2019년 12월 3일 16시 35분": "2019-12-03 16:35:00",
    "2019년12월3일 오후 4시 35분 10초": "2019-12-03 16:35:10",
    "2019/12/03 16:35:00": "2019-12-03 16:35:00",
    "2019.12.03 (화) 16:35": "2019-12-03 16:35:00",
    "2019. 12. 3. 화요일 16:35": "2019-12-03 16:35:00",
    "2019.12.03.16:35": "2019-12-03 16:35:00",
    "2019.12.0316:35": "2019-12-03 16:35:00",
    "2019-12-03 [16:35]": "2019-12-03 16:35:00",
    "2019-12-03 화웨이": "2019-12-03",
    "송고시간2019-12-03 16:35": "2019-12-03 16:35:00",
    "12월 3일 16:35": "????-12-03 16:35:00",
    "12월 3일 16시 기준": "????-12-03 16:00:00",
    "12/03 16:35": "????-12-03 16:35:00",
    "05.21 (화)": "????-05-21",
    "2026년 03월 19일 목요일": "2026-03-19",
    "2019-12-03 16:35 (KST)": "2019-12-03 16:35:00 Asia/Seoul",
    "12월 3일 12시간": "????-12-03",
}
JAPANESE = {
    "10/8 19:32:13": "????-10-08 19:32:13",
    "10/8(火) 19:32配信": "????-10-08 19:32:00",
    "2019年10月8日 19:32": "2019-10-08 19:32:00",
    "2019年10月8日（火）午後7時32分": "2019-10-08 19:32:00",
    "2019年10月8日 火曜日 19時32分 JST": "2019-10-08 19:32:00 Asia/Tokyo",
}
ENGLISH = {
    "Dec 3, 2019 4:35 PM ET": "2019-12-03 16:35:00 America/New_York",
    "Dec. 3rd, 2019 at 4:35 p.m. EST": "2019-12-03 16:35:00 America/New_York",
    "December 3, 2019": "2019-12-03",
    "3 December 2019 16:35 GMT": "2019-12-03 16:35:00 UTC",
    "Tue 3 Dec 2019 16.35 GMT": "2019-12-03 16:35:00 UTC",
    "Tue, 03 Dec 2019 16:35:00 +0000": "2019-12-03 16:35:00 UTC",
    "03-Dec-2019 16:35 BST": "2019-12-03 16:35:00 Europe/London",
    "as of 10:00pm ET on Feb 27, 2024": "2024-02-27 22:00:00 America/New_York",
    "16:35, 3 December 2019": "2019-12-03 16:35:00",
    "10:13 AM EST, Tue December 3, 2019": "2019-12-03 10:13:00 America/New_York",
    "2019-12-03T16:35:00.123+09:00": "2019-12-03 16:35:00 UTC+09:00",
    "2019-12-03T16:35:00Z": "2019-12-03 16:35:00 UTC",
    "2019-12-03 16:35 UTC+9": "2019-12-03 16:35:00 UTC+09:00",
    "2019-12-03 16:35 CST": "2019-12-03 16:35:00 shared",
    "2019-12-03 16:35 -1.52%": "2019-12-03 16:35:00",
    "2019-12-03 16:35 +1200": "2019-12-03 16:35:00",
    "2019-12-03 16:35 +0115.5": "2019-12-03 16:35:00",
    "13/04/2019 10:00": "2019-04-13 10:00:00",
    "12/25/2019 4 PM": "2019-12-25 16:00:00",
    "03/03/2019": "2019-03-03",
}
EUROPEAN = {
    "03.12.2019 16:35 Uhr": "2019-12-03 16:35:00",
    "3. Dezember 2019 um 16:35 Uhr": "2019-12-03 16:35:00",
    "Dienstag, 3. März 2020, 16.35 Uhr": "2020-03-03 16:35:00",
    "3 décembre 2019 à 16h35": "2019-12-03 16:35:00",
    "3 de diciembre de 2019 a las 16:35": "2019-12-03 16:35:00",
    "1er février 2020": "2020-02-01",
}
NO_DATES = (
    "15:18:06", "Prices current around 8:20am AEDT.", "cryptocurrency data as of 10:00pm ET.", "오후 4:35",
    "03/04/2019", "03-04-2019 16:35", "19.12.03 16:35", "2019.12.03.1", "192.168.10.12", "2019-02-29", "2019-13-01",
    "10/8", "05.21", "24/7", "2/30 10:00", "20191203163500", "2023032713192849934", "ⓒ 2020", "Copyright 2013-2024",
    "2,745.82 9.29(-0.34%)", "1.2(-0.13%) 12.03 -1.5", "02-2019-1203", "31.12.2150", "1970-01-01 09:00",
    "9:10/8 19:32", "12/3/19 16:35", "3 Foo 2019", "Bitcoin 12, 2019",
)  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), [*{**KOREAN, **JAPANESE, **ENGLISH, **EUROPEAN}.items()])
def test_a_printed_date_is_read_as_printed(text: str, expected: str) -> None:
    assert [spelled(found) for found in dates_in(text, 0, len(text), month_first=True)] == [expected]


@pytest.mark.parametrize("text", NO_DATES)
def test_what_is_no_date_or_could_be_two_is_none(text: str) -> None:
    assert [spelled(found) for found in dates_in(text, 0, len(text), month_first=True)] == []


def test_a_yearless_pair_is_read_only_where_its_order_is_known() -> None:
    for text, expected in {
        "10/8 19:32": [],
        "10/28 19:32": ["????-10-28 19:32:00"],
        "28/10 19:32": ["????-10-28 19:32:00"],
    }.items():
        assert [spelled(found) for found in dates_in(text, 0, len(text))] == expected


def test_the_span_of_a_date_is_the_date() -> None:
    text = "2019.12.03 (화) 16:35 KST, Dec 4, 2019."
    assert [text[d.start : d.end] for d in dates_in(text, 0, len(text))] == [
        "2019.12.03 (화) 16:35 KST",
        "Dec 4, 2019",
    ]


def test_a_layouts_groups_make_a_date() -> None:
    pattern = re.compile(
        r"(?P<month>\w+) (?P<day>\d+) (?P<hour>\d+):(?P<minute>\d+) (?P<ampm>\S+) (?P<zone>\S+)"
    )
    caught = pattern.search("Dec 3 4:35 오후 KST")
    assert caught and (found := date_of(caught)) and spelled(found) == "????-12-03 16:35:00 Asia/Seoul"
    for wrong in ("Foo 3", "Dec 32", "Dec " + "9" * 5000):
        caught = pattern.search(wrong + " 4:35 오후 KST")
        assert caught and date_of(caught) is None


ZONES = {"KST": 9, "(jst)": 9, "UTC": 0, "gmt+5:30": 5.5, "+09:00": 9, "−0330": -3.5, "UTC-11": -11}  # fmt: skip


@pytest.mark.parametrize(("name", "hours"), ZONES.items())
def test_a_zone_is_known_by_its_name_or_offset(name: str, hours: float) -> None:
    zone = zone_called(name)
    assert zone and datetime(2019, 12, 3, tzinfo=zone).utcoffset() == timedelta(hours=hours)


@pytest.mark.parametrize("name", ["CST", "CT", "XYZ", "", "+99:00", "Asia/Seoul", "+9:60"])
def test_a_shared_or_unknown_zone_is_none(name: str) -> None:
    assert zone_called(name) is None


FORMS = (
    "%Y-%m-%d %H:%M:%S", "%Y.%m.%d. %H:%M:%S", "%Y년 %m월 %d일 %H시 %M분 %S초", "%Y年%m月%d日 %H:%M:%S",
    "%B %d, %Y %I:%M:%S %p", "%a, %d %b %Y %H:%M:%S", "%d.%m.%Y %H:%M:%S",
)  # fmt: skip


@settings(deadline=None)  # the machine may be busy
@given(st.datetimes(datetime(1990, 1, 1), datetime(2099, 12, 31)), st.sampled_from(FORMS))
def test_every_moment_is_read_back(when: datetime, form: str) -> None:
    when = when.replace(microsecond=0)
    text = f"x {when.strftime(form)} x"
    (found,) = dates_in(text, 0, len(text))
    day = found.day_in(when.year)
    assert found.year == when.year and day and found.moment(day, UTC, hour=0) == when.replace(tzinfo=UTC)


# ---------------------------------------------------------------- the ladder

ROWS = "비트코인\n8,692,000\n-1.52%\n이더리움\n173,900\n-1.53%\n"
ENGLISH_ROWS = "Bitcoin\n8,692,000\n-1.52%\nEthereum\n173,900\n-1.53%\n"
EBN = TimeMarks(
    "Asia/Seoul", today=(re.compile(r"^(?P<year>\d{4}) \| (?P<month>\d\d) \| (?P<day>\d\d)$", re.M),)
)
STAMP_OF_FISCO = r"(?P<month>\d+)/(?P<day>\d+) (?P<hour>\d+):(?P<minute>\d\d):(?P<second>\d\d)"
FISCO = TimeMarks("Asia/Tokyo", stated=(re.compile(STAMP_OF_FISCO),))


def reading(
    head: str,
    block: str,
    foot: str = "",
    marks: TimeMarks = clock.UNMARKED,
    url: str | None = None,
    **known: Any,
) -> Reading:
    """The reading of a block that stands between head and foot; its first quote is its first known coin."""
    quote = min((at for at in map(block.find, ("비트코인", "Bitcoin", "BTC")) if at >= 0), default=0)
    page = Page(head + block + foot, "a page", url=url, **known)
    return settle(page, len(head), len(head) + len(block), marks, len(head) + quote)


def told(found: Reading) -> str:
    """`stated 2019-12-03 07:35 zone-assumed`"""
    when = found.at.strftime("%Y-%m-%d %H:%M") if found.at else ""
    return " ".join(part for part in (found.basis, when, *found.flags) if part)


def test_the_first_page_rests_on_its_articles_date() -> None:
    text = (Path(__file__).parents[2] / "seeds" / "000_35ec38ae2d22f11d.txt").read_text("utf-8")
    start = text.index("실시간 암호화폐 시세")
    found = settle(Page(text, "seed"), start, len(text), TimeMarks(zone="Asia/Seoul"), text.index("비트코인"))
    assert found == Reading(utc("2019-12-03T07:35"), "published", (), utc("2019-12-03T07:35"))


def test_a_page_of_2018_with_prices_of_2024_rests_on_its_printed_day() -> None:
    block = "2024 | 03 | 29\n5.8℃\n코스피 2,745.82 9.29(-0.34%)\nBTC 100,703,000 1,134,000(1.14%)\n"
    found = reading("", block, "\n송고 2018.02.03 16:48 | 수정 2018.02.03 16:50", EBN)
    assert found == Reading(utc("2024-03-29T03:00"), "stated-day", (), utc("2018-02-03T07:48"))
    captured = reading("", block, "\n송고 2018.02.03 16:48", EBN, captured_at=utc("2024-03-29T08:00"))
    assert told(captured) == "capture 2024-03-29 08:00"


GIVEN, CAPTURED, MARKUP = utc("2020-01-01T00:00"), utc("2019-12-03T08:00"), utc("2019-12-02T00:00")
TOP, ARTICLE, STAMP = (
    "2019년 12월 03일 화요일\n메뉴\n",
    "입력 2019-12-01 10:00\n본문\n",
    "2019-12-03 16:35 기준\n",
)


def test_the_first_evidence_that_holds_wins() -> None:
    all_of_it: dict[str, Any] = {"given_at": GIVEN, "captured_at": CAPTURED}
    assert told(reading(TOP + ARTICLE, STAMP + ROWS, **all_of_it)) == "given 2020-01-01 00:00"
    assert told(reading(TOP + ARTICLE, STAMP + ROWS, captured_at=CAPTURED)) == "stated 2019-12-03 07:35"
    assert told(reading(TOP + ARTICLE, ROWS, captured_at=CAPTURED)) == "capture 2019-12-03 08:00"
    assert told(reading(TOP + ARTICLE, ROWS)) == "stated-day 2019-12-03 03:00"
    assert told(reading(ARTICLE, ROWS)) == "published 2019-12-01 01:00"
    assert told(reading("", ROWS)) == "none"


def test_the_articles_date_is_reported_whatever_the_block_rests_on() -> None:
    cases: list[dict[str, Any]] = [{}, {"given_at": GIVEN}, {"captured_at": CAPTURED}]
    for known in cases:
        assert reading(TOP + ARTICLE, STAMP + ROWS, **known).published_at == utc("2019-12-01T01:00")
    assert reading(ARTICLE, ROWS, published_at=MARKUP).published_at == MARKUP  # markup before text


# block, what is known -> stated (or what takes its place)
STATED = [
    ("실시간 시세\n2019.12.03 16:35\n" + ROWS, "stated 2019-12-03 07:35"),
    ("(2019-12-03 16:35:00)\n" + ROWS, "stated 2019-12-03 07:35"),
    ("2019.12.03 16:35 암호화폐 시세\n" + ROWS, "stated 2019-12-03 07:35"),  # in the heading
    (ROWS + "※ 빗썸, 2019년 12월 3일 오후 4시 35분 기준\n", "stated 2019-12-03 07:35"),
    (ROWS + "마지막 업데이트: 2019-12-03 16:35\n", "stated 2019-12-03 07:35"),
    (ENGLISH_ROWS + "*Stocks as of market close, crypto as of 10:00pm ET on Feb 27, 2024.", "stated 2024-02-28 03:00"),
    (ENGLISH_ROWS + "Last updated: Dec 3, 2019 4:35 PM EST\n", "stated 2019-12-03 21:35"),
    (ENGLISH_ROWS + "Last updated: Dec 3, 2019 4:35 PM\n", "stated 2019-12-03 16:35 zone-assumed"),
    (ENGLISH_ROWS + "Last updated: Dec 3, 2019 4:35 PM CST\n", "stated 2019-12-03 16:35 zone-assumed"),
    (ENGLISH_ROWS + "Stand: 03.12.2019 16:35 Uhr\n", "stated 2019-12-03 15:35 zone-assumed"),
    ("マーケット\n10/7 15:15\n38,937.54\nビットコイン\n2019/10/8 19:32:13\n" + ENGLISH_ROWS, "stated 2019-10-08 10:32"),
    ("2019-12-03 09:00\n코스피 2,084.07\n2019-12-03 16:35\n" + ROWS + "2019-12-03 18:00\n", "stated 2019-12-03 07:35"),
    ("시세\n비트코인 2019-12-03 16:35 8,692,000 -1.52%\n", "none"),  # a cell of a row
    ("입력 2019-12-03 16:35\n시세\n" + ROWS, "published 2019-12-03 07:35"),
    ("2019-12-03 16:35 입력\n시세\n" + ROWS, "published 2019-12-03 07:35"),
    ("최종편집시간 : 2018년 09월 26일 19:09\n" + ROWS, "none"),
    (ROWS + "15:18:06 - 실시간 데이터\n", "none"),
    (ENGLISH_ROWS + "Prices current around 8:20am AEDT.\n", "none"),
    (ENGLISH_ROWS + "cryptocurrency data as of 10:00pm ET.\n", "none"),
    (ENGLISH_ROWS + "Last updated: 03/04/2019 16:35\n", "none"),
    ("시세\n비트코인 현재가 2019-12-03 16:35 8,692,000\n", "none"),
    ("2005-01-01 09:00 기준\n" + ROWS, "none"),  # no price is older than bitcoin
]  # fmt: skip


@pytest.mark.parametrize(("block", "expected"), STATED)
def test_the_block_states_its_own_time(block: str, expected: str) -> None:
    assert told(reading("제목\n", block)) == expected


# the stamp, the capture, the article's date -> the reading. Stamps are Seoul's.
YEARLESS = [
    ("10/8 19:32:13", "2019-12-03T00:00", None, "stated 2019-10-08 10:32 time-conflict"),
    ("12/03 16:35", "2019-12-03T07:40", None, "stated 2019-12-03 07:35"),
    ("12/03 16:35", "2019-12-03T07:30", None, "stated 2019-12-03 07:35"),  # clocks differ by minutes
    ("12/03 16:35", "2019-12-03T07:00", None, "stated 2018-12-03 07:35 time-conflict"),
    ("12월 31일 23:50", "2020-01-01T00:30", None, "stated 2019-12-31 14:50"),
    (
        "1월 1일 08:25",
        "2019-12-31T23:30",
        None,
        "stated 2019-12-31 23:25",
    ),  # the new year came earlier in Seoul
    ("2/29 10:00", "2019-06-01T00:00", None, "stated 2016-02-29 01:00 time-conflict"),
    ("2/29 10:00", "1996-02-28T00:00", None, "capture 1996-02-28 00:00"),
    ("10/8 19:32:13", None, "2019-06-09T00:00", "stated 2019-10-08 10:32"),
    ("10/8 19:32:13", None, "2019-10-08T10:33", "stated 2019-10-08 10:32"),
    ("10/8 19:32:13", None, "2019-10-09T00:00", "stated 2020-10-08 10:32"),
    ("2/29 10:00", None, "2017-01-01T00:00", "stated 2020-02-29 01:00"),
    ("10/8 19:32:13", None, None, "none"),
    ("2/30 10:00", "2019-12-03T00:00", None, "capture 2019-12-03 00:00"),
]


@pytest.mark.parametrize(("stamp", "captured", "published", "expected"), YEARLESS)
def test_a_missing_year_is_found_or_the_stamp_does_not_hold(
    stamp: str, captured: str | None, published: str | None, expected: str
) -> None:
    known: dict[str, Any] = {
        "captured_at": captured and utc(captured),
        "published_at": published and utc(published),
    }
    found = reading("", f"시세\n{stamp}\n{ROWS}", **known)
    assert told(found) == expected


def test_a_local_time_read_as_utc_may_be_ahead_of_the_capture() -> None:
    found = reading("", "Dec 3 16:35\n" + ENGLISH_ROWS, captured_at=utc("2019-12-03T07:36"))
    assert told(found) == "stated 2019-12-03 16:35 zone-assumed"


APART = {
    "2019-12-04T07:35": False,
    "2019-12-04T07:36": True,
    "2019-12-02T07:35": False,
    "2019-12-02T07:34": True,
}


@pytest.mark.parametrize(("captured", "conflict"), APART.items())
def test_stated_and_captured_more_than_a_day_apart_conflict(captured: str, conflict: bool) -> None:
    found = reading("", STAMP + ROWS, captured_at=utc(captured))
    assert told(found) == "stated 2019-12-03 07:35" + " time-conflict" * conflict


def test_a_layouts_stamp_is_the_one_nearest_before_the_coin() -> None:
    block = "マーケット\n10/8 15:15:00\n38,937.54\n-395.20\n暗号資産\nBTC Index\n10/8 19:32:13\n9,256,015\n10/8 20:00:00\n"
    found = reading("2019年6月9日\n", block, marks=FISCO, captured_at=utc("2019-10-08T12:00"))
    assert told(found) == "stated 2019-10-08 10:32"


STATED_DAYS = [
    ("", "2024.03.29 암호화폐 시세\n" + ROWS, "stated-day 2024-03-29 03:00"),
    ("", ROWS + "* 2024년 3월 29일 기준\n", "stated-day 2024-03-29 03:00"),
    ("2026년 03월 19일 목요일\n", ROWS, "stated-day 2026-03-19 03:00"),
    ("맑음서울 1.4℃\n구름제주 9.0℃\n" * 4 + "2026년 03월 19일 목요일\n", ROWS, "stated-day 2026-03-19 03:00"),
    ("2024-03-29 5.8℃\n", ROWS, "stated-day 2024-03-29 03:00"),
    ("05.21 (화)\n뉴스\n입력 2017-11-29 07:05\n", ROWS, "stated-day 2019-05-21 03:00"),  # the first 21 May on a Tuesday
    ("05.21 (화)\n뉴스\n", ROWS, "none"),  # which year, nobody says
    ("2019년 12월 03일 화요일\n입력 2019-12-03 16:35\n", ROWS, "published 2019-12-03 07:35"),  # adds nothing
    ("메뉴\n" * 9 + "2026년 03월 19일 목요일에 만났다.\n", ROWS, "none"),
    ("Thursday, March 19, 2026\nPublished Dec 3, 2019\n", ENGLISH_ROWS, "stated-day 2026-03-19 12:00 zone-assumed"),
    ("My blog\nTuesday, December 3, 2019\nSurprise\n", ENGLISH_ROWS, "published 2019-12-03 00:00 zone-assumed"),
    ("", "시세\n2024.03.29 100,703,000 1.14%\n" + ROWS, "none"),  # a row of history
    ("", "2024.03.29 100,703,000 1.14%\n" + ROWS, "none"),
    ("", "비트코인 2024.03.29\n8,692,000\n", "none"),  # no heading: the first row
    ("", ROWS + "2024.03.29\n", "none"),
    ("", "24시간 변동률 기준\n" + ROWS, "none"),
    ("The Daily, Tuesday, December 3, 2019 edition\n", ENGLISH_ROWS, "none"),  # today's, or the article's?
]  # fmt: skip


@pytest.mark.parametrize(("head", "block", "expected"), STATED_DAYS)
def test_a_printed_day_counts_as_its_noon(head: str, block: str, expected: str) -> None:
    assert told(reading(head, block)) == expected


def test_a_yearless_top_day_follows_the_capture_no_more_than_any() -> None:
    assert told(reading("05.21 (화)\n뉴스\n", ROWS, captured_at=CAPTURED)) == "capture 2019-12-03 08:00"


# the page's text around the block -> the article's date in Seoul
ARTICLES = [
    ("기사입력 2019.12.03. 오후 4:35\n최종수정 2019.12.04. 오전 9:00", "2019-12-03 16:35"),
    ("최종수정 2019.12.04 09:00 | 입력 2019.12.03 16:35", "2019-12-03 16:35"),
    ("수정 2019.12.04 09:00", "2019-12-04 09:00"),
    ("최종 입력 2019.12.04 09:00 | 등록 2019.12.03 16:35", "2019-12-03 16:35"),
    ("입력 : 2019-12-03 [16:35]", "2019-12-03 16:35"),
    ("입력\n2019.12.03 16:35", "2019-12-03 16:35"),
    ("등록일시 : 2019/12/03 16:35:00", "2019-12-03 16:35"),
    ("홍길동 기자 | 승인 2019.12.03 16:35 | 댓글 0", "2019-12-03 16:35"),
    ("송고시간2019-12-03 16:35", "2019-12-03 16:35"),
    ("작성 2019년 12월 3일", "2019-12-03 00:00"),
    ("2019-12-03 16:35 입력", "2019-12-03 16:35"),
    ("2019/12/3(火) 16:35配信", "2019-12-03 16:35"),
    ("公開日：2019年12月3日", "2019-12-03 00:00"),
    ("Published: Dec 3, 2019 4:35 PM KST", "2019-12-03 16:35"),
    ("Posted by Jane B. Doe on December 3, 2019", "2019-12-03 00:00"),
    ("Published 16:35 KST, 3 December 2019\nUpdated 18:00 KST, 3 December 2019", "2019-12-03 16:35"),
    ("Veröffentlicht am 3. Dezember 2019 um 16:35", "2019-12-03 16:35"),
    ("Publié le 3 décembre 2019 à 16h35", "2019-12-03 16:35"),
    ("Posted Tue 3 Dec 2019 at 4:35pm, updated Wed 4 Dec 2019", "2019-12-03 16:35"),
    ("PUBLISHED TUE, DEC 3 20194:35 PM KST", "2019-12-03 16:35"),  # as extractors glue it
    ("제목\n2019.12.03 16:35\n본문", "2019-12-03 16:35"),  # alone on its line
    ("Tue, Dec 3, 2019, 4:35 PM · 3 min read", "2019-12-03 16:35"),
    ("홍길동 기자 2019년 12월3일 16:35", "2019-12-03 16:35"),
    ("인터넷신문 등록번호\n서울 아01234\n등록일자\n2010.05.03\n발행·편집인", None),
    ("제목\n2019.12.03 16:35\n2018.01.01\n본문", None),  # which?
    ("최종편집시간 : 2018년 09월 26일 19:09", None),
    ("최종편집 2018-09-26 19:09 (수)", None),
    ("ⓒ 2020 Copyright 2013-2024", None),
    ("등록번호 : 서울아01234 | 등록일자 : 2010.05.03 | 발행인 : 홍길동", None),
    ("서울은 2018년 3월 2일 발행한 보고서에서", None),
    ("a report published on March 3, 2017 says", None),
    ("입력 03/04/2019", None),
    ("입력하세요. 2019년에 만난 사람", None),
    ("관련기사 2017.01.02 기사\n" * 3 + "입력 2019-12-03 16:35", "2019-12-03 16:35"),
    ("본문\n" * 50 + "2019.12.03 16:35", None),  # far from the headline
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), ARTICLES)
def test_the_articles_date_is_known_by_its_label_or_place(text: str, expected: str | None) -> None:
    found = reading(f"뉴스\n{text}\n", ROWS, marks=TimeMarks(zone="Asia/Seoul"))
    local = found.published_at.astimezone(SEOUL).strftime("%Y-%m-%d %H:%M") if found.published_at else None
    assert local == expected
    assert found.basis == ("published" if expected else "none")


def test_a_layouts_pattern_for_the_article_goes_first() -> None:
    marks = TimeMarks(
        "Asia/Seoul", published=(re.compile(r"기사: (?P<year>\d+)-(?P<month>\d+)-(?P<day>\d+)"),)
    )
    assert (
        told(reading("입력 2019-12-03 16:35\n기사: 2019-11-02\n", ROWS, marks=marks))
        == "published 2019-11-01 15:00"
    )
    assert told(reading("입력 2019-12-03 16:35\n", ROWS, marks=marks)) == "published 2019-12-03 07:35"


# url, head, block -> the hour (UTC) of 2019-12-03 16:35 there
WHEREABOUTS = [
    ("https://www.x.co.kr/1", "", ENGLISH_ROWS, "stated 2019-12-03 07:35"),
    ("https://web.fisco.jp/1", "", ENGLISH_ROWS, "stated 2019-12-03 07:35"),
    ("https://kr.investing.com/1", "", ENGLISH_ROWS, "stated 2019-12-03 07:35"),
    ("https://www.faz.de/1", "", ENGLISH_ROWS, "stated 2019-12-03 15:35"),
    ("https://x.com/1", "", ROWS, "stated 2019-12-03 07:35"),
    ("https://x.com/1", "가상자산 시장은 오늘도 조용하다\n", ENGLISH_ROWS, "stated 2019-12-03 07:35"),
    ("https://x.com/1", "ビットコインはまた上がった\n", ENGLISH_ROWS, "stated 2019-12-03 07:35"),
    ("https://x.com/1", "English 한국어 日本語\n", ENGLISH_ROWS, "stated 2019-12-03 16:35 zone-assumed"),
    ("https://in.com/1", "", ENGLISH_ROWS, "stated 2019-12-03 16:35 zone-assumed"),
    (None, "", ENGLISH_ROWS, "stated 2019-12-03 16:35 zone-assumed"),
]


@pytest.mark.parametrize(("url", "head", "rows", "expected"), WHEREABOUTS)
def test_the_zone_is_the_sites_or_the_scripts_or_flagged(
    url: str | None, head: str, rows: str, expected: str
) -> None:
    assert told(reading(head, "2019-12-03 16:35\n" + rows, url=url)) == expected


def test_a_zone_name_that_several_places_bear_is_not_believed() -> None:
    found = reading("", "2019-12-03 16:35 CST\n" + ROWS, url="https://x.kr/1")
    assert told(found) == "stated 2019-12-03 07:35 zone-assumed"


def test_the_script_of_most_letters_tells_the_zone() -> None:
    assert str(zones.zone_of_script("ビットコインはまた 가나다", 10)) == "Asia/Tokyo"
    assert str(zones.zone_of_script("비트코인 가격이 다시 올랐다 の", 10)) == "Asia/Seoul"


def test_the_blocks_own_update_is_not_the_articles() -> None:
    found = reading("", ENGLISH_ROWS + "Updated 2019-12-03 16:35 UTC\n")
    assert found == Reading(utc("2019-12-03T16:35"), "stated", (), None)


def test_only_a_time_that_was_read_in_an_assumed_zone_is_flagged() -> None:
    head = "Published Dec 3, 2019\n"
    assert told(reading(head, ENGLISH_ROWS)) == "published 2019-12-03 00:00 zone-assumed"
    assert told(reading(head, ENGLISH_ROWS, captured_at=CAPTURED)) == "capture 2019-12-03 08:00"
    assert told(reading(head, ENGLISH_ROWS, published_at=MARKUP)) == "published 2019-12-02 00:00"


# ---------------------------------------------------------------- any page, at bounded cost

FRAGMENTS = [
    "입력", "수정 ", "등록", "Updated", "Published by ", "as of ", "기준", "2019-12-03", "2019.12.", "12/03 ", "16:35",
    "10:00pm ET ", "오후 ", "Dec 3", ", 2019", "29 February", "2/29 ", "(화)", "Tuesday, ", "1", "12", "\n", " ", "\u00a0",
    "h35", "+09:00", "-", ".", "비트코인 8,692,000", "5.8℃", "시", "\ud800", "２", "一",
]  # fmt: skip
HOSTILE = st.lists(st.sampled_from(FRAGMENTS), max_size=40).map("".join) | st.text(max_size=200)
MOMENTS = st.none() | st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29), timezones=st.just(UTC))


@settings(max_examples=300, deadline=None)
@given(HOSTILE, st.data(), MOMENTS, MOMENTS, st.sampled_from([clock.UNMARKED, EBN, FISCO]))
def test_any_page_has_a_reading(
    text: str, data: st.DataObject, captured: datetime | None, published: datetime | None, marks: TimeMarks
) -> None:
    start, at, end = sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 3)))
    page = Page(text, "x", captured_at=captured, published_at=published)
    found = settle(page, start, end, marks, at)
    assert found.basis in TIME_BASES and (found.at is None) == (found.basis == "none")
    assert all(when is None or when.utcoffset() == timedelta(0) for when in (found.at, found.published_at))
    assert list(found.flags) == sorted(set(found.flags))
    assert found == settle(page, start, end, marks, at)


def calls_of(page: Page) -> int:
    """How many functions, Python's and C's, one settling calls."""
    article._labelled.cache_clear()
    clock._on_page.cache_clear()
    zones.zone_of_script.cache_clear()
    count = 0

    def tally(frame: object, event: str, arg: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(tally)
    try:
        settle(page, 0, len(page.text))
    finally:
        sys.setprofile(before)
    return count


TRAPS = [
    "입력 1", "1 입력", "입력 by ", "1:11 ", "기준 12월", "2019.12.03.1 ", "Dec 3 ", "123 ", "1:11\n", "12:00 12/1",
    "Updated 1 ", "2019-12-03 ", "2019-12-03 16:35 기준 ", "등록 2019-12-03 ", "1:11 입력", "a" * 11, "가 1", "℃ 1\n",
]  # fmt: skip


@pytest.mark.parametrize("fragment", some(TRAPS, 4))
def test_twice_the_page_is_twice_the_work(fragment: str) -> None:
    small, large = (calls_of(Page(fragment * n, "x")) for n in (1_000, 2_000))
    assert large <= 2.2 * small


def test_no_pattern_can_run_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each matches a bounded stretch of text, so a try at one place costs a bounded number of steps."""
    seen: dict[str, int] = {}
    honest = re.compile

    def record(pattern: str, flags: int = 0) -> re.Pattern[str]:
        seen[pattern] = re._parser.parse(pattern, flags).getwidth()[1]  # type: ignore[attr-defined]
        return honest(pattern, flags)

    compiled.cache_clear()
    monkeypatch.setattr(re, "compile", record)
    for text, _ in [*STATED, *ARTICLES]:
        calls_of(Page(str(text) + ROWS + "배포 Tuesday 5.8℃", "x"))
    stamp_in_name("a/20191203163500/b")
    parse_time("2019.12.03", "UTC")
    monkeypatch.undo()
    assert len(seen) > 25 and max(seen.values()) < 250


def test_a_page_of_many_blocks_is_searched_once() -> None:
    article._labelled.cache_clear()
    page = Page(ARTICLE + ROWS * 50, "x")
    for i in range(50):
        start = len(ARTICLE) + i * len(ROWS)
        settle(page, start, start + len(ROWS))
    assert article._labelled.cache_info().misses == 1


def test_importing_the_clock_compiles_nothing() -> None:
    probe = (
        "import re, sys; n = 0\n"
        "def count(*a, real=re.compile):\n"
        "    global n; n += 'tracker' in sys._getframe(1).f_globals['__name__']; return real(*a)\n"
        "re.compile = count\nimport tracker.clock.ladder\n"
        "print(n, sorted({'dateutil', 'pandas', '_strptime'} & set(sys.modules)))"
    )
    out = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True).stdout
    assert out.strip() == "0 []"


# ---------------------------------------------------------------- times given by users and by file names

GIVEN_TIMES = {
    "2019-12-03 16:35": "2019-12-03T07:35",
    "2019-12-03T16:35": "2019-12-03T07:35",
    "2019-12-03": "2019-12-02T15:00",
    "2019.12.03": "2019-12-02T15:00",
    "2019. 12. 3.": "2019-12-02T15:00",
    "20191203": "2019-12-02T15:00",
    "20191203163500": "2019-12-03T07:35",
    "2019-12-03T07:35Z": "2019-12-03T07:35",
    "20191203T163500+0900": "2019-12-03T07:35",
    "2019-12-03 16:35+09:00": "2019-12-03T07:35",
    "2019-12-03 02:35 -05:00": "2019-12-03T07:35",
    "2019-12-03 16:35 KST": "2019-12-03T07:35",
    "2019.12.03 16:35": "2019-12-03T07:35",
    " 2019/12/03 16:35:00 ": "2019-12-03T07:35",
    "2019년 12월 3일 16시 35분": "2019-12-03T07:35",
    "Dec 3, 2019 2:35 AM ET": "2019-12-03T07:35",
    "13/04/2019": "2019-04-12T15:00",
    "2019-W49-2": "2019-12-02T15:00",
}
NO_TIMES = (
    "2019", "2019-12", "201912", "nonsense", "", " ", "yesterday", "now", "16:35", "12/03 16:35", "2019-13-01",
    "2019-02-29", "2019-12-03 25:00", "20191203256000", "2019-12-03x16:35", "2019-12-03 16:35 CST",
    "2019-12-03 16:35 tomorrow", "2019-12-03, 2019-12-04", "1575358500", "0001-01-01T00:00+14:00",
    "9999-12-31T23:59-14:00", "２０１９-12-03", "\ud800", "9" * 5000,
)  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), GIVEN_TIMES.items())
def test_a_time_is_read_as_its_writer_means_it(text: str, expected: str) -> None:
    assert parse_time(text, "Asia/Seoul") == utc(expected)
    assert parse_time(text, "Asia/Seoul").utcoffset() == timedelta(0)


@pytest.mark.parametrize("text", NO_TIMES)
def test_what_is_no_time_is_refused_with_the_way_out(text: str) -> None:
    with pytest.raises(TimeError, match="write it as 2019-12-03") as refused:
        parse_time(text, "Asia/Seoul")
    assert len(str(refused.value)) < 300 and "\n" not in str(refused.value)


@pytest.mark.parametrize("text", ["03/04/2019", "3.4.2019 16:35", "04-03-2019"])
def test_a_day_that_could_be_two_is_refused_as_such(text: str) -> None:
    with pytest.raises(TimeError, match="cannot be told apart; write it as 2019-12-03"):
        parse_time(text, "Asia/Seoul")


@pytest.mark.parametrize(
    "name", ["Asia/Soul", "", "../etc/passwd", "Asia", "\ud800", "a\0b", "/etc/localtime"]
)
def test_an_unknown_zone_is_refused(name: str) -> None:
    with pytest.raises(TimeError, match="no such time zone"):
        zone_named(name)
    with pytest.raises(TimeError, match="no such time zone"):
        parse_time("2019-12-03", name)


@settings(deadline=None)  # the machine may be busy
@given(st.text(max_size=60))
def test_any_text_is_a_time_or_refused(text: str) -> None:
    with contextlib.suppress(TimeError):
        assert parse_time(text, "UTC").tzinfo is UTC


@settings(deadline=None)  # the machine may be busy
@given(
    st.datetimes(
        datetime(1902, 1, 1), datetime(2399, 1, 1), timezones=st.just(timezone(timedelta(hours=-3.5)))
    )
)
def test_every_iso_time_is_read_back(when: datetime) -> None:
    assert parse_time(when.isoformat(), "Asia/Seoul") == when


STAMPS = {
    "20191203163500.html": "2019-12-03T16:35",
    "ebn_20240329010203_view.txt": "2024-03-29T01:02:03",
    "pages/web/20191203163500id_/http://x.kr/view.html": "2019-12-03T16:35",
    "web/20191203163500/20100101000000.html": "2019-12-03T16:35",
    "a\\20191203163500\\b.html": "2019-12-03T16:35",
    "IAH-20080430204825-00000-blackbook.warc.gz": "2008-04-30T20:48:25",
    "20191203163500-20191203163500.txt": "2019-12-03T16:35",
}
NO_STAMPS = (
    "000_35ec38ae2d22f11d.txt", "20191203.html", "2019120316350.txt", "201912031635001.txt", "20191303163500.txt",
    "20190229000000.txt", "99991203163500.txt", "00000000000000", "20191203250000.txt", "view?no=20240521075206",
    "view%3Fno%3D20240521075206.html", "2023032713192849934.html", "20191203163500-20200101000000.txt",
    "dir_20191203163500/page.html", "", "２０１９１２０３１６３５００",
)  # fmt: skip


@pytest.mark.parametrize(("name", "expected"), STAMPS.items())
def test_a_stamp_in_a_name_is_utc(name: str, expected: str) -> None:
    assert stamp_in_name(name) == utc(expected)


NAMED = {  # in Seoul, unless they name their zone
    "x_2019-12-03.html": "2019-12-03T03:00 day",
    "a/b/2019-12-03 시세.html": "2019-12-03T03:00 day",
    "x.2019.12.03.html": "2019-12-03T03:00 day",
    "2019_12_03_v2.txt": "2019-12-03T03:00 day",
    "2019-12-03-12.html": "2019-12-03T03:00 day",
    "2019-12-03 25.61.html": "2019-12-03T03:00 day",
    "2019-12-03 04.35 PM.html": "2019-12-03T03:00 day",
    "2019-12-03_99999.html": "2019-12-03T03:00 day",
    "x 2019-12-03 16.35.html": "2019-12-03T07:35",
    "x 2019-12-03 16-35-10.html": "2019-12-03T07:35:10",
    "x_2019-12-03_1635.html": "2019-12-03T07:35",
    "Page 2019-12-03 at 16.35.10.html": "2019-12-03T07:35:10",
    "x_20191203_163510.html": "2019-12-03T07:35:10",
    "x_20191203T163510Z.html": "2019-12-03T16:35:10",
    "2019-12-03T16-35-10Z-etoday.html": "2019-12-03T16:35:10",
    "2019-12-03T16:35:10+01:00.html": "2019-12-03T15:35:10",
    "2019-12-03/20191203163500.html": "2019-12-03T16:35",
}
UNNAMED = (
    "x_20191203.html", "NISX20191203_0000849.html", "2019-13-03.html", "2019-02-30.html", "19-12-03.html", "2019-12.html",
    "x_2019-01-01_2019-12-31.html", "view?date=2019-12-03", "view%3Fdate%3D2019-12-03.html", "9999-12-03.html",
    "2019-12-03/page.html", "2019-12.03.html", "12019-12-03.html", "2019-12-031.html",
)  # fmt: skip


@pytest.mark.parametrize(("name", "expected"), NAMED.items())
def test_a_files_name_tells_a_day_or_a_minute(name: str, expected: str) -> None:
    found = time_in_name(name, "Asia/Seoul")
    assert found == (utc(expected.removesuffix(" day")), expected.endswith(" day"))


@pytest.mark.parametrize("name", [*UNNAMED, *(name for name in NO_STAMPS if name[:2] != "2019120")])
def test_what_may_as_well_be_a_number_is_no_time(name: str) -> None:
    assert time_in_name(name, "Asia/Seoul") is None


def test_a_time_in_the_name_is_evidence_that_says_so() -> None:
    minute, noon = utc("2019-12-03T07:35"), utc("2019-12-03T03:00")
    both = {"captured_at": minute, "named_at": minute}
    assert told(reading("", ROWS, **both)) == "capture 2019-12-03 07:35 time-from-name"
    assert told(reading("", ROWS, named_at=noon)) == "stated-day 2019-12-03 03:00 time-from-name"
    assert told(reading(ARTICLE, ROWS, named_at=noon)) == "stated-day 2019-12-03 03:00 time-from-name"
    assert told(reading("", "12월 2일 16:30 기준\n" + ROWS, named_at=noon)) == "stated 2019-12-02 07:30"
    assert (
        told(reading("", "2019.11.02 16:30 기준\n" + ROWS, named_at=noon))
        == "stated 2019-11-02 07:30 time-conflict"
    )
    assert (
        told(reading("", "2024.03.29 암호화폐 시세\n" + ROWS, named_at=noon)) == "stated-day 2024-03-29 03:00"
    )
    assert told(reading("", ROWS, captured_at=minute, named_at=noon)) == "capture 2019-12-03 07:35"


VOUCHED: dict[Any, str] = {
    "2020-01-01": "2020-01-01T03:00 day",
    "20200101": "2020-01-01T03:00 day",
    "2020.1.1": "2020-01-01T03:00 day",
    "2020-W01-3": "2020-01-01T03:00 day",
    date(2020, 1, 1): "2020-01-01T03:00 day",
    "2020-01-01 00:00": "2019-12-31T15:00",
    "2020-01-01T00:00Z": "2020-01-01T00:00",
    "2020년 1월 1일 오전 9시": "2020-01-01T00:00",
    "20200101090000": "2020-01-01T00:00",
    datetime(2020, 1, 1, tzinfo=UTC): "2020-01-01T00:00",
}


@pytest.mark.parametrize(("said", "expected"), VOUCHED.items())
def test_a_day_that_is_given_is_its_noon(said: Any, expected: str) -> None:
    found = vouched(said, "Asia/Seoul")
    assert found == (utc(expected.removesuffix(" day")), expected.endswith(" day"))
    assert found and told(reading("", ROWS, given_at=found.at, given_day=found.day)).split()[0] == (
        "given-day" if found.day else "given"
    )


@pytest.mark.parametrize("name", NO_STAMPS)
def test_other_digits_are_no_stamp(name: str) -> None:
    assert stamp_in_name(name) is None
