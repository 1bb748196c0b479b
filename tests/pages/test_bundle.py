"""What is named and what is in it: folders, patterns, zip and tar, standard input, addresses."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import random
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import fsspec
import pytest
from files import make
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.errors import Beside, SourceError, TimeError
from tracker.pages import Intake, TrackerWarning, expand, pages, read, split
from tracker.pages.source import locate

FILES = Path(__file__).parents[1] / "files"


def met(*names: str | Path, **options: Any) -> tuple[dict[str, str], dict[str, str]]:
    """The texts by their source, and the reasons by their subject."""
    errors: list[SourceError] = []
    found = {page.source: page.text.strip() for page in pages(names, on_skip=errors.append, **options)}
    return found, {error.subject: error.reason for error in errors}


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return into.getvalue()


def tarred(members: dict[str, bytes], mode: Any = "w") -> bytes:
    into = io.BytesIO()
    with tarfile.open(fileobj=into, mode=mode) as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return into.getvalue()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Pages, beside what lies beside pages, and below them more."""
    root = tmp_path / "pages"
    (root / "b" / "deep").mkdir(parents=True)
    (root / ".git").mkdir()
    for name, data in {
        "z.txt": b"last", "a.html": b"<p>first</p>", "b/deep/c.txt": b"deep", "b/x.png": b"\x89PNG", "README.md": b"note",
        "b/empty.txt": b"", ".hidden": b"hidden", ".git/config": b"hidden",
    }.items():  # fmt: skip
        (root / name).write_bytes(data)
    return root


def test_a_folder_is_read_in_order_of_its_names(folder: Path) -> None:
    (folder / "broken").symlink_to(folder / "nowhere")
    found, reasons = met(folder)
    assert found == {f"{folder}/a.html": "first", f"{folder}/z.txt": "last", f"{folder}/b/deep/c.txt": "deep"}
    assert next(iter(found)) == f"{folder}/a.html"
    assert set(reasons) == {f"{folder}/{name}" for name in ("README.md", "broken", "b/x.png", "b/empty.txt")}


def test_what_lies_beside_pages_costs_nothing(folder: Path) -> None:
    errors: list[SourceError] = []
    list(expand([folder], errors.append))
    assert {type(error) for error in errors} == {Beside}


@pytest.mark.parametrize("pattern", ["*.txt", "**/*.txt", "[az].*", "b/deep"])
def test_a_pattern_stands_for_its_files(folder: Path, pattern: str) -> None:
    expected = {"*.txt": 1, "**/*.txt": 2, "[az].*": 2, "b/deep": 1}
    assert len(met(str(folder / pattern))[0]) == expected[pattern]


MISSING = {
    "nowhere.txt": "there is no such file",
    "*.nothing": "no file matches",
    "nowhere#3": "there is no such file",
    "x" * 5000: "File name too long",
    "a\0b": "there is no such file",
    "empty": "holds no files",
    "xyz://a/b": "cannot be opened",
}


