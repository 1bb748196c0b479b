"""Names and lists of names -> paths."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tracker.errors import SourceError
from tracker.spark.paths import _begun, named

WET = "crawl-data/CC-MAIN-2024-10/segments/1/wet/1.warc.wet.gz"
CC = "https://data.commoncrawl.org/"
# the list's own name, the root that was given -> where its names are
BEGUN = [
    (f"{CC}crawl-data/CC-MAIN-2024-10/wet.paths.gz", None, f"{CC}{WET}"),
    ("s3://commoncrawl/crawl-data/CC-MAIN-2024-10/wet.paths.gz", None, f"s3://commoncrawl/{WET}"),
    ("/mirror/crawl-data/CC-MAIN-2024-10/wet.paths", None, f"/mirror/{WET}"),
    ("/home/me/wet.paths.gz", CC, f"{CC}{WET}"),
    (f"{CC}crawl-data/CC-MAIN-2024-10/wet.paths.gz", "s3://commoncrawl/", f"s3://commoncrawl/{WET}"),
]


@pytest.mark.parametrize(("listed", "root", "path"), BEGUN)
def test_names_of_a_list_begin_where_it_does(listed: str, root: str | None, path: str) -> None:
    assert _begun(listed, WET, root) == path


def test_a_list_that_does_not_say_where_its_names_begin_is_refused() -> None:
    with pytest.raises(
        SourceError, match=r"does not say where its names begin: crawl-data.*s3://commoncrawl/"
    ):
        _begun("/home/me/wet.paths.gz", WET, None)


def test_paths_are_files_folders_patterns_addresses_and_lists_each_once(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name in ("b.warc", "a.txt", "picture.png", ".hidden.txt"):
        (tmp_path / "in" / name).write_text("x")
    names = f"in/b.warc\n\n{tmp_path}/in/a.txt\ns3://bucket/c.warc.gz\n"
    (tmp_path / "in.paths.gz").write_bytes(gzip.compress(names.encode()))
    (tmp_path / "in.paths").write_text(names)
    for given in (
        [tmp_path / "in", tmp_path / "in.paths.gz"],
        [tmp_path / "in" / "*.*", f"{tmp_path}/in.paths"],
    ):
        found = named(given, str(tmp_path))
        assert {one.path for one in found} >= {
            f"{tmp_path}/in/a.txt",
            f"{tmp_path}/in/b.warc",
            "s3://bucket/c.warc.gz",
        }
        assert len({one.path for one in found}) == len(found)
    assert [one.path for one in named(tmp_path / "in")] == [f"{tmp_path}/in/a.txt", f"{tmp_path}/in/b.warc"]


def test_a_name_that_stands_for_nothing_is_handed_out_to_be_told(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    names = [str(tmp_path / name) for name in ("nowhere.warc.gz", "*.warc", "empty")]
    assert named(names) == [(name, 0) for name in names]
    with pytest.raises(SourceError, match="there is no such file"):
        named(tmp_path / "wet.paths.gz")


def test_paths_of_files_are_whole_for_executors_work_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_text("x")
    monkeypatch.chdir(tmp_path)
    assert named("a.txt") == [(str(tmp_path / "a.txt"), 1)]
