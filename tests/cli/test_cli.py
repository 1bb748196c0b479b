"""The command line: what goes where, exit statuses, one line for what goes wrong, and nothing loaded in vain."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from tracker import __version__
from tracker.cli import exporting, ingesting, querying
from tracker.cli.app import app
from tracker.cli.progress import Progress
from tracker.model import COLUMNS

SEEDS = Path(__file__).parents[2] / "seeds"
FIRST = SEEDS / "000_35ec38ae2d22f11d.txt"
NAMES = [column.name for column in COLUMNS]
MODULES = (ingesting, querying, exporting)  # each adds its commands to the application
COMMANDS = sorted(info.callback.__name__ for info in app.registered_commands if info.callback)

Said = Callable[..., tuple[int, str, str]]


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def whole_process(*arguments: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-W", "error", "-m", "tracker", *arguments]
    known = {**os.environ, "PYTHONPATH": str(SEEDS.parent), **environment}
    return subprocess.run(command, cwd=folder, env=known, capture_output=True, timeout=60, check=False)


LISTED = ("Bitcoin", "67,123.45", "-1.2"), ("Ethereum", "3,512.20", "0.4"), ("Solana", "172.44", "-2.3")
LIST = "<table><tr><th>Name<th>Price<th>24h" + "".join(
    f"<tr><td>{name}<td>${price}<td>{change}%" for name, price, change in LISTED
)


def test_inspect_says_why(tracker: Said) -> None:
    """What spoke for a list and how much; the pieces add up to the sum."""
    Path("list.html").write_text(LIST, "utf-8")
    told = tracker("inspect", "list.html", "--why", "--format", "table")[1]
    weighs = re.search(r"weighs ([\d.]+) .*?: (.*)", told)
    assert weighs and "head-price +" in weighs[2] and "costs +" in weighs[2]
    assert sum(map(Decimal, re.findall(r" ([+-][\d.]+)", weighs[2]))) == Decimal(weighs[1])
    assert "weighs" not in tracker("inspect", "list.html", "--format", "table")[1]


def test_inspect_says_what_the_prices_of_one_page_say(tracker: Said) -> None:
    told = tracker("inspect", FIRST, "--why", "--format", "csv")[2]
    assert "priced: 23 of 23 coins cost that" in told and "time-confirmed" in told and "row 14: XEM" in told


# -- what rows say about one another


def test_reconcile_and_what_shows_it(filled: Said) -> None:
    assert filled("export", "--findings")[0] == 1
    status, out, err = filled("reconcile")
    assert (
        status == 0
        and {row["kind"] for row in rows(out)} >= {"priced", "time-confirmed"}
        and "findings made" in err
    )
    assert "nothing new" in filled("reconcile")[2]
    found = rows(filled("check", "--market", "--format", "csv")[1])
    assert any(row["kind"] == "time-confirmed" and "2019-12-03" in row["evidence"] for row in found)
    concluded = rows(filled("export", "--findings")[1])
    assert [*concluded[0]][:20] == NAMES and concluded[0]["priced_fit"] == "23/23"
    assert [*rows(filled("export")[1])[0]] == NAMES


def test_conclusions_are_left_out_on_demand(filled: Said) -> None:
    filled("reconcile", "--within", "40")
    shown = {
        as_printed: rows(filled("history", "LTC", *as_printed)[1])[0]
        for as_printed in ((), ("--as-printed",))
    }
    assert shown[()]["time_basis"] == "priced" and shown["--as-printed",]["time_basis"] == "published"
    assert filled("latest", "--as-printed")[0] == filled("plot", "LTC", "-o", "x.png")[0] == 0


def test_what_comes_into_a_reconciled_store_is_held_against_the_rest_at_once(
    tracker: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    seeds = sorted(SEEDS.glob("ebn-*.txt"))
    assert "finding" not in tracker("ingest", FIRST)[2], "nobody asked for findings yet"
    assert tracker("check", "--market")[0] == 1
    tracker("reconcile", "--within", "40")
    assert re.search(r"\b\d findings made of what is new\n", tracker("ingest", seeds[0])[2])
    assert "nothing new" in tracker("reconcile", "--within", "40")[2]
    assert "finding" not in tracker("ingest", seeds[0])[2]
    Path("own.csv").write_text("day,symbol,low_usd,high_usd\n2019-12-03,XYZ,1,2\n")
    monkeypatch.setenv("TRACKER_ATLAS", "own.csv")
    assert "`tracker reconcile` brings the findings up to what is new" in tracker("ingest", seeds[1])[2]
    monkeypatch.setenv("TRACKER_ATLAS", "none.csv")
    status, _, err = tracker("ingest", seeds[2])
    assert status == 0 and "none.csv" in err and "the findings are those of before" in err


def test_pages_that_show_one_block_are_counted_where_there_are_any(tracker: Said) -> None:
    page = {"timestamp": "2024-03-05T09:0{}:00Z", "url": "https://news.example.kr/{}", "text": ""}
    page["text"] = "Prices\nBitcoin 67,123.45 -1.2%\nEthereum 3,512.20 0.4%\nSolana 172.44 -2.3%\n"
    lines = [json.dumps({name: text.format(n) for name, text in page.items()}) for n in range(3)]
    for count in (1, 3):
        Path("shown.jsonl").write_text("\n".join(lines[:count]))
        tracker("ingest", "shown.jsonl")
        tracker("reconcile")
        for command in (("latest",), ("history", "BTC")):
            printed = rows(tracker(*command)[1])
            assert {row.get("pages") for row in printed} == {None if count == 1 else "3"}
            assert len({row["snapshot_id"] for row in printed}) == 1
            table = tracker(*command, "--format", "table")[1]
            assert ("pages" in table) == (count == 3)
        assert "pages" not in rows(tracker("latest", "--as-printed")[1])[0]


def test_an_atlas_that_is_none_is_wrong_usage(filled: Said, tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("day,symbol\n")
    status, _, err = filled("reconcile", "--atlas", tmp_path / "own.csv")
    assert status == 2 and "own.csv:1" in err and err.count("\n") == 1


# -- pages in, prices out


def test_the_seeds_go_in_once(tracker: Said) -> None:
    status, out, told = tracker("ingest", SEEDS)
    assert (status, out) == (0, "")
    assert "9 snapshots added" in told
    status, _, told = tracker("ingest", SEEDS)
    assert status == 0
    assert "0 snapshots added" in told
    assert len(rows(tracker("export")[1])) == 64


def test_the_export_has_the_columns_and_the_printed_figures(filled: Said) -> None:
    table = rows(filled("export")[1])
    assert list(table[0]) == NAMES
    first = [row for row in table if row["source"].endswith(FIRST.name)]
    assert [int(row["rank"]) for row in first] == list(range(1, 25))
    assert {"8692000", "41.3", "63.7"} <= {row["price"] for row in first}
    nameless = first[13]
    assert (nameless["name"], nameless["symbol"], nameless["flags"]) == ("", "", "name-missing")
    assert {row["observed_at"] for row in first} == {"2019-12-03T07:35:00Z"}
    assert {row["time_basis"] for row in first} == {"published"}


def test_no_price_stands_at_an_old_articles_date(filled: Said) -> None:
    table = [row for row in rows(filled("export")[1]) if "ebn" in row["source"]]
    assert {row["time_basis"] for row in table} == {"stated-day"}
    assert {row["observed_at"][:4] for row in table} == {"2024"}


def test_every_page_is_explained(tracker: Said) -> None:
    pages = [path.name for path in SEEDS.iterdir() if path.suffix == ".txt"]
    status, out, _ = tracker("inspect", SEEDS, "--format", "table")
    assert status == 0
    for page in pages:
        assert f"{page}: " in out
    for word in ("published", "stated-day", "name-missing", "currency-assumed", "41.3", "-2.13"):
        assert word in out


def test_rows_that_are_refused_say_why(tracker: Said, tmp_path: Path) -> None:
    broken = FIRST.read_text("utf-8").replace("• 173,900", "• 0")
    (tmp_path / "broken.txt").write_text(broken, "utf-8")
    (tmp_path / "plain.txt").write_text("Nothing of the kind stands here.", "utf-8")
    status, out, _ = tracker("inspect", "broken.txt", "plain.txt", "--format", "csv")
    assert status == 0
    refused = [row for row in rows(out) if row["verdict"].startswith("refused: ")]
    assert [row["row_text"] for row in refused] == ["이더리움 0 -1.53%"]
    assert rows(out)[-1]["verdict"].startswith("no block")
    assert tracker("ingest", "broken.txt")[0] == 0
    assert tracker("ingest", "broken.txt", "--strict", "--again")[0] == 1


def test_latest_and_history(filled: Said) -> None:
    (newest,) = rows(filled("latest", "btc")[1])
    assert (newest["price"], newest["time_basis"]) == ("104500000", "stated-day")
    seen = [
        row["price"]
        for row in rows(filled("history", "BTC", "--since", "2024-04-16", "--until", "2024-04-18")[1])
    ]
    assert seen == ["94786000", "91259000"]
    assert rows(filled("history", "BTC", "--currency", "usd")[1]) == []


def test_json_lines_carry_the_same_as_csv(filled: Said) -> None:
    lines = [json.loads(line) for line in filled("history", "XRP", "--format", "jsonl")[1].splitlines()]
    assert [line["price"] for line in lines][:2] == [264, 897.4]
    assert lines == [
        json.loads(line) for line in filled("export", "XRP", "--format", "jsonl")[1].splitlines()
    ]
    assert filled("history", "XRP", "--format", "csv")[1] == filled("export", "XRP")[1]


def test_a_table_shows_the_readers_zone_and_a_day_without_a_clock(filled: Said) -> None:
    seoul = filled("history", "BTC", "--format", "table")[1]
    assert "2019-12-03 16:35" in seoul
    assert "2024-11-07 " in seoul
    assert "12:00" not in seoul
    assert "2019-12-03 07:35" in filled("history", "BTC", "--format", "table", "--tz", "UTC")[1]


def test_coverage_accounts_for_every_quote(filled: Said) -> None:
    table = rows(filled("coverage")[1])
    parts = {
        part: sum(int(r["quotes"]) for r in table if r["part"] == part)
        for part in ("totals", "bases", "coins")
    }
    assert parts == {"totals": 64, "bases": 64, "coins": 64}
    shown = filled("coverage", "--format", "table")[1]
    for word in ("undated", "ebn-header", "published", "name-missing"):
        assert word in shown


@pytest.mark.parametrize("name", ["chart.png", "chart.svg", "chart.pdf"])
def test_charts_are_drawn_into_files(filled: Said, tmp_path: Path, name: str) -> None:
    status, out, told = filled("plot", "BTC", "-o", name)
    assert (status, out) == (0, "")
    assert name in told
    assert (tmp_path / name).stat().st_size > 1000


@pytest.mark.parametrize("name", ["q.csv", "q.jsonl", "q.parquet", "q.xlsx"])
def test_exports_take_their_format_from_the_ending(filled: Said, tmp_path: Path, name: str) -> None:
    assert filled("export", "-o", name)[0] == 0
    head = (tmp_path / name).read_bytes()[:4]
    assert head == {"q.csv": b"snap", "q.jsonl": b'{"sn', "q.parquet": b"PAR1", "q.xlsx": b"PK\x03\x04"}[name]


def test_a_report_is_written(filled: Said, tmp_path: Path) -> None:
    assert filled("report", "-o", "report.html", "--title", "Nine pages")[0] == 0
    assert "Nine pages" in (tmp_path / "report.html").read_text("utf-8")


def test_forget_shows_first_and_removes_only_when_told(filled: Said) -> None:
    source = SEEDS / "ebn-869036.txt"
    status, out, told = filled("forget", "--source", source)
    assert (status, rows(out)[0]["quotes"]) == (0, "5")
    assert "--yes" in told
    assert len(rows(filled("export")[1])) == 64
    assert filled("forget", "--source", source, "--yes")[0] == 0
    assert len(rows(filled("export")[1])) == 59
    assert filled("forget", "--source", source)[0] == 1


def test_a_sound_store_passes_its_check(filled: Said) -> None:
    status, out, told = filled("check", "--format", "csv")
    assert (status, rows(out)) == (0, [])
    assert "quotes 64" in told


def test_a_store_of_impossible_rows_fails_its_check(filled: Said) -> None:
    with duckdb.connect("data/tracker.duckdb") as con:
        con.execute("UPDATE quotes SET price = price * 2 WHERE symbol = 'BTC'")
    status, out, _ = filled("check")
    assert status == 1
    assert rows(out)


def test_a_layout_of_your_own(tracker: Said, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "own"
    own.mkdir()
    installed = Path(rows(tracker("layouts", "--format", "csv")[1])[0]["file"])
    (own / "mine.toml").write_bytes((installed.parent / "etoday-list.toml").read_bytes())
    assert "mine" in tracker("layouts", "--layouts", own, "--format", "table")[1]
    monkeypatch.setenv("TRACKER_LAYOUTS", str(own))
    assert "mine" in tracker("layouts")[1]
    taken = rows(tracker("inspect", FIRST, "--layout", own / "mine.toml")[1])
    assert {row["layout"] for row in taken} == {"mine"}


# -- what may be named


def test_one_record_of_an_archive_can_be_read_again(tracker: Said, tmp_path: Path) -> None:
    page = FIRST.read_text("utf-8")
    (tmp_path / "two.jsonl").write_text(
        "".join(json.dumps({"text": text}) + "\n" for text in ("nothing", page))
    )
    (source,) = {
        row["source"] for row in rows(tracker("inspect", "two.jsonl")[1]) if row["verdict"] == "taken"
    }
    again = rows(tracker("inspect", source)[1])
    assert {row["source"] for row in again} == {source}
    assert len(again) == 24


def test_patterns_and_standard_input(tracker: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "8 snapshots added" in tracker("ingest", SEEDS / "ebn-*.txt")[2]
    with FIRST.open("rb") as page:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(page))
        assert "1 snapshot added" in tracker("ingest", "-", "--at", "2020-01-01T09:00+09:00")[2]
    first = [row for row in rows(tracker("export")[1]) if row["layout"] == "etoday-list"]
    assert {(row["observed_at"], row["time_basis"]) for row in first} == {("2020-01-01T00:00:00Z", "given")}


def test_a_time_without_a_zone_is_in_the_zone_of_the_reader(tracker: Said) -> None:
    tracker("ingest", FIRST, "--at", "2020-01-01 09:00", "--tz", "UTC")
    assert rows(tracker("latest", "BTC")[1])[0]["observed_at"] == "2020-01-01T09:00:00Z"


def test_an_export_is_a_backup(filled: Said) -> None:
    before = filled("export", "-o", "all.csv") and Path("all.csv").read_bytes()
    assert filled("--store", "new.duckdb", "ingest", "all.csv", FIRST)[0] == 0
    filled("--store", "new.duckdb", "export", "-o", "new.csv")
    assert Path("new.csv").read_bytes() == before


def test_exports_are_taken_back_wherever_they_lie(filled: Said) -> None:
    before = filled("export", "-o", "all.csv") and Path("all.csv").read_bytes()
    Path("parts").mkdir()
    for name in ("a.csv", "b.parquet"):
        filled("export", "-o", f"parts/{name}")
    for name in ("_SUCCESS", "_metadata"):
        Path("parts", name).touch()
    for source in ("parts", "parts/*", "parts/a.csv"):
        status, _, told = filled("--store", "new.duckdb", "ingest", source)
        assert status == 0 and "parts/a.csv: an export, " in told and "_SUCCESS" not in told
    filled("--store", "new.duckdb", "export", "-o", "new.csv")
    assert Path("new.csv").read_bytes() == before
    assert filled("inspect", "parts")[0] == 0


@pytest.mark.slow
def test_what_the_program_itself_writes_is_no_page(tracker: Said) -> None:
    """Store, settings, exports and pictures of them may lie in the folder that is read."""
    Path("page.txt").write_bytes(FIRST.read_bytes())
    tracker("--store", "s.duckdb", "ingest", ".")
    Path("tracker.toml").write_text('lang = "ko"')
    for name in ("r.html", "c.svg", "e.xlsx", "w.csv", "none.csv", "w.parquet", "w.jsonl"):
        command = {"r": "report", "c": "plot"}.get(name[0], "export")
        chosen = ["--wide"] * (name[0] in "wn") + ["--since", "2030-01-01"] * (name[0] == "n")
        tracker("--store", "s.duckdb", command, *chosen, "-o", name)
    Path("none.csv").write_text("observed_at,time_basis\n")
    Path("s.duckdb.wal").write_bytes(b"\0")
    status, _, told = tracker("--store", "s.duckdb", "ingest", ".", "--again")
    assert status == 0
    assert "1 page read" in told and "0 snapshots added" in told and "0 sources unreadable" in told
    for name in ("s.duckdb", "r.html", "w.csv", "none.csv", "w.parquet", "w.jsonl"):
        assert f"tracker: {name}: a" in told


def test_a_parquet_file_with_a_broken_footer_is_told_why(tracker: Said, tmp_path: Path) -> None:
    Path("x.parquet").write_bytes(b"PAR1" + b"\xff" * 40 + (40).to_bytes(4, "little") + b"PAR1")
    status, _, told = tracker("ingest", "x.parquet")
    assert status == 1 and "is no Parquet file, or a damaged one: " in told and "None" not in told


def test_a_broken_export_costs_nothing_else(filled: Said, tmp_path: Path) -> None:
    table = filled("export")[1]
    (tmp_path / "broken.csv").write_text(table.replace("8692000", "eight million"), "utf-8")
    status, _, told = filled("--store", "new.duckdb", "ingest", "broken.csv", FIRST)
    assert status == 1
    assert "broken.csv" in told
    assert "1 snapshot added" in told


# -- where options may stand


@pytest.mark.parametrize(
    "arguments",
    [
        ("--store", "own.duckdb", "latest", "BTC", "--format", "jsonl"),
        ("--format", "jsonl", "latest", "BTC", "--store", "own.duckdb"),
        (
            "--store",
            "nowhere.duckdb",
            "--format",
            "csv",
            "latest",
            "BTC",
            "--format",
            "jsonl",
            "--store",
            "own.duckdb",
        ),
    ],
)
def test_common_options_stand_before_or_after_the_command(tracker: Said, arguments: tuple[str, ...]) -> None:
    tracker("ingest", SEEDS, "--store", "own.duckdb")
    status, out, _ = tracker(*arguments)
    assert status == 0
    assert json.loads(out)["symbol"] == "BTC"


def test_the_store_may_come_from_the_environment(tracker: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_STORE", "from-environment.duckdb")
    tracker("ingest", FIRST)
    assert Path("from-environment.duckdb").exists()
    assert tracker("latest", "--store", "other.duckdb")[0] == 1


# -- help


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_with_an_example(tracker: Said, command: str) -> None:
    status, out, _ = tracker(command, "--help")
    assert status == 0
    assert f"\n  tracker {command}" in out


def test_the_version(tracker: Said) -> None:
    assert tracker("--version") == (0, f"tracker {__version__}\n", "")


def test_without_arguments_there_is_help(tracker: Said) -> None:
    status, out, told = tracker()
    assert status == 2
    assert "Usage: tracker" in out + told


# -- bad input: one line, the right status, and everything else is still done

MISUSE = {
    "no such command": ["lates"],
    "no such option": ["latest", "--nope"],
    "nothing to read": ["ingest"],
    "an empty name": ["ingest", ""],
    "an empty time": ["history", "BTC", "--since", ""],
    "no symbol": ["history"],
    "no output": ["plot", "BTC"],
    "no such zone": ["latest", "--tz", "Mars"],
    "no such format": ["latest", "--format", "xml"],
    "no number": ["ingest", str(FIRST), "--jobs", "two"],
    "no positive number": ["ingest", str(FIRST), "--jobs", "0"],
    "no time": ["ingest", str(FIRST), "--at", "yesterday"],
    "no such day": ["history", "BTC", "--since", "2019-13-40"],
    "no such finding": ["latest", "--without", "nonsense"],
    "what no page said": ["history", "BTC", "--all-readings", "--implied"],
    "no such kind": ["plot", "--kind", "pie", "-o", "x.png"],
    "no such chart": ["plot", "BTC", "-o", "x.gif"],
    "no such export": ["export", "-o", "x.doc"],
    "no size": ["plot", "BTC", "-o", "x.png", "--size", "huge"],
    "a mark that is for another format": ["export", "--format", "jsonl", "--bom"],
    "forget what": ["forget"],
    "no such layout": ["inspect", str(FIRST), "--layout", "nowhere.toml"],
    "no such folder of layouts": ["layouts", "--layouts", "nowhere"],
    "no such coin list": ["inspect", str(FIRST), "--coins", "nowhere.csv"],
}


@pytest.mark.parametrize("arguments", MISUSE.values(), ids=MISUSE.keys())
def test_wrong_usage_is_one_line_and_status_2(tracker: Said, arguments: list[str]) -> None:
    status, out, told = tracker(*arguments)
    assert (status, out) == (2, "")
    assert told.startswith("tracker: ")
    assert len(told.splitlines()) == 1


MISUSED_CHARTS = {
    "no span": ["plot", "BTC", "-o", "x.png", "--gap", "3x"],
    "too small": ["plot", "BTC", "-o", "x.png", "--size", "0.1x0.1"],
    "an option of another kind": ["plot", "--kind", "movers", "--log", "-o", "x.png"],
}


@pytest.mark.parametrize("arguments", MISUSED_CHARTS.values(), ids=MISUSED_CHARTS.keys())
def test_a_chart_that_cannot_be_meant_is_wrong_usage(filled: Said, arguments: list[str]) -> None:
    status, out, told = filled(*arguments)
    assert (status, out, len(told.splitlines())) == (2, "", 1)
    assert not Path("x.png").exists()


FAILURES = {
    "nothing to draw": (["plot", "DOGE", "-o", "x.png"], "DOGE"),
    "nothing to report": (["report", "DOGE", "-o", "x.html"], "DOGE"),
    "no such page": (["ingest", "nowhere.html"], "nowhere.html"),
    "no page at all": (["inspect", "nowhere.html"], "nowhere.html"),
    "no store yet": (["latest", "--store", "none.duckdb"], "none.duckdb"),
    "no folder for a chart": (["plot", "BTC", "-o", "nowhere/x.png"], "nowhere"),
    "no folder for an export": (["export", "-o", "nowhere/x.csv"], "nowhere"),
    "no folder for a report": (["report", "-o", "nowhere/x.html"], "nowhere"),
    "not a store": (["latest", "--store", str(FIRST)], FIRST.name),
    "not in the store": (["forget", "--source", "never-read.html"], "never-read.html"),
}


@pytest.mark.parametrize(("arguments", "subject"), FAILURES.values(), ids=FAILURES.keys())
def test_what_cannot_be_used_is_one_line_and_status_1(
    filled: Said, arguments: list[str], subject: str
) -> None:
    status, out, told = filled(*arguments)
    assert (status, out.splitlines()[1:]) == (1, [])  # a table without rows may have its heads
    complaints = [line for line in told.splitlines() if subject in line]
    assert len(complaints) == 1
    assert "Traceback" not in told


BAD_PAGES = {
    "empty.html": b"",
    "binary.txt": bytes(range(256)) * 40,
}


@pytest.mark.parametrize(("name", "content"), BAD_PAGES.items(), ids=BAD_PAGES.keys())
def test_a_bad_page_costs_nothing_else(tracker: Said, tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    status, _, told = tracker("ingest", name, "nowhere.html", FIRST)
    assert status == 1
    assert sum(name in line for line in told.splitlines()) == 1
    assert "nowhere.html" in told
    assert len(rows(tracker("export")[1])) == 24


def test_a_page_without_a_block_is_no_failure(tracker: Said, tmp_path: Path) -> None:
    (tmp_path / "plain.txt").write_text("Nothing of the kind stands here.", "utf-8")
    status, _, told = tracker("ingest", "plain.txt")
    assert status == 0
    assert "without a block" in told


def test_a_page_in_the_wrong_encoding_is_read(tracker: Said, tmp_path: Path) -> None:
    (tmp_path / "old.txt").write_bytes(FIRST.read_text("utf-8").encode("cp949", "replace"))
    assert tracker("ingest", "old.txt")[0] == 0
    assert "비트코인" in {row["name"] for row in rows(tracker("export")[1])}


def test_a_store_of_a_newer_version_is_refused(filled: Said) -> None:
    with duckdb.connect("data/tracker.duckdb") as con:
        con.execute("UPDATE tracker_schema SET version = 99")
    status, _, told = filled("latest")
    assert status == 1
    assert "99" in told
    assert len(told.splitlines()) == 1


def test_a_table_of_parquet_files_is_added_to_and_read_as_a_store_is(filled: Said) -> None:
    assert filled("export", "--append", "out", "--since", "2024-04-01")[0] == 0
    assert filled("export", "--append", "out") == (0, "", "tracker: added 5 snapshots of 44 quotes to out\n")
    assert filled("export", "--append", "out") == (0, "", "tracker: nothing new for out\n")
    for command in (["latest"], ["history", "BTC"], ["export"], ["coverage"]):
        assert filled(*command, "--store", "out") == filled(*command)
    status, _, told = filled("ingest", SEEDS, "--store", "out")
    assert (status, told.count("\n")) == (1, 1)
    assert "out: is a table of Parquet files, which is only read; " in told


@pytest.mark.parametrize(
    "others", [["BTC"], ["-o", "x.csv"], ["--wide"], ["--format", "csv"], ["--currency", "KRW"]]
)
def test_only_whole_snapshots_are_added_to_a_table(filled: Said, others: list[str]) -> None:
    status, _, told = filled("export", "--append", "out", *others)
    assert status == 2
    assert "adds whole snapshots as Parquet: leave out" in told
    assert not Path("out").exists()


def test_a_busy_store_is_waited_for_and_then_given_up_with_its_holder_named(
    filled: Said, tmp_path: Path
) -> None:
    code = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print(flush=True); sys.stdin.read()"
    line = [sys.executable, "-c", code, str(tmp_path / "data" / "tracker.duckdb")]
    with subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout
        holder.stdout.readline()
        status, out, told = filled("latest", "--wait", "0.3")
        holder.communicate()
    assert (status, out) == (1, "")
    assert len(told.splitlines()) == 2
    assert all(str(holder.pid) in line for line in told.splitlines())
    assert filled("latest")[0] == 0


def test_nothing_found_is_said(filled: Said) -> None:
    status, out, told = filled("latest", "DOGE")
    assert (status, out) == (1, "")
    assert "no quotes" in told
    assert "DOGE" in told


# -- terminals and pipes


def test_a_pages_control_characters_do_not_reach_the_terminal(tracker: Said, tmp_path: Path) -> None:
    hostile = FIRST.read_text("utf-8").replace("• 트론", "• \x1b]0;title\x07트론\u202e")
    (tmp_path / "hostile.txt").write_text(hostile, "utf-8")
    _, out, told = tracker("inspect", "hostile.txt", "--format", "table")
    assert not {"\x1b", "\x07", "\u202e"} & set(out + told)


@pytest.mark.parametrize("encoding", ["cp949", "ascii"])
def test_a_console_that_lacks_characters_does_not_end_the_run(tmp_path: Path, encoding: str) -> None:
    done = whole_process(
        "inspect", str(FIRST), "--format", "table", folder=tmp_path, PYTHONIOENCODING=encoding
    )
    assert done.returncode == 0, done.stderr
    assert b"8,692,000" in done.stdout


def test_a_reader_that_has_seen_enough_ends_the_writing_quietly(filled: Said, tmp_path: Path) -> None:
    for command in (["export"], ["history", "BTC"], ["inspect", *[str(FIRST)] * 200]):
        line = [sys.executable, "-m", "tracker", *command]
        with subprocess.Popen(line, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            assert process.stdout
            assert process.stderr
            process.stdout.readline()
            process.stdout.close()
            assert b"Traceback" not in process.stderr.read()
        assert process.returncode == 0, command


@pytest.mark.parametrize(
    "command", [["--version"], ["history", "BTC"], ["export"], ["layouts", "--format", "table"]]
)
def test_a_full_disk_behind_standard_output_is_one_line(
    filled: Said, tmp_path: Path, command: list[str]
) -> None:
    line = [sys.executable, "-m", "tracker", *command]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(line, cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("tracker: standard output: ")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-"])
def test_a_closed_stream_ends_nothing(tmp_path: Path, closed: str) -> None:
    line = f'"{sys.executable}" -m tracker inspect "{FIRST}" {closed}'
    done = subprocess.run(line, shell=True, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr


def test_stopping_says_how_to_go_on(tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    for n in range(3000):
        (pages / f"{n}.txt").write_text(FIRST.read_text("utf-8") + str(n), "utf-8")
    line = [sys.executable, "-m", "tracker", "ingest", "--jobs", "1", str(pages)]
    with subprocess.Popen(line, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        time.sleep(1.5)
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=20)
    assert process.returncode == 130
    assert b"Traceback" not in told
    assert b"again" in told


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("kind", "shown"), [(Terminal, True), (io.StringIO, False)])
def test_a_long_run_shows_how_far_it_is_on_a_terminal_only(
    kind: type[io.StringIO], shown: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter([100.0, 100.5, 102.0, 102.1])
    monkeypatch.setattr("time.monotonic", lambda: next(clock))
    stream = kind()
    with Progress(stream=stream) as progress:
        progress.update(1, 4_000_000, 1, 0)
        assert stream.getvalue() == "", "nothing within the first second"
        progress.update(1_000_000, 4_000_000, 200, 3)
        progress.update(2_000_000, 4_000_000, 900, 9)
    assert ("1 MB of 4 MB, 200 pages, 100 a second, 3 blocks, 6 s left" in stream.getvalue()) == shown
    assert "900" not in stream.getvalue(), "it is drawn five times a second at most"
    assert stream.getvalue().endswith("\x1b[K") == shown, "it is taken off again"


def test_a_long_run_says_now_and_then_how_far_it_is_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0.0, 40.0, 50.0, 80.0])
    monkeypatch.setattr("time.monotonic", lambda: next(clock))
    stream = io.StringIO()
    progress = Progress(stream=stream)
    for done in (10, 20, 30):
        progress.update(done * 10**9, 90 * 10**9, done, 0)
    assert [line.partition(",")[0] for line in stream.getvalue().splitlines()] == [
        "10.0 GB of 90.0 GB",
        "30.0 GB of 90.0 GB",
    ]


def test_a_quiet_run_is_quiet(tracker: Said) -> None:
    assert tracker("ingest", FIRST, "--quiet") == (0, "", "")
    assert "nowhere.html" in tracker("ingest", "nowhere.html", "--quiet")[2]


# -- nothing is loaded in vain


def loaded_by(*arguments: str, folder: Path) -> set[str]:
    code = "import sys; from tracker.cli import run; run(sys.argv[1:]); print(*sorted(sys.modules), file=sys.stderr)"
    line = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(line, cwd=folder, capture_output=True, text=True, check=True)
    return set(done.stderr.splitlines()[-1].split())


def test_ingest_loads_neither_pandas_nor_matplotlib(tmp_path: Path) -> None:
    loaded = loaded_by("ingest", str(SEEDS), "--jobs", "1", folder=tmp_path)
    assert "duckdb" in loaded
    assert not loaded & {"pandas", "matplotlib", "numpy", "pyarrow", "pydantic", "rich"}


def test_the_version_loads_next_to_nothing(tmp_path: Path) -> None:
    loaded = loaded_by("--version", folder=tmp_path)
    heavy = {
        "duckdb",
        "pandas",
        "rich",
        "pydantic",
        "importlib.metadata",
        "resiliparse",
        "fastwarc",
        "tracker.finder.find",
    }
    assert not loaded & heavy
