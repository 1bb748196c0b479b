"""The files: rolled, gone on with, mended after any end, and read by others."""

from __future__ import annotations

import gzip
import io
import resource
import shutil
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from doubles import held, page
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from tracker.collect import known
from tracker.collect.capture import Capture, stamped
from tracker.collect.cdxj import rows, surt
from tracker.collect.keep import Keep
from tracker.collect.record import MOST, members, packed
from tracker.collect.target import site_of, target
from tracker.errors import OutputError, SourceError
from tracker.ingest import ingest
from tracker.store import Store

BEGIN = datetime(2024, 5, 1, tzinfo=UTC)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
URL = "http://a.kr/market"


def fill(keep: Keep, count: int = 6) -> None:
    """Keep what is not kept yet: every third page is the same as the one before."""
    for number in range(count):
        when = BEGIN + timedelta(hours=number)
        if keep.has(URL, stamped(when)):
            continue
        same = keep.known.same(URL, f"D{number // 3 * 3}") if number % 3 == 2 else None
        if same:
            keep.revisit(URL, when, same)
        else:
            digest = f"D{number}"
            keep.response(URL, when, HEAD, page(number), request=b"GET / HTTP/1.1\r\n\r\n", digest=digest)


EXPECTED = {
    (URL, stamped(BEGIN + timedelta(hours=n)), page(0 if n == 2 else 3 if n == 5 else n)) for n in range(6)
}


def test_a_file_grows_and_gets_its_name(tmp_path: Path) -> None:
    with Keep(tmp_path / "a.kr", contact="me@a.kr", about="tracker collect a.kr") as keep:
        fill(keep)
        assert [path.name.endswith(".warc.gz.open") for path in known.files(keep.folder)] == [True]
    (path,) = known.files(tmp_path / "a.kr")
    assert path.name.startswith("a.kr-00001-") and path.name.endswith(".warc.gz")
    assert held(tmp_path / "a.kr") == EXPECTED
    with path.open("rb") as file:
        info = next(members(file)).record
    assert b"operator: me@a.kr\r\n" in info and b"description: tracker collect a.kr\r\n" in info


def test_others_read_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Keep(tmp_path / "a.kr") as keep:
        fill(keep)
        keep.resource("http://a.kr/drawn", BEGIN, "text/html", b"<p>drawn")
    (path,) = known.files(tmp_path / "a.kr")
    with path.open("rb") as file:
        found = [(record.rec_type, record.format) for record in ArchiveIterator(file)]
    assert found[0] == ("warcinfo", "warc")
    assert (
        sorted(kind for kind, _ in found[1:])
        == ["request"] * 4 + ["resource"] + ["response"] * 4 + ["revisit"] * 2
    )
    checker = Checker(type("Options", (), {"verbose": False, "inputs": [str(path)]})())
    checker.process_all()
    assert checker.exit_value == 0, capsys.readouterr().out


def test_the_index_says_where_each_page_lies(tmp_path: Path) -> None:
    with Keep(tmp_path) as keep:
        fill(keep)
    (path,) = known.files(tmp_path)
    index = known.index_of(path)
    lines = index.read_text("utf-8").splitlines()
    assert lines == sorted(lines) and lines[0].startswith("kr,a)/market 20240501000000 {")
    with path.open("rb") as file:
        for row in rows(index):
            member = next(members(file, row.offset))
            assert (member.length, b"WARC-Type: re" in member.record) == (row.length, True)
    told = index.read_bytes()
    index.unlink()
    assert sorted(known.indexed(path)) == sorted(_parsed(told, tmp_path)), "it can be made anew"


def _parsed(told: bytes, folder: Path) -> list[object]:
    (folder / "x.cdxj").write_bytes(told)
    return list(rows(folder / "x.cdxj"))


def test_files_are_rolled(tmp_path: Path) -> None:
    with Keep(tmp_path, roll=1500) as keep:
        fill(keep)
    files = known.files(tmp_path)
    assert len(files) == 3 and all(path.stat().st_size < 3000 for path in files)
    assert [path.name.split("-")[-2] for path in files] == ["00001", "00002", "00003"]
    assert held(tmp_path) == EXPECTED
    with Keep(tmp_path, roll=1500) as keep:
        fill(keep, 7)
        assert keep.known.last(URL) and len(keep.known) == 7


