"""`tracker collect` as it is typed: its examples, against doubles of what they name; what it says, and how it ends."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest
from doubles import Double, Faults, Made, held, page, running, wanted

from tracker.cli import run
from tracker.collect.pace import Pace

Said = Callable[..., tuple[int, str, str]]


@pytest.fixture
def tracker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Said:
    """Run a command in an empty folder, at the pace of nobody: its status, standard output and standard error."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(
        Pace.__init__, "__kwdefaults__", Pace.__init__.__kwdefaults__ | {"sleep": lambda seconds: None}
    )

    def say(*arguments: object) -> tuple[int, str, str]:
        status = run([str(argument) for argument in arguments])
        return (status, *capfd.readouterr())

    return say


NAMES = {
    "https://www.etoday.co.kr/news/": "{at}/news/", "http://localhost:8080/coll/cdx": "{at}/coll/cdx",
    "wayback": "{at}/cdx/search/cdx",
}  # fmt: skip


@pytest.fixture
def named() -> Iterator[Double]:
    """A double that has what the examples ask for."""
    urls = (
        "http://etoday.co.kr/news/1",
        "http://ebn.co.kr/",
        "http://example.com/markets",
        "https://coinmarketcap.com/all/views/all/",
    )
    made = [
        Made(url, f"20191{month}03073500", page(number))
        for number, url in enumerate(urls)
        for month in (1, 2)
    ]
    with running(Double(sorted(made, key=lambda one: one.key))) as double:
        double.live["/news/"] = lambda heads: (200, [("Content-Type", "text/html")], page(1))
        yield double


def test_the_examples_are_true(tracker: Said, named: Double) -> None:
    examples = re.findall(r"^  tracker (.+)$", tracker("collect", "--help")[1], re.M)
    assert len(examples) == 5
    for example in examples:
        words = [NAMES.get(word, word).format(at=named.at) for word in shlex.split(example)]
        if "commoncrawl" in words:
            at = words.index("--crawl")
            words[words.index("commoncrawl")] = f"{named.at}/{words[at + 1]}-index"
            words[at : at + 2] = ["--replay", f"{named.at}/{{file}}"]
        status, out, told = tracker(*words)
        assert status == 0, f"{example}: {told}"
        if "--dry-run" in words:
            assert out.startswith(
                "2 captures listed, 2 wanted, 0 of them kept already; 2 captures to collect: "
            )
        else:
            assert re.search(r" [12] collected", told), f"{example}: {told}"
    status, out, told = tracker("ingest", "data/warc")
    assert status == 0 and "7 blocks found, 7 snapshots added" in told and "left out" not in told


def test_what_it_says(tracker: Said, double: Double) -> None:
    words = ("collect", "www.a.kr/*", "--from", f"{double.at}/coll/cdx", "--contact", "me@a.kr")
    status, out, told = tracker(*words)
    kept = len(wanted(double.made))
    lines = told.splitlines()
    assert (status, out) == (0, "")
    assert lines[0].startswith(f"tracker: {len(double.made)} captures listed, {kept} wanted, ")
    assert lines[0].endswith(" 0 kept before, 0 left for the next run")
    assert "tracker: not kept 3, noted in uncollected.csv: soft 404" in lines
    assert "tracker: passed over 3: no page: image/png" in lines
    assert held(Path("data/warc/a.kr")) == wanted(double.made)
    assert all(heads["user-agent"].endswith("(+me@a.kr)") for _, _, heads in double.asked)
    assert f"{kept} kept before" in tracker(*words)[2]
    assert "not asked for again 12: noted in uncollected.csv by an earlier run" in tracker(*words)[2]
    assert tracker(*words, "--quiet") == (0, "", "")


def test_how_it_ends(tracker: Said, double: Double, tmp_path: Path) -> None:
    words = ("collect", "www.a.kr/market", "--from", f"{double.at}/coll/cdx", "--into", tmp_path / "w")
    double.faults = Faults(1.0, 0, ("429",))
    status, _, told = tracker(*words)
    assert status == 4 and "127.0.0.1: says stop again and again: 429 Too Many Requests" in told
    double.faults = Faults(1.0, 0, ("drop",))
    assert tracker(*words)[0] == 1
    double.faults = Faults()
    assert tracker(*words, "--limit", 3)[0] == 0


WRONG = {
    ("collect",): "Missing argument",
    ("collect", "ftp://a.kr/"): "ftp is not collected",
    ("collect", "a.kr/x", "--since", "2019"): "--since is for archives",
    ("collect", "a.kr/x", "--dry-run"): "--dry-run is for archives",
    ("collect", "a.kr/x", "--from", "archive.org"): "is no archive that is known",
    ("collect", "a.kr/x", "--from", "wayback", "--every", "day"): "is no interval",
    ("collect", "a.kr/x", "--from", "wayback", "--since", "2019-13"): "2019-13",
    ("collect", "a.kr/x", "--budget", "much"): "is no budget",
    ("collect", "a.kr/x", "--roll", "2h"): "is no size",
    ("collect", "a.kr/x", "--from", "wayback", "--match", "all"): "is not one of exact, prefix, host, domain",
    ("collect", "a.kr/*"): "a pattern cannot be asked of a live site",
}  # fmt: skip


@pytest.mark.parametrize("words", WRONG, ids=" ".join)
def test_what_is_wrong_is_said_in_a_line(tracker: Said, words: tuple[str, ...]) -> None:
    status, out, told = tracker(*words)
    assert status in (1, 2) and not out and WRONG[words] in told and told.count("\n") == 1


def test_without_the_extra_it_says_what_is_missing(tracker: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    module = import_module("tracker.collect.needed")
    monkeypatch.setattr(module, "find_spec", lambda name: None if name == "protego" else find_spec(name))
    status, _, told = tracker("collect", "a.kr/x")
    assert status == 1 and "needs protego; pip install 'ticker-tracker[collect]'" in told


def test_the_month_of_until_is_meant_whole(tracker: Said, double: Double) -> None:
    words = ("collect", "www.a.kr/market", "--from", f"{double.at}/coll/cdx", "--dry-run", "--tz", "UTC")
    spans = (
        ("2019-12", "2019-12", 30),
        ("2019", "2019", 30),
        ("2019-12-02", "2019-12-02", 6),
        ("2020", "2021", 0),
    )
    for since, until, number in spans:
        assert f"{number} wanted" in tracker(*words, "--since", since, "--until", until)[1]
    assert "27 wanted" in tracker(*words, "--until", "2019-12-02 03:00")[1]
