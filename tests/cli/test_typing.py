"""What people type and what they see: names in any spelling, typos, zones, long and narrow tables, settings, the Tab key."""

from __future__ import annotations

import csv
import fcntl
import io
import json
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from at_length import some
from made import BITCOIN, block, empty_store, series
from rich.cells import cell_len

from tracker.cli.settings import KEYS
from tracker.store import Store

SEEDS = Path(__file__).parents[2] / "seeds"
SEOUL, NEW_YORK = "2019-12-03T16:35:00+09:00", "2019-12-03T02:35:00-05:00"

Said = Callable[..., tuple[int, str, str]]
Typed = Callable[..., tuple[int, list[str], str]]


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def symbols(text: str) -> list[str]:
    return list(dict.fromkeys(row["symbol"] for row in rows(text)))


# -- names

ASKED = [
    (["비트코인"], ["BTC"]),
    (["bitcoin"], ["BTC"]),
    (["btc,eth"], ["BTC", "ETH"]),
    (["eth", "btc"], ["ETH", "BTC"]),
    (["eth, btc"], ["ETH", "BTC"]),
    (["bitcoin", "cash"], ["BCH"]),
    (["이더리움 클래식", "대시"], ["ETC", "DASH"]),
]


@pytest.mark.parametrize(("typed", "meant"), ASKED)
def test_a_coin_has_many_names(filled: Said, typed: list[str], meant: list[str]) -> None:
    assert symbols(filled("latest", *typed)[1]) == meant, "in the order asked for"
    assert set(symbols(filled("history", *typed)[1])) == set(meant)
    assert set(symbols(filled("export", *typed)[1])) == set(meant)


def test_charts_and_reports_take_them_too(filled: Said) -> None:
    assert filled("plot", "비트코인,eth", "--currency", "krw", "-o", "x.svg")[0] == 0
    assert filled("report", "bitcoin", "--currency", "원", "-o", "x.html")[0] == 0
    assert "ETH" not in Path("x.html").read_text("utf-8").partition("<main")[2]


def test_a_site_has_those_below_it(tracker: Said) -> None:
    Store("data/tracker.duckdb").add([
        block(0, url="https://m.etoday.co.kr/1"), block(1, url="https://example.com/1"),
    ])  # fmt: skip
    for site in ("etoday.co.kr", "www.Etoday.co.kr", "https://m.etoday.co.kr/2"):
        assert {row["site"] for row in rows(tracker("export", "--site", site)[1])} == {"m.etoday.co.kr"}


COMMANDS = (["latest"], ["history"], ["export"], ["plot", "-o", "x.svg"], ["report", "-o", "x.html"])


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_a_slip_of_the_pen_is_named_and_the_others_go_on(filled: Said, command: list[str]) -> None:
    status, _, told = filled(*command, "BTCC", "xrp", "doge")
    assert status == 0
    assert "tracker: no quotes of BTCC; did you mean BTC, BCH, " in told
    assert "tracker: no quotes of doge; `tracker coverage` lists what there is" in told
    for asked, line in (
        (["BTCC"], "no quotes of BTCC; did you mean BTC"),
        (["btc", "--currency", "usd"], "no quotes in usd"),
        (["btc", "--currency", "krv"], "no quotes in krv; did you mean KRW?"),
        (["btc", "--site", "etoday.co.kr"], "no quotes from etoday.co.kr"),
    ):
        Path("x.svg").unlink(missing_ok=True)
        status, out, told = filled(*command, *asked)
        assert (status, out, len(told.splitlines())) == (1, "", 1)
        assert line in told
        assert not Path("x.svg").exists()


@pytest.mark.parametrize("command", [c for c in COMMANDS if c != ["latest"]], ids=lambda command: command[0])
def test_a_span_without_quotes_is_named_as_it_was_typed(filled: Said, command: list[str]) -> None:
    status, out, told = filled(*command, "btc", "--since", "2030-01-01", "--tz", "America/New_York")
    assert (status, out) == (1, "")
    assert told == "tracker: no quotes of BTC since 2030-01-01; there are others of it\n"
    status, out, told = filled(*command, "btc", "--since", "2024-05-01", "--until", "2024-04-01")
    assert (status, out, len(told.splitlines())) == (2, "", 1)
    assert "--since 2024-05-01 is after --until 2024-04-01" in told
    assert filled(*command, "btc", "--since", "2024-04-16", "--until", "2024-04-16")[0] == 0


