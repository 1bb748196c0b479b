"""The help is true: commands stand in their groups, each with examples that run as they are written."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Callable
from contextlib import chdir
from itertools import chain
from pathlib import Path
from typing import get_args

import pytest
from at_length import some
from files.make import gz, pages

from tracker import charts
from tracker.cli import collecting, exporting, ingesting, options, querying, watching
from tracker.cli.app import app
from tracker.cli.plain import GROUPS
from tracker.ingest import ingest
from tracker.store import Store

ROOT = Path(__file__).parents[2]
MODULES = (collecting, watching, ingesting, querying, exporting)  # each adds its commands to the application
COMMANDS = sorted(info.callback.__name__ for info in app.registered_commands if info.callback)

Said = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def furniture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every file that an example names, and a store made from its pages."""
    folder = tmp_path_factory.mktemp("furniture")
    shutil.copytree(ROOT / "seeds", folder / "pages")
    page = Path(folder, "pages", "000_35ec38ae2d22f11d.txt").read_text("utf-8")
    Path(folder, "pages", "2019.html").write_text(page.replace("8,692,000", "8,692,100"), "utf-8")
    shutil.copy(folder / "pages" / "000_35ec38ae2d22f11d.txt", folder / "page.html")
    shutil.copy(ROOT / "docs" / "site" / "coin-board.toml", folder / "my-site.toml")
    Path(folder, "my-layouts").mkdir()
    shutil.copy(folder / "my-site.toml", folder / "my-layouts")
    for name in ("crawl.warc.gz", "crawl-1.warc.gz", "crawl-2.warc.gz"):
        Path(folder, name).write_bytes(b"".join(map(gz, pages())))
    with chdir(folder):
        assert ingest(["pages"], Store("data/tracker.duckdb")).added == 10
    shutil.copy(folder / "data" / "tracker.duckdb", folder / "backup.duckdb")
    return folder


@pytest.fixture
def furnished(tracker: Said, furniture: Path) -> Said:
    """A copy of that folder to work in."""
    shutil.copytree(furniture, Path(), dirs_exist_ok=True)
    return tracker


FROM_THE_WEB = {
    "collect",
    "watch",
}  # their examples are run in the tests of their rooms, against servers of ours


@pytest.mark.parametrize("command", some([name for name in COMMANDS if name not in FROM_THE_WEB], 3))
def test_the_examples_of_a_command_are_true(furnished: Said, command: str) -> None:
    examples = re.findall(r"^  tracker (.+)$", furnished(command, "--help")[1], re.M)
    assert examples
    (known, *_) = Store("data/tracker.duckdb").history("BTC")
    for example in examples:
        assert example.split()[0] == command
        words = shlex.split(re.split(r" [|>] ", example)[0])
        words = [re.sub("^[0-9a-f]{32}$", known["snapshot_id"], word) for word in words]
        words = [
            word.replace("#1063", f"#{len(gz(pages()[0]))}") for word in words
        ]  # where the second record begins
        status, out, told = furnished(*words)
        assert status == 0, f"{example}: {told}"
        assert "no quotes" not in told, f"{example}: {told}"
        assert out or told, example


def test_the_commands_stand_in_groups(tracker: Said) -> None:
    told = tracker("--help")[1]
    listed: dict[str, list[str]] = {}
    for group in GROUPS:
        section = told.partition(f"\n{group}:\n")[2].partition("\n\n")[0]
        listed[group] = re.findall(r"^  (\w+) ", section, re.M)
    assert sorted(chain(*listed.values())) == COMMANDS
    assert {"collect", "watch", "ingest", "inspect", "layouts"} <= set(listed["Collect and read"])
    assert {"latest", "history", "coverage", "plot", "report"} <= set(listed["Look"])
    assert {"export", "check", "forget"} <= set(listed["Keep"])


def test_the_command_line_knows_every_kind_of_chart_and_every_option_of_them(tracker: Said) -> None:
    assert set(get_args(options.Kind)) == set(charts.kinds())
    told = tracker("plot", "--help")[1]
    for kind in charts.kinds():
        missing = [name for name in charts.options(kind) if not re.search(rf"^  --{name}\b", told, re.M)]
        assert set(missing) <= {"coins", "sites", "fold", "near", "snapshot", "bare"}, "for the library alone"


def test_the_width_of_help_is_that_of_the_terminal(tracker: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    for width in (60, 80, 100):
        monkeypatch.setenv("COLUMNS", str(width))
        for command in COMMANDS:
            told = tracker(command, "--help")[1]
            examples = re.findall(r"^  tracker .*$", told, re.M)
            assert all(len(line) <= width for line in told.splitlines() if line not in examples), command