@pytest.mark.parametrize("name", MISSING)
def test_what_is_not_there_is_one_line_and_costs_nothing_else(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    (tmp_path / "good.txt").write_text("good")
    found, reasons = met(name, "good.txt")
    assert found == {"good.txt": "good"}
    assert [reason.startswith(MISSING[name]) for reason in reasons.values()] == [True]
    with pytest.raises(SourceError):
        list(pages(name))


def test_a_name_may_hold_what_separates_a_record(tmp_path: Path) -> None:
    (tmp_path / "a#1.txt").write_text("good")
    assert met(tmp_path / "a#1.txt")[0] == {f"{tmp_path}/a#1.txt": "good"}


def test_a_file_name_that_is_no_text_can_be_stored(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/\xff.txt"
    Path(os.fsdecode(path)).write_text("good")
    assert met(tmp_path)[0] == {f"{tmp_path}/\ufffd.txt": "good"}


INSIDE = {
    "2019/20191203163500-a.html": b"<p>page</p>",
    "b.txt": "비트코인".encode("cp949"),
    "c.jsonl": b'{"text": "one"}\n[]\n{"text": "two"}\n',
    "d.warc.gz": (FILES / "whole.warc.gz").read_bytes(),
    "e.parquet": (FILES / "damaged-row-group.parquet").read_bytes(),
    "f.png": b"\x89PNG",
    "../../g.txt": b"escaped",
    "__MACOSX/._b.txt": b"hidden",
}
BUNDLES = {
    "x.zip": zipped(INSIDE),
    "stored.zip": zipped(INSIDE, zipfile.ZIP_STORED),
    "x.tar": tarred(INSIDE),
    "x.tar.gz": tarred(INSIDE, "w:gz"),
    "x.tgz": tarred(INSIDE, "w:gz"),
    "x.tar.bz2": tarred(INSIDE, "w:bz2"),
    "x.tar.xz": tarred(INSIDE, "w:xz"),
    "x.tar.zst": make.zst(tarred(INSIDE)),
    "named-otherwise.dat": zipped(INSIDE),
    "zip-in-a.zip": zipped({"in.zip": zipped(INSIDE)}),
    "tar-in-a.zip": zipped({"in.tar.gz": tarred(INSIDE, "w:gz")}),
    "zip-in-a.tar": tarred({"in.zip": zipped(INSIDE)}),
}


@pytest.mark.parametrize("name", BUNDLES)
def test_a_bundle_is_read_in_memory(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inside = tmp_path / "a" / "b"
    inside.mkdir(parents=True)
    monkeypatch.chdir(inside)
    Path(name).write_bytes(BUNDLES[name])
    found, reasons = met(name)
    inner = {"zip-in-a.zip": "#in.zip", "tar-in-a.zip": "#in.tar.gz", "zip-in-a.tar": "#in.zip"}.get(name, "")
    assert found[f"{name}{inner}#b.txt"] == "비트코인"
    assert found[f"{name}{inner}#c.jsonl#3"] == "two"
    assert found[f"{name}{inner}#../../g.txt"] == "escaped"
    assert len(found) == 1 + 1 + 2 + 5 + 15 + 1
    assert set(reasons) == {f"{name}{inner}#{what}" for what in ("c.jsonl#2", "e.parquet#6", "f.png")}
    assert {path.name for path in tmp_path.rglob("*")} == {"a", "b", name}, "nothing was written"
    for source, text in found.items():
        assert met(source)[0] == {source: text}


def test_a_stamp_in_a_members_name_is_its_capture_and_one_in_the_bundles_is_not(tmp_path: Path) -> None:
    bundle = tmp_path / "20240101000000.zip"
    bundle.write_bytes(BUNDLES["x.zip"])
    (stamped,), (bare,) = pages(f"{bundle}#2019/20191203163500-a.html"), pages(f"{bundle}#b.txt")
    assert (stamped.captured_at, bare.captured_at) == (datetime(2019, 12, 3, 16, 35, tzinfo=UTC), None)


BAD: dict[str, tuple[bytes, str]] = {
    "cut-off.zip": (BUNDLES["x.zip"][:-30], "is no zip archive, or is cut off"),
    "cut-off.tar.gz": (BUNDLES["x.tar.gz"][:-200], "damaged or cut off"),
    "garbage.tar": (b"garbage" * 200, "is no tar archive"),
    "nothing.zip": (b"", "is empty"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_damaged_bundle_is_one_line(name: str, tmp_path: Path) -> None:
    data, reason = BAD[name]
    (tmp_path / name).write_bytes(data)
    reasons = met(tmp_path / name)[1]
    assert reason in reasons[f"{tmp_path / name}"]


def test_a_damaged_member_costs_itself(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.txt": b"first" * 50, "b.txt": b"second"}, zipfile.ZIP_STORED))
    data[data.find(b"firstfirst")] ^= 1
    (tmp_path / "x.zip").write_bytes(data)
    found, reasons = met(tmp_path / "x.zip")
    assert list(found.values()) == ["second"]
    assert "is damaged" in reasons[f"{tmp_path}/x.zip#a.txt"]


def test_a_locked_member_and_a_link_are_left_out(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.txt": b"x", "b.txt": b"open"}))
    data[data.find(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "x.zip").write_bytes(data)
    assert met(tmp_path / "x.zip")[1] == {f"{tmp_path}/x.zip#a.txt": "is locked with a password"}
    link = tarfile.TarInfo("link")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    with tarfile.open(tmp_path / "x.tar", "w") as archive:
        archive.addfile(link)
    assert met(tmp_path / "x.tar") == ({}, {f"{tmp_path}/x.tar#link": "is a link to another file"})


def test_korean_names_in_old_zip_files_are_read(tmp_path: Path) -> None:
    data = zipped({"abcd.txt": b"x"}).replace(b"abcd.txt", "한글".encode("cp949") + b".txt")
    (tmp_path / "x.zip").write_bytes(data)
    assert list(met(tmp_path / "x.zip")[0]) == [f"{tmp_path}/x.zip#한글.txt"]


def test_a_bundle_in_a_bundle_in_a_bundle_is_not_opened(tmp_path: Path) -> None:
    third = zipped({"in.zip": zipped({"in.zip": zipped({"a.txt": b"x"})}), "b.txt": b"y"})
    (tmp_path / "x.zip").write_bytes(third)
    found, reasons = met(tmp_path / "x.zip")
    assert found == {f"{tmp_path}/x.zip#b.txt": "y"}
    assert list(reasons) == [f"{tmp_path}/x.zip#in.zip#in.zip"]


@pytest.mark.parametrize("ending", ["zip", "tar.gz", "tar.xz", "zip.zip"])
def test_what_unfolds_without_end_is_refused_with_its_name(
    ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_module("tracker.pages.streams"), "FLOOR", 1 << 20)
    zeros = {f"{n}.txt": bytes(1 << 20) for n in range(8)}
    data = {
        "zip": lambda: zipped(zeros),
        "tar.gz": lambda: tarred(zeros, "w:gz"),
        "tar.xz": lambda: tarred(zeros, "w:xz"),
        "zip.zip": lambda: zipped({"in.zip": zipped(zeros)}),
    }[ending]()
    (tmp_path / f"x.{ending}").write_bytes(data)
    found, reasons = met(tmp_path / f"x.{ending}")
    assert not found
    assert "refused: it unfolds to more than 200 times its size" in reasons[f"{tmp_path}/x.{ending}"]


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(sorted(BUNDLES)), st.integers())
def test_no_bundle_is_too_strange(tmp_path_factory: pytest.TempPathFactory, name: str, seed: int) -> None:
    chance, data = random.Random(seed), bytearray(BUNDLES[name])
    for _ in range(chance.randint(1, 4)):
        place, length = chance.randrange(len(data)), chance.choice((0, 1, chance.randint(0, 60)))
        data[place : place + length] = chance.randbytes(chance.choice((0, 1, length)))
    path = tmp_path_factory.getbasetemp() / name
    path.write_bytes(data)
    met(path)


PACKS: dict[str, Callable[[bytes], bytes]] = {
    "gz": make.gz,
    "zst": make.zst,
    "bz2": bz2.compress,
    "xz": lzma.compress,
}


@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize("name", ["b.txt", "c.jsonl", "d.warc", "e.parquet"])
def test_a_file_of_any_kind_may_be_packed(name: str, pack: str, tmp_path: Path) -> None:
    """As it is alone; a page in an archive of one block can be had again by its record too."""
    data = gzip.decompress(INSIDE["d.warc.gz"]) if name == "d.warc" else INSIDE[name]
    (tmp_path / name).write_bytes(data)
    (tmp_path / f"{name}.{pack}").write_bytes(PACKS[pack](data))
    found, reasons = met(tmp_path / name)
    packed, again = met(tmp_path / f"{name}.{pack}")
    assert list(packed.values()) == list(found.values()) and list(again.values()) == list(reasons.values())
    assert found
    for source, text in packed.items():
        assert met(source)[0] == {source: text}
    assert [source.path for source in split(locate(str(tmp_path / f"{name}.{pack}")), 10)]


@pytest.mark.parametrize("pack", PACKS)
def test_a_packed_file_that_breaks_off_or_is_damaged_is_told(pack: str, tmp_path: Path) -> None:
    data = PACKS[pack](random.Random(1).randbytes(200_000).hex().encode())
    (tmp_path / "cut.txt").write_bytes(data[: len(data) // 2])
    (tmp_path / "bad.txt").write_bytes(data[:1000] + bytes(200) + data[1200:])
    found, reasons = met(tmp_path)
    assert not found and len(reasons) == 2


def test_a_packed_page_and_one_cut_off(tmp_path: Path) -> None:
    (tmp_path / "a.html.gz").write_bytes(make.gz(b"<p>good"))
    (tmp_path / "b.html.gz").write_bytes(make.gz(b"<p>good" * 99)[:-9])
    (tmp_path / "c.txt.zst").write_bytes(make.zst(b"good"))
    found, reasons = met(tmp_path)
    assert list(found.values()) == ["good", "good"]
    assert reasons == {f"{tmp_path}/b.html.gz": "cut off: its packed data breaks off"}


def test_kinds_are_told_by_content_where_the_name_says_nothing(tmp_path: Path) -> None:
    for name, file in {"a": "whole.warc.gz", "b": "damaged-row-group.parquet", "c": "in-cp949.jsonl"}.items():
        (tmp_path / name).write_bytes((FILES / file).read_bytes())
    (tmp_path / "d.txt").write_text('{"text": "a page about JSON"}')
    found, _ = met(tmp_path)
    assert len(found) == 5 + 15 + 1 + 1
    assert found[f"{tmp_path}/d.txt"].startswith("{")


def test_a_wacz_is_its_archives(tmp_path: Path) -> None:
    own = (
        "datapackage.json",
        "datapackage-digest.json",
        "pages/pages.jsonl",
        "indexes/index.cdx.gz",
        "logs/x.log",
    )
    archive = (FILES / "whole.warc.gz").read_bytes()
    members = {
        **dict.fromkeys(own, b'{"id": "pages", "title": "All Pages"}'),
        "archive/data.warc.gz": archive,
    }
    (tmp_path / "x.wacz").write_bytes(zipped(members))
    found, reasons = met(tmp_path / "x.wacz")
    assert (len(found), reasons) == (5, {})
    assert {source.split("#")[1] for source in found} == {"archive/data.warc.gz"}
    assert all(met(source)[0] == {source: text} for source, text in found.items())


def test_a_revisit_record_in_a_bundle_does_not_unpack_it_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "x.wacz").write_bytes(zipped({"archive/x.warc": b"".join(make.revisits())}))
    monkeypatch.delattr(import_module("tracker.pages.revisits"), "read")
    found, reasons = met(tmp_path / "x.wacz")
    assert len(found) == 4 and len(set(found.values())) == 1
    assert set(reasons.values()) == {"a revisit record of a page that is not known"}


CDXJ = b'kr,a)/1 20240330010001 {"url": "https://www.a.kr/1", "offset": "0"}\n'
ARC = b"filedesc://x.arc 0.0.0.0 20060101000000 text/plain 76\n1 0 InternetArchive\n"
UNREAD = {
    "x.arc": (ARC, "is an ARC file"),
    "x.arc.gz": (make.gz(ARC), "is an ARC file"),
    "x.warc.lz4": (b"\x04\x22\x4d\x18" + bytes(40), "is packed by LZ4"),
    "x.xlsx": (
        zipped({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<a/>"}),
        "office document",
    ),
    "prices": (
        zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}, zipfile.ZIP_STORED),
        "office document",
    ),
    "x.docx": (zipped({"_rels/.rels": b"<a/>", "word/document.xml": b"<a/>"}), "office document"),
    "index.txt": (CDXJ, "is an index of archives"),
    "index": (b" CDX N b a m s k r M S V g\nkr,a)/1 20240330010001 x\n", "is an index of archives"),
}


@pytest.mark.parametrize("name", UNREAD)
def test_what_is_known_and_not_read_is_refused_by_name(name: str, tmp_path: Path) -> None:
    data, reason = UNREAD[name]
    (tmp_path / name).write_bytes(data)
    for source, subject in ((tmp_path, name), (tmp_path / name, name)):
        found, reasons = met(source)
        assert (found, list(reasons)) == ({}, [f"{tmp_path}/{subject}"])
        assert reason in reasons[f"{tmp_path}/{subject}"]


@pytest.mark.parametrize("name", ["x.cdx", "x.cdxj", "x.CDXJ.gz", "x.cdx.gz", "cluster.idx"])
def test_an_index_beside_archives_is_none_of_the_pages(name: str, folder: Path) -> None:
    (folder / name).write_bytes(b"kr,a)/1 20240330010001 x y z\n")
    errors: list[SourceError] = []
    assert str(folder / name) not in [source.path for source in expand([folder], errors.append)]
    assert {error.reason for error in errors if error.subject == str(folder / name)} == {
        "an index of archives, no page"
    }


def test_what_spark_leaves_beside_its_files_is_silent(folder: Path) -> None:
    before = met(folder)
    (folder / "_SUCCESS").touch()
    (folder / "_metadata").write_bytes(b"PAR1")
    assert met(folder) == before


def test_without_on_skip_a_loss_is_a_warning_and_a_named_failure_an_error(folder: Path) -> None:
    with pytest.warns(TrackerWarning, match="is empty"):
        assert len(list(pages(folder))) == 3
    with pytest.raises(SourceError, match="is empty"):
        list(pages(folder / "b/empty.txt"))
    with pytest.warns(TrackerWarning, match="cut off"):
        assert len(list(pages(FILES / "cut-off-in-a-record.warc.gz"))) == 4


def test_pages_are_read_when_they_are_asked_for(folder: Path) -> None:
    stream = pages([folder / "a.html", folder / "nowhere"])
    assert next(stream).text == "first"
    with pytest.raises(SourceError):
        next(stream)


@pytest.mark.parametrize("at", ["yesterday", datetime(2020, 1, 1)])
def test_a_time_that_is_none_is_said_at_once(folder: Path, at: Any) -> None:
    with pytest.raises(TimeError):
        pages(folder, at=at)


def test_a_file_that_disappears_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("x")
    (source,) = expand([path], pytest.fail)
    path.unlink()
    with pytest.raises(SourceError, match="no such file"):
        list(read(source, Intake()))


def test_a_pipe_in_a_folder_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert list(met(tmp_path)[1]) == [f"{tmp_path}/pipe"]


STDIN = "import sys; from tracker.pages import pages\nfor p in pages('-', on_skip=print): print(p.source, p.text.split()[0])"


@pytest.mark.parametrize(
    ("data", "first", "count"),
    [
        (b"hello", "- hello", 1),
        (BUNDLES["x.zip"], "-#2019/20191203163500-a.html page", 28),
        (BUNDLES["x.tar.gz"], "-#2019/20191203163500-a.html page", 28),
        (INSIDE["d.warc.gz"], "-#0 page", 5),
        (INSIDE["c.jsonl"], "-#1 one", 3),
        (INSIDE["e.parquet"], "-#1 page", 16),
        (b"", "-: is empty", 1),
    ],
    ids=["text", "zip", "tar", "warc", "jsonl", "parquet", "nothing"],
)
def test_standard_input_may_be_anything(data: bytes, first: str, count: int) -> None:
    done = subprocess.run([sys.executable, "-c", STDIN], input=data, capture_output=True, check=True)
    lines = done.stdout.decode().splitlines()
    assert (lines[0], len(lines)) == (first, count)


@pytest.mark.parametrize("name", ["a.txt", "whole.warc.gz", "x.zip"])
def test_an_address_that_is_none_of_the_web_is_read_like_a_file(name: str) -> None:
    memory = fsspec.filesystem("memory")
    contents = {"a.txt": b"good", "whole.warc.gz": INSIDE["d.warc.gz"], "x.zip": BUNDLES["x.zip"]}
    memory.pipe(f"/pages/{name}", contents[name])
    try:
        found, _ = met(f"memory:///pages/{name}")
        assert len(found) == {"a.txt": 1, "whole.warc.gz": 5, "x.zip": 25}[name]
        assert met("memory:///pages/*")[0] == found
        assert all(met(source)[0] == {source: text} for source, text in found.items())
        assert met("memory:///pages/no*")[1] == {"memory:///pages/no*": "nothing there matches"}
        assert met("memory:///pages/nowhere")[1] == {
            "memory:///pages/nowhere": "there is nothing at this address, or no way to it"
        }
    finally:
        memory.rm("/pages", recursive=True)


HEAVY = {
    "fastwarc",
    "pyarrow",
    "resiliparse",
    "fsspec",
    "httpx2",
    "zipfile",
    "tarfile",
    "gzip",
    "pandas",
    "multiprocessing",
}


def test_nothing_heavy_is_loaded_before_it_is_needed() -> None:
    code = "import sys, tracker.pages; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert not HEAVY & set(done.stdout.split())