def test_undated_quotes_are_not_left_out_in_silence(tracker: Said) -> None:
    timeless: Any = {"observed_at": None, "time_basis": "none"}
    Store("data/tracker.duckdb").add([block(0, **timeless)])
    left_out = "tracker: 3 undated quotes are left out: give --at"
    status, out, told = tracker("latest")
    assert (status, out) == (1, "")
    assert told.startswith(left_out) and len(told.splitlines()) == 1
    assert "no quotes in the store" not in told
    Store("data/tracker.duckdb").add([block(1)])
    for command in (["latest"], ["plot", "-o", "x.svg"]):
        status, _, told = tracker(*command)
        assert (status, told.startswith(left_out)) == (0, True), command
    assert "1 undated quote is left out" in tracker("history", "btc", "--since", "2019-01-01")[2]
    assert "undated" not in tracker("history", "btc")[2], "they are shown"


def test_the_nearest_source_is_named(filled: Said) -> None:
    status, _, told = filled("forget", "--source", SEEDS / "ebn-86903.txt")
    assert status == 1
    assert f"did you mean {SEEDS / 'ebn-869036.txt'}?" in told


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["inspect", "pages/one.htm"], "did you mean pages/one.html?"),
        (["ingest", "pagez"], "did you mean pages?"),
        (["ingest", "pages/one.htm#3"], "did you mean pages/one.html?"),
        (["latest", "--store", "data/traker.duckdb"], "did you mean data/tracker.duckdb?"),
        (["inspect", "pages", "--layout", "etoday-lst"], "did you mean etoday-list?"),
        (["inspect", "pages", "--layout", "mine"], "`tracker layouts` lists those there are"),
        (["inspect", "pages", "--coins", "coin.csv"], "did you mean coins.csv?"),
    ],
)
def test_a_name_beside_the_one_that_is_not_there(filled: Said, arguments: list[str], line: str) -> None:
    Path("pages").mkdir()
    Path("pages/one.html").write_text("<p>no block")
    Path("coins.csv").write_text("symbol\n")
    status, _, told = filled(*arguments)
    assert status in (1, 2)
    (said,) = (said for said in told.splitlines() if "pages read" not in said)
    assert said.endswith(line)


def test_a_layout_may_be_named_by_its_id(filled: Said) -> None:
    page = SEEDS / "000_35ec38ae2d22f11d.txt"
    assert {row["layout"] for row in rows(filled("inspect", page, "--layout", "etoday-list")[1])} == {
        "etoday-list"
    }
    assert {row["layout"] for row in rows(filled("inspect", page, "--layout", "ebn-header")[1])} != {
        "etoday-list"
    }


# -- zones


@pytest.mark.parametrize("command", [["history", "etc"], ["export", "etc"], ["latest", "etc"]])
@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_a_zone_that_is_given_holds_for_data_too(filled: Said, command: list[str], form: str) -> None:
    for zone, told in (((), "2019-12-03T07:35:00Z"), (("--tz", "America/New_York"), NEW_YORK)):
        _, out, _ = filled(*command, "--format", form, *zone)
        row = rows(out)[0] if form == "csv" else json.loads(out)
        assert row["observed_at"] == row["published_at"] == told