def test_a_run_goes_on_with_the_file_of_the_one_before(tmp_path: Path) -> None:
    for count in range(1, 7):
        with Keep(tmp_path) as keep:
            fill(keep, count)
    assert len(known.files(tmp_path)) == 1 and held(tmp_path) == EXPECTED


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as a run leaves it that was killed: files open, two of them."""
    folder = tmp_path_factory.mktemp("killed")
    keep = Keep(folder, roll=1500)
    fill(keep)
    copy = tmp_path_factory.mktemp("copy") / "a.kr"
    shutil.copytree(folder, copy)
    keep.close()
    return copy


@settings(max_examples=40)
@given(
    cut=st.floats(0, 1),
    index=st.floats(0, 1),
    junk=st.sampled_from([b"", b"\0" * 300, b"\x1f\x8b\x08\0\0\0", b"WARC"]),
)
def test_whenever_it_was_killed_the_next_run_goes_on(
    killed: Path, tmp_path_factory: pytest.TempPathFactory, cut: float, index: float, junk: bytes
) -> None:
    """The last file ends anywhere, and so does its index. At the end all is there, nothing twice."""
    said: list[str] = []
    folder = tmp_path_factory.mktemp("torn")
    shutil.copytree(killed, folder / "1")
    for number in (1, 2):  # killed, gone on with, killed, gone on with
        path = known.files(folder / str(number))[-1]
        for file, share in ((path, cut), (known.index_of(path), index)):
            data = file.read_bytes()
            file.write_bytes(data[: int(len(data) * share)] + (junk if file == path else b""))
        with Keep(folder / str(number), roll=1500, on_say=said.append) as keep:
            for part in known.files(folder / str(number)):
                with part.open("rb") as read:
                    assert sum(member.length for member in members(read)) == part.stat().st_size
            fill(keep, 5 if number == 1 else 6)
            shutil.copytree(folder / str(number), folder / str(number + 1))
        held(folder / str(number))
    assert held(folder / "2") == EXPECTED
    assert len(said) <= 2 and all("a record that was not finished" in line for line in said)


def test_a_line_of_the_index_that_was_not_finished_takes_no_other_with_it(tmp_path: Path) -> None:
    with Keep(tmp_path / "1") as keep:
        fill(keep, 4)
        shutil.copytree(tmp_path / "1", tmp_path / "2")
    index = next((tmp_path / "2").glob("*.cdxj"))
    index.write_bytes(index.read_bytes()[:-20])
    with Keep(tmp_path / "2") as keep:
        fill(keep)
        shutil.copytree(tmp_path / "2", tmp_path / "3")
    with Keep(tmp_path / "3") as keep:
        assert len(keep.known) == 6


def test_a_file_that_grows_is_read(killed: Path, tmp_path: Path) -> None:
    store = Store(str(tmp_path / "s.duckdb"))
    tally = ingest([killed], store)
    assert (tally.added, tally.unreadable, dict(tally.skipped)) == (6, [], {})
    sources = {str(row["source"]).partition("#")[0] for row in store.history("BTC")}
    assert all(source.endswith(".warc.gz") for source in sources)
    one = next(str(row["source"]) for row in store.history("BTC"))
    assert ingest([one], store).pages == 1, "a row's source is found, whatever the file is called by now"


def test_a_full_disk_is_one_line_and_leaves_whole_records(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    keep = Keep(tmp_path)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (2500, hard))
        with pytest.raises(OutputError, match="cannot be written: file too large; make room"):
            fill(keep)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    keep.close()
    (path,) = known.files(tmp_path)
    with path.open("rb") as file:
        assert sum(member.length for member in members(file)) == path.stat().st_size
    with Keep(tmp_path) as again:
        fill(again)
    assert held(tmp_path) == EXPECTED


def test_files_of_others_are_read_and_left_as_they_are(tmp_path: Path) -> None:
    """Another crawler may be writing one; and what is in it need not be collected again."""
    (whole,) = (packed("response", BEGIN, [("WARC-Target-URI", URL)], HEAD + page(0), page(0)),)
    theirs = {"zzz.warc.gz": whole, "zzz-2.warc.gz.open": whole + whole[:50]}
    for name, data in theirs.items():
        (tmp_path / name).write_bytes(data)
    with Keep(tmp_path) as keep:
        assert keep.has(URL, stamped(BEGIN))
        keep.response(URL, BEGIN + timedelta(hours=1), HEAD, page(1))
    assert {name: (tmp_path / name).read_bytes() for name in theirs} == theirs
    assert len(known.files(tmp_path)) == 3


def test_two_runs_do_not_write_into_one_folder(tmp_path: Path) -> None:
    with Keep(tmp_path), pytest.raises(OutputError, match="another run collects into it"):
        Keep(tmp_path)
    Keep(tmp_path).close()


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match="cannot be written"):
        Keep(tmp_path / "file" / "a.kr")


def test_notes_survive_a_torn_line(tmp_path: Path) -> None:
    with Keep(tmp_path) as keep:
        keep.note(Capture("http://a.kr/가,나", "20240501000000"), 'a "reason",\nwith a break')
    path = keep.notes.path
    assert path.read_text("utf-8").count("\n") == 2
    path.write_bytes(path.read_bytes() + b"2024-05-01T00:00:00Z,http://a.kr/x,2024")
    with Keep(tmp_path) as keep:
        assert keep.has("http://a.kr/가,나", "20240501000000") and not keep.has("http://a.kr/x", "2024")
        keep.note(Capture("http://a.kr/x", "20240501000001"), "again")
    with Keep(tmp_path) as keep:
        assert keep.has("http://a.kr/x", "20240501000001")


@given(st.lists(st.binary(max_size=300), max_size=6), st.integers(1, 64))
def test_packed_records_are_found_whatever_is_in_them(bodies: list[bytes], _: int) -> None:
    data = b"".join(
        packed("response", BEGIN, [("WARC-Target-URI", URL)], HEAD + body, body) for body in bodies
    )
    found = list(members(io.BytesIO(data + b"\x1f\x8b\x08")))
    assert sum(one.length for one in found) == len(data) and len(found) == len(bodies)
    for one, body in zip(found, bodies, strict=True):
        assert (
            zlib.decompress(data[one.offset : one.offset + one.length], 31) == one.record
            and body in one.record
        )


def test_a_record_that_unfolds_without_end_is_none() -> None:
    bomb = gzip.compress(b"WARC/1.1\r\n" + b"\0" * (MOST + 1000), 1)
    assert len(bomb) < 1 << 20 and list(members(io.BytesIO(bomb))) == []


def test_what_an_address_says_cannot_end_a_line() -> None:
    (one,) = members(
        io.BytesIO(packed("response", BEGIN, [("WARC-Target-URI", "http://a\r\nWARC-Type: x")], b""))
    )
    assert one.record.count(b"\r\nWARC-Type") == 1


SURTS = {
    "http://www.example.kr/": "kr,example)/", "https://Example.KR:443/A/b/": "kr,example)/a/b",
    "http://www2.a.co.kr:8080/x?b=2&a=1": "kr,co,a:8080)/x?a=1&b=2", "http://a.kr": "kr,a)/",
    "http://10.0.0.1/x": "10.0.0.1)/x",
}  # fmt: skip


@pytest.mark.parametrize("url", SURTS)
def test_addresses_are_sorted_as_indexes_sort_them(url: str) -> None:
    assert surt(url) == SURTS[url]


TARGETS = {
    "etoday.co.kr/news/*": ("etoday.co.kr/news/", "prefix", "etoday.co.kr"),
    "https://www.etoday.co.kr/news/": ("https://www.etoday.co.kr/news/", "exact", "etoday.co.kr"),
    "ebn.co.kr": ("ebn.co.kr", "host", "ebn.co.kr"), "*.ebn.co.kr": ("ebn.co.kr", "domain", "ebn.co.kr"),
    "http://ebn.co.kr": ("http://ebn.co.kr", "exact", "ebn.co.kr"), "ebn.co.kr*": ("ebn.co.kr", "prefix", "ebn.co.kr"),
    "a.kr?x=1": ("a.kr?x=1", "exact", "a.kr"), "localhost:8080/x": ("localhost:8080/x", "exact", "localhost-8080"),
}  # fmt: skip


@pytest.mark.parametrize("typed", TARGETS)
def test_what_is_typed_says_how_much_is_meant(typed: str) -> None:
    found = target(typed)
    assert (found.url, found.match, found.site) == TARGETS[typed]
    assert target(typed, "domain").match == "domain"


@pytest.mark.parametrize(
    "typed", ["ftp://a.kr/", "", "news", "a.kr/*/x", "http://", "a b.kr", "file:///etc/passwd"]
)
def test_what_is_no_address_is_said(typed: str) -> None:
    with pytest.raises(SourceError):
        target(typed)


@given(st.text(max_size=60))
def test_a_site_is_a_name_for_a_folder(text: str) -> None:
    name = site_of(text)
    assert (
        name and "/" not in name and "\0" not in name and name not in (".", "..") and not name.startswith(".")
    )
