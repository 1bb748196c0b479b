"""Corpora: JSON Lines and Parquet, their columns, their times, and what a bad line or row group costs."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from files import make
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from tracker.errors import SourceError
from tracker.model import Page
from tracker.pages import Intake, Source, pages, read, split
from tracker.pages.times import capture_time, first_moment

FILES = Path(__file__).parents[1] / "files"
TYPE, JSON = "is JSON of another type, not an object", "is not valid JSON"
NO_TEXT = "has no text in text or content or raw_content"

SAMPLES: dict[str, tuple[list[int], list[str]]] = {
    "lines-of-other-types.jsonl": ([1, 10], [TYPE, TYPE, NO_TEXT, NO_TEXT, JSON, NO_TEXT, JSON]),
    "in-cp949.jsonl": ([1], []),
    "damaged-row-group.parquet": ([*range(1, 6), *range(11, 21)], ["a damaged row group, from this row on"]),
}


def met(path: Path, **options: Any) -> tuple[list[Page], list[str]]:
    errors: list[SourceError] = []
    return list(pages(path, on_skip=errors.append, **options)), [error.reason for error in errors]


def numbers(found: Iterable[Page]) -> list[int]:
    return [int(page.source.rpartition("#")[2]) for page in found]


def wanted(source: Source) -> list[Page]:
    """What is read if only pages with a BTC are."""
    return [item.page for item in read(source, Intake(wanted=lambda data: b"BTC" in data))]


@pytest.mark.parametrize("name", SAMPLES)
def test_a_bad_record_costs_itself(name: str) -> None:
    found, reasons = met(FILES / name)
    assert (numbers(found), reasons) == SAMPLES[name]
    for page in found:
        assert list(pages(page.source)) == [page]


@pytest.mark.parametrize("name", SAMPLES)
def test_only_wanted_pages_are_given_and_all_are_counted(name: str) -> None:
    every, some = Intake(), Intake(wanted=lambda data: b"BTC" in data)
    assert [item.page for item in read(Source(str(FILES / name)), every) if "BTC" in item.page.text] == [
        item.page for item in read(Source(str(FILES / name)), some)
    ]
    assert every.pages == some.pages


ANSWERS = {
    "array.json": '[{"symbol": "BTCUSDT", "lastPrice": "67123.45"}, {"symbol": "ETHUSDT", "lastPrice": "3512.20"}]',
    "object.json": '{"bitcoin": {"usd": 67123.45}, "ethereum": {"usd": 3512.20}}',
    "over lines.json": '{\n "bitcoin": {"usd": 67123.45},\n "ethereum": {"usd": 3512.20}\n}',
}


@pytest.mark.parametrize("name", ANSWERS)
def test_what_an_interface_answered_is_one_page(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(ANSWERS[name])
    (page,) = pages(tmp_path / name)
    assert (page.text, page.source) == (ANSWERS[name], str(tmp_path / name))


def test_json_of_something_else_without_a_text_column_is_an_error_that_says_so(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text('[{"city": "Busan", "rain": 3}]')
    with pytest.raises(SourceError, match="has no text column"):
        list(pages(tmp_path / "x.json"))


@pytest.mark.parametrize("name", ["no-text-column.jsonl", "no-text-column.parquet"])
def test_without_a_text_column_the_columns_and_the_way_out_are_named(name: str) -> None:
    with pytest.raises(SourceError, match="its columns are body, id; name one with --text-column"):
        list(pages(FILES / name))
    with pytest.raises(SourceError, match="has no column 'words'"):
        list(pages(FILES / name, text_column="words"))
    assert {page.text for page in pages(FILES / name, text_column="body")} == {"x"}


ROW = {"url": "https://www.a.kr/1", "text": 'a "b",\nBTC 가', "timestamp": "2024-03-30T01:00:01Z"}
QUOTED = '"a ""b"",\nBTC 가"'
WHOLE: dict[str, bytes] = {
    "in order.csv": f"url,text,timestamp\n{ROW['url']},{QUOTED},{ROW['timestamp']}\n".encode(),
    "another order, other names.csv": f"Crawled_At,Content,Link\n1711760401000,{QUOTED},{ROW['url']}".encode(),
    "seconds.csv": f"timestamp,text,url\r\n1711760401,{QUOTED},{ROW['url']}\r\n".encode("utf-8-sig"),
    "korean.csv": f"url,text,date\n{ROW['url']},{QUOTED},2024-03-30 01:00:01\n".encode("cp949"),
    "packed.csv.gz": make.gz(f"url,text,timestamp\n{ROW['url']},{QUOTED},1711760401".encode()),
    "array.json": json.dumps([ROW]).encode(),
    "array of lines.json": json.dumps([ROW], indent=1).encode(),
    "object.json": json.dumps({**ROW, "timestamp": 1711760401000}, indent=1).encode(),
}


@pytest.mark.parametrize("name", WHOLE)
def test_a_row_of_a_csv_file_or_a_json_array_is_a_page(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(WHOLE[name])
    (page,), reasons = met(tmp_path / name)
    assert (page.text, page.url, reasons) == (ROW["text"], ROW["url"], [])
    assert page.captured_at == datetime(2024, 3, 30, 1, 0, 1, tzinfo=UTC)
    assert list(pages(page.source)) == [page]
    assert not list(read(Source(str(tmp_path / name)), Intake(wanted=lambda data: b"XRP" in data)))


BROKEN = {
    "x.json": (b'[{"text": "x"}, {"te', 0, "is not valid JSON, or is cut off"),
    "y.json": (b'[{"text": "x"}, 3]', 1, "has no text in text"),
    "x.csv.gz": (WHOLE["packed.csv.gz"][:-12], 0, "cut off: its packed data breaks off"),
    "x.csv": (b"url,text\nhttps://a.kr/1\nhttps://a.kr/2,b\n", 1, "has no text in text"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_wrong_with_such_a_corpus_is_one_line(name: str, tmp_path: Path) -> None:
    data, count, reason = BROKEN[name]
    (tmp_path / name).write_bytes(data)
    found, reasons = met(tmp_path)
    assert (len(found), reasons) == (count, [reason])


def test_a_csv_file_without_a_text_is_a_page_of_text(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("coin,price\nBTC,1\n")
    assert [page.text for page in met(tmp_path / "x.csv")[0]] == ["coin,price\nBTC,1\n"]
    assert [page.text for page in met(tmp_path / "x.csv", text_column="coin")[0]] == ["BTC"]


def test_markup_in_a_line_declares_nothing_for_the_line(tmp_path: Path) -> None:
    line = json.dumps({"text": "<meta charset='euc-kr'>가"}, ensure_ascii=False)
    (tmp_path / "x.jsonl").write_text(line)
    (page,) = pages(tmp_path / "x.jsonl")
    assert page.text == "가"


def test_a_packed_file_that_is_cut_off_is_read_as_far_as_it_goes() -> None:
    found, reasons = met(FILES / "cut-off.jsonl.gz")
    assert numbers(found) == list(range(1, len(found) + 1))
    assert len(found) > 20
    assert reasons == ["cut off: its packed data breaks off"]


@pytest.mark.parametrize("record", ["0", "99", "x"])
@pytest.mark.parametrize("name", ["lines-of-other-types.jsonl", "damaged-row-group.parquet"])
def test_what_is_no_record_is_said_to_be_none(name: str, record: str) -> None:
    with pytest.raises(SourceError):
        list(pages(f"{FILES / name}#{record}"))


def test_a_bad_line_that_is_asked_for_is_an_error() -> None:
    with pytest.raises(SourceError, match="another type"):
        list(pages(f"{FILES / 'lines-of-other-types.jsonl'}#2"))


TIME = datetime(2019, 12, 3, 7, 35, tzinfo=UTC)
URL = "https://a.kr/1"
OSCAR = {"warc-date": "2019-12-03T07:35:00Z", "warc-target-uri": f"<{URL}>"}
ROWS: dict[str, tuple[dict[str, Any], tuple[str | None, datetime | None, datetime | None]]] = {
    "text alone": ({"text": "x"}, (None, None, None)),
    "url and timestamp": ({"content": "x", "url": URL, "timestamp": "2019-12-03T07:35:00Z"}, (URL, TIME, None)),
    "a date with a clock": ({"raw_content": "x", "date": "2019-12-03 07:35:00"}, (None, TIME, None)),
    "a date alone is a lower bound": ({"text": "x", "date": "2019-12-03"}, (None, None, TIME.replace(hour=0, minute=0))),
    "warc headers": ({"text": "x", "warc_headers": OSCAR}, (URL, TIME, None)),
    "warc headers as text": ({"text": "x", "warc_headers": json.dumps(OSCAR)}, (URL, TIME, None)),
    "warc headers as pairs": ({"text": "x", "warc_headers": list(OSCAR.items())}, (URL, TIME, None)),
    "warc headers of another kind": ({"text": "x", "warc_headers": 7, "url": 5, "timestamp": True}, (None, None, None)),
}  # fmt: skip


@pytest.mark.parametrize("form", ["jsonl", "parquet"])
@pytest.mark.parametrize("name", ROWS)
def test_address_and_time_are_taken_from_the_columns(name: str, form: str, tmp_path: Path) -> None:
    row, expected = ROWS[name]
    path = tmp_path / f"x.{form}"
    if form == "jsonl":
        path.write_text(json.dumps(row))
    elif name != "warc headers as pairs":
        parquet.write_table(pa.Table.from_pylist([row]), path)
    else:
        kind = pa.map_(pa.string(), pa.string())
        parquet.write_table(
            pa.table({"text": ["x"], "warc_headers": pa.array([list(OSCAR.items())], kind)}), path
        )
    (page,) = pages(path)
    assert (page.url, page.captured_at, page.published_at) == expected


MOMENTS: dict[Any, datetime | None] = {
    "2019-12-03T07:35:00Z": TIME, "2019-12-03T16:35:00+09:00": TIME, "2019/12/03 07:35:00": TIME,
    "2019-12-03 07:35:00 UTC": TIME, "20191203073500": TIME, "Tue, 03 Dec 2019 07:35:00 GMT": TIME,
    "1575358500": TIME, 1575358500: TIME, 1575358500000: TIME, 1575358500 * 10**9: TIME,
    1575358500.25: TIME.replace(microsecond=250000),
    datetime(2019, 12, 3, 7, 35): TIME, "2019-12-03": None, "20191203": None, date(2019, 12, 3): None, "soon": None,
    "": None, None: None, True: None, 5: None, -1: None, float("nan"): None, float("inf"): None, "99999999999999": None,
    "0001-01-01T00:00:00+09:00": None,
}  # fmt: skip


@pytest.mark.parametrize("value", MOMENTS, ids=repr)
def test_times_as_machines_write_them(value: Any) -> None:
    assert capture_time(value) == MOMENTS[value]


def test_a_day_begins_where_the_site_is() -> None:
    assert first_moment("2019-12-04", "a.kr") == datetime(2019, 12, 3, 15, tzinfo=UTC)
    assert first_moment(date(2019, 12, 4), None) == datetime(2019, 12, 4, tzinfo=UTC)
    assert first_moment("2019-12-03T07:35:00Z", None) is None


@given(st.text(max_size=40) | st.integers() | st.floats() | st.datetimes() | st.none())
def test_no_value_is_too_strange_a_time(value: Any) -> None:
    capture_time(value)
    first_moment(value, "a.kr")


@pytest.mark.parametrize("kind", ["string", "large_string", "binary", "string_view", "dictionary"])
def test_text_in_every_column_type(kind: str, tmp_path: Path) -> None:
    texts = pa.array(["BTC 1", None, "비트코인", ""])
    column = texts.dictionary_encode() if kind == "dictionary" else texts.cast(getattr(pa, kind)())
    parquet.write_table(pa.table({"text": column}), tmp_path / "x.parquet")
    assert [page.text for page in pages(tmp_path / "x.parquet")] == ["BTC 1", "", "비트코인", ""]
    assert [page.text for page in wanted(Source(str(tmp_path / "x.parquet")))] == ["BTC 1"]


def test_a_column_without_text_is_said_to_be_one(tmp_path: Path) -> None:
    parquet.write_table(pa.table({"text": [1, 2]}), tmp_path / "x.parquet")
    with pytest.raises(SourceError, match="holds int64, no text; name one"):
        list(pages(tmp_path / "x.parquet"))


@pytest.mark.parametrize("data", [b"PAR1", b"PAR1" + bytes(50) + b"PAR1"])
def test_what_is_no_parquet_file_is_said_to_be_none(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.parquet").write_bytes(data)
    with pytest.raises(SourceError, match="is no Parquet file"):
        list(pages(tmp_path / "x.parquet"))


TEXTS = [f"page {n} {'BTC' if n % 37 == 5 else ''} " + "x" * (n % 50) for n in range(3000)]


def test_parts_of_a_corpus_give_what_the_whole_gives(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in TEXTS))
    parquet.write_table(pa.table({"text": TEXTS}), tmp_path / "x.parquet", row_group_size=200)
    for file in (path, tmp_path / "x.parquet"):
        source = Source(str(file), size=file.stat().st_size)
        parts = list(split(source, source.size // 10))
        assert len(parts) > 5
        assert [page for one in parts for page in wanted(one)] == wanted(source)
        assert numbers(wanted(source)) == [n + 1 for n in range(3000) if n % 37 == 5]


@pytest.mark.parametrize("ending", ["jsonl", "jsonl.gz", "jsonl.zst"])
@pytest.mark.parametrize("escaped", [True, False])
def test_what_is_escaped_is_found_too(ending: str, escaped: bool, tmp_path: Path) -> None:
    lines = [
        json.dumps({"text": text, "n": 1}, ensure_ascii=escaped)
        for text in ("비트코인", "가", "ETH/KRW", "나")
    ]
    lines[2] = lines[2].replace("/", "\\/")
    data = "\r\n".join(lines).encode()
    pack = {"jsonl": bytes, "jsonl.gz": gzip.compress, "jsonl.zst": make.zst}[ending]
    (tmp_path / f"x.{ending}").write_bytes(pack(data))
    intake = Intake(wanted=lambda data: "비트".encode() in data or b"ETH/" in data)
    found = [item.page for item in read(Source(str(tmp_path / f"x.{ending}")), intake)]
    assert [page.text for page in found] == ["비트코인", "ETH/KRW"]
    assert intake.pages == 4


def test_a_line_too_long_to_hold_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib

    module = importlib.import_module("tracker.pages.corpus")
    monkeypatch.setattr(module, "_MAX_LINE", 2000)
    monkeypatch.setattr(module, "_CHUNK", 1000)
    (tmp_path / "x.jsonl").write_text('{"text": "a"}\n' + "x" * 9000 + '\n{"text": "b"}\n' + "y" * 5000)
    found, reasons = met(tmp_path / "x.jsonl")
    assert numbers(found) == [1, 3]
    assert [reason.startswith("a line of more than") for reason in reasons] == [True, True]


@given(st.lists(st.binary(max_size=60).map(lambda line: line.replace(b"\n", b"")), max_size=12), st.data())
def test_no_line_is_too_strange(
    tmp_path_factory: pytest.TempPathFactory, lines: list[bytes], data: st.DataObject
) -> None:
    path = tmp_path_factory.getbasetemp() / "strange.jsonl"
    path.write_bytes(b"\n".join([b'{"text": "good"}', *lines, b'{"text": "good"}']))
    found, _ = met(path)
    assert [page.text for page in found][:1] == ["good"]
    assert found[-1].source.endswith(f"#{len(lines) + 2}")