def test_a_zone_that_is_set_is_given(filled: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_TZ", "Asia/Seoul")
    assert rows(filled("latest", "etc")[1])[0]["observed_at"] == SEOUL
    assert rows(filled("inspect", SEEDS / "000_35ec38ae2d22f11d.txt")[1])[0]["observed_at"] == SEOUL
    filled("export", "etc", "-o", "x.xlsx")
    cell = openpyxl.load_workbook("x.xlsx").active.cell(2, 3)
    assert (cell.value.isoformat(), cell.number_format[-8:]) == ("2019-12-03T16:35:00", '"+09:00"')
    filled("export", "-o", "all.csv")
    assert "9 snapshots added" in filled("--store", "new.duckdb", "ingest", "all.csv")[2]
    assert Store("new.duckdb").history() == Store("data/tracker.duckdb").history()


@pytest.mark.parametrize("zone", ["Pacific/Honolulu", "America/New_York", "Asia/Seoul", "Pacific/Auckland"])
def test_a_day_is_the_day_that_was_printed(filled: Said, zone: str) -> None:
    shown = filled("history", "btc", "--format", "table", "--tz", zone)[1]
    assert re.findall(r"^(\S+) +stated-day", shown, re.M)[::7] == ["2024-03-19", "2024-11-07"]


# -- tables


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of 300 quotes of one coin."""
    path = tmp_path_factory.mktemp("long") / "s.duckdb"
    empty_store(path).add(series(0, 300, coins=1))
    return path


def test_the_middle_of_a_long_table_is_folded(
    typed: Typed, long: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Store, "each", None)  # the rows between are not asked for
        _, lines, told = typed(100, "history", "c1", "--store", long)
    assert told == ""
    assert lines[22] == "… 260 more: --all, --limit N, or a pipe"
    assert [line[:16] for line in lines[2:43:20]] == ["2019-12-03 21:00", lines[22][:16], "2019-12-04 01:59"]
    assert len(typed(100, "history", "c1", "--store", long, "--all")[1]) == 2 + 300 + 1
    _, few, _ = typed(100, "history", "c1", "--store", long, "--limit", "5")
    assert [line[11:16] for line in few[2:8]] == ["21:00", "21:01", "21:02", " --al", "01:58", "01:59"]
    assert "… 295 more" in few[5]
    assert "260 more" not in "".join(typed(100, "history", "c1", "--store", long, "--since", "2019-12-04")[1])


def test_a_pipe_has_every_row_and_a_limit_is_said(tracker: Said, long: Path) -> None:
    assert len(rows(tracker("history", "c1", "--store", long)[1])) == 300
    assert tracker("history", "c1", "--store", long, "--format", "table")[1].count("C1") == 300
    for form in ("csv", "jsonl"):
        _, out, told = tracker("history", "c1", "--store", long, "--limit", "4", "--format", form)
        assert out.count("T12:00:00Z") == out.count("T16:59:00Z") == 2  # observed and captured
        assert "296 rows between the first and the last left out" in told


def test_all_and_limit_exclude_each_other(tracker: Said, long: Path) -> None:
    for wrong in (["--all", "--limit", "3"], ["--limit", "0"]):
        status, out, told = tracker("history", "c1", "--store", long, *wrong)
        assert (status, out, len(told.splitlines())) == (2, "", 1)


def test_other_long_lists_are_folded_too(typed: Typed, tmp_path: Path) -> None:
    store = empty_store(tmp_path / "s.duckdb")
    store.add(block(n, source=f"a.warc#{n}", layout=f"l{n}") for n in range(300))
    for command in (["forget", "--source", "a.warc"], ["coverage"]):
        _, lines, _ = typed(100, *command, "--store", store.path)
        assert sum("… 260 more" in line for line in lines) == 1, command
    _, lines, _ = typed(100, "forget", "--source", "a.warc", "--store", store.path, "--limit", "12")
    assert [line.split()[0] for line in lines[2:8]] == [f"a.warc#{n}" for n in range(6)]


HEADS = {"latest": 9, "history": 8}


@pytest.mark.parametrize("width", some([40, 60, 80, 100, 140, 200], 3))
@pytest.mark.parametrize("command", ["latest", "history"])
def test_nothing_vanishes_in_silence_and_nothing_breaks(
    typed: Typed, tmp_path: Path, width: int, command: str
) -> None:
    url = "https://a-rather-long-name.of.a.news.site.example.co.kr/1"
    quotes = (
        BITCOIN,
        replace(BITCOIN, rank=2, symbol="USDT", name="테더 (달러에 매인 코인)", price=Decimal("1395.1234")),
    )
    empty_store(tmp_path / "s.duckdb").add([block(0, quotes=quotes, url=url, source="/a/folder/" * 5)])
    _, lines, _ = typed(width, command, "btc usdt", "--store", tmp_path / "s.duckdb")
    hidden = [line for line in lines if line.startswith("no room for: ")]
    named = hidden[0].removeprefix("no room for: ").split(", ") if hidden else []
    heads = re.split(r"  +", lines[0])
    assert len({*heads, *named}) == HEADS[command]
    assert (width >= 140) or named
    assert all(cell_len(line) <= width for line in lines if line not in hidden)
    shown = "\n".join(lines)
    for whole in ("2019-12-03 21:00", "BTC", "USDT", "8,692,000", "1,395.1234"):
        assert re.search(rf"(?<!\S){re.escape(whole)}(?!\S)", shown), whole


@pytest.mark.parametrize("width", [60, 80, 140])
def test_on_a_real_terminal(filled: Said, width: int) -> None:
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, width, 0, 0))
    known = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
    known["PYTHONPATH"] = str(SEEDS.parent)
    line = [sys.executable, "-m", "tracker", "coverage"]
    with subprocess.Popen(line, stdin=theirs, stdout=theirs, stderr=theirs, env=known):
        os.close(theirs)
        shown = b""
        try:
            while part := os.read(ours, 65536):
                shown += part
        except OSError:  # the other side has closed
            pass
    os.close(ours)
    lines = shown.decode("utf-8").replace("\r\n", "\n").splitlines()
    assert max(map(cell_len, lines)) <= width
    assert any(line.startswith("no room for: flagged") for line in lines) == (width < 71)


def test_percents_have_one_number_of_decimals(filled: Said) -> None:
    shown = filled("latest", "--format", "table")[1]
    percents = re.findall(r" (-?\d+\.\d+)  (?:20|–)", shown)
    assert len(percents) > 20
    assert {len(text.partition(".")[2]) for text in percents} == {2}
    assert "-2.6," in filled("latest", "xlm")[1], "data have the printed digits"


# -- files named for what they hold


@pytest.mark.parametrize(
    "arguments",
    [
        ["report", "-o", "r.pdf"],
        ["report", "-o", "report"],
        ["plot", "BTC", "-o", "-"],
        ["export", "--format", "csv", "-o", "q.xlsx"],
        ["export", "--format", "xlsx", "-o", "q.csv"],
    ],
)
def test_a_file_of_another_name_is_refused(filled: Said, arguments: list[str]) -> None:
    status, out, told = filled(*arguments)
    assert (status, out, len(told.splitlines())) == (2, "", 1)
    assert [path.name for path in Path().iterdir()] == ["data"]


def test_a_dash_is_standard_output(filled: Said) -> None:
    assert filled("export", "-o", "-")[1] == filled("export")[1]
    assert filled("export", "-o", "q", "--format", "csv")[0] == 0
    status, out, told = filled("report", "-o", "-")
    assert (status, told) == (0, "")
    assert out.startswith("<!doctype html>")
    assert [path.name for path in sorted(Path().iterdir())] == ["data", "q"]


# -- settings

OWN = {
    "store": "own.duckdb", "tz": "America/New_York", "lang": "ko", "layouts": ["own"], "coins": "coins.csv",
    "atlas": "costs.csv", "jobs": 3, "contact": "me@example.com",
}  # fmt: skip


def held(told: str) -> dict[str, str]:
    """What `tracker --help` says of each setting; a long path goes on in the next line, broken at a hyphen."""
    unfolded = re.sub(r"\s*\n {6,}(?=\S)", " ", told.partition("Settings")[2])
    found = dict(re.findall(r"^  (\w+) +(.*\))$", unfolded, re.M))
    return {name: re.sub(r"(?<=-)\s+", "", said) for name, said in found.items()}


def test_every_setting_may_stand_in_a_file_and_help_says_where(tracker: Said) -> None:
    assert OWN.keys() == KEYS.keys()
    Path("tracker.toml").write_text("".join(f"{key} = {json.dumps(value)}\n" for key, value in OWN.items()))
    told = held(tracker("--help")[1])
    for key, value in OWN.items():
        assert told[key] == f"{value[0] if isinstance(value, list) else value} (tracker.toml)"


def test_the_command_line_wins_then_the_environment_then_the_files(
    filled: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    def zone(*arguments: str) -> str:
        return filled("latest", "etc", "--format", "table", *arguments)[1].splitlines()[-1]

    assert zone() == "times in Asia/Seoul"
    user = Path(os.environ["XDG_CONFIG_HOME"], "tracker", "tracker.toml")
    user.parent.mkdir()
    user.write_text('tz = "Asia/Tokyo"\njobs = 2\n')
    assert zone() == "times in Asia/Tokyo"
    Path("tracker.toml").write_text('tz = "Europe/Paris"\n')
    assert zone() == "times in Europe/Paris"
    told = held(filled("--help")[1])
    assert (told["tz"], told["jobs"]) == ("Europe/Paris (tracker.toml)", f"2 ({user})")
    monkeypatch.setenv("TRACKER_TZ", "America/New_York")
    assert zone() == "times in America/New_York"
    assert held(filled("--help")[1])["tz"] == "America/New_York (TRACKER_TZ)"
    assert zone("--tz", "UTC") == "times in UTC"


def test_paths_in_a_file_begin_at_its_folder(tracker: Said) -> None:
    folder = Path(os.environ["XDG_CONFIG_HOME"], "tracker")
    folder.mkdir()
    (folder / "coins.csv").write_text("symbol,english\nXYZ,Xyzcoin\n")
    (folder / "tracker.toml").write_text('store = "s.duckdb"\ncoins = "coins.csv"\nlayouts = ["mine"]\n')
    (folder / "mine").mkdir()
    assert tracker("ingest", SEEDS, "-q") == (0, "", "")
    assert (folder / "s.duckdb").exists() and not Path("data").exists()


def test_a_table_of_costs_is_a_setting_too(filled: Said) -> None:
    Path("tracker.toml").write_text('atlas = "costs.csv"\n')
    status, out, told = filled("reconcile")
    assert (status, out, len(told.splitlines())) == (2, "", 1) and told.startswith("tracker: costs.csv")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("tzz = 'UTC'", "tracker.toml: there is no setting 'tzz'; did you mean tz?"),
        ("tz = 'Mars'", "tracker.toml: 'Mars': no such time zone"),
        ("jobs = 'two'", "tracker.toml: jobs is 'two'; make it a whole number"),
        ("layouts = [1]", "tracker.toml: layouts is [1]; make it a list of texts"),
        ("tz = ", "tracker.toml: no TOML"),
    ],
)
def test_a_setting_that_is_none_is_told(filled: Said, text: str, line: str) -> None:
    Path("tracker.toml").write_text(text)
    status, out, told = filled("ingest", SEEDS)
    assert (status, out, len(told.splitlines())) == (2, "", 1)
    assert told.startswith(f"tracker: {line}")
    assert filled("--help")[0] == 0


# -- the Tab key


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("latest BT", ["BTC", "BTG"]),
        ("latest btc,et", ["btc,etc", "btc,eth"]),
        ("history 비트코인캐", ["비트코인캐시"]),
        ("export --currency k", ["krw"]),
        ("--store none.duckdb latest B", []),
        ("latest --store none.duckdb B", []),
        ("inspect --layout eb", ["ebn-header"]),
        ("latest --tz Asia/Seo", ["Asia/Seoul"]),
        ("plot --kind mo", ["movers"]),
        ("his", ["history"]),
        (f"forget --source {SEEDS}/ebn-8", [f"{SEEDS}/ebn-869036.txt", f"{SEEDS}/ebn-875308.txt"]),
    ],
)
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_shell_offers_what_there_is(
    filled: Said, monkeypatch: pytest.MonkeyPatch, shell: str, line: str, offered: list[str]
) -> None:
    for name, value in {
        "_TRACKER_COMPLETE": f"complete_{shell}", "COMP_WORDS": f"tracker {line}", "COMP_CWORD": str(len(line.split())),
        "_TYPER_COMPLETE_ARGS": f"tracker {line}", "_TYPER_COMPLETE_FISH_ACTION": "get-args",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    status, out, told = filled()
    lines = re.findall(r'"([^"]+)"(?::"|\n|\))', out) if shell == "zsh" else out.splitlines()
    assert ([text.partition("\t")[0] for text in lines if text], told) == (offered, "")
    assert status == 0


def test_in_a_real_shell(filled: Said, tmp_path: Path) -> None:
    """What `--show-completion` prints, run by bash."""
    (tmp_path / "tracker").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m tracker "$@"\n')
    (tmp_path / "tracker").chmod(0o755)
    script = """
        export _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION=1
        eval "$(tracker --show-completion bash)"
        COMP_WORDS=(tracker latest BT) COMP_CWORD=2; _tracker_completion tracker; echo "${COMPREPLY[*]}"
    """
    known = {
        **os.environ,
        "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(SEEDS.parent),
    }
    done = subprocess.run(["bash", "-c", script], env=known, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("BTC BTG\n", "")
