"""The README is true: its commands are run and its output compared, its tables and pictures are those of the program.

`pytest --update tests/test_readme.py` writes output, tables and pictures anew; read the difference by eye.
"""

from __future__ import annotations

import doctest
import os
import pty
import re
import shutil
import subprocess
import sys
from itertools import groupby
from pathlib import Path

import pytest

from bench.__main__ import NAMES, put
from tracker.cli import exporting, ingesting, querying
from tracker.cli.app import app
from tracker.model import COLUMNS

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
CONSOLE = re.compile(r"(```console\n)(.*?)(```\n)", re.S)
PYTHON = re.compile(r"(```python\n)(.*?)(```\n)", re.S)
LEFT_OUT = "…"  # a line that stands for any lines
WIDTH = 100
MODULES = (ingesting, querying, exporting)  # each adds its commands to the application


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the commands of the README run: a folder with what a clone has."""
    made = tmp_path_factory.mktemp("readme")
    for name in ("seeds", "docs"):
        shutil.copytree(ROOT / name, made / name)
    return made


def on_terminal(command: str, folder: Path) -> list[str]:
    """The lines a command shows on a terminal of WIDTH columns, without colours."""
    ours, theirs = pty.openpty()
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    known = {**os.environ, "PATH": path, "COLUMNS": str(WIDTH), "TERM": "xterm", "NO_COLOR": "1"}
    known.pop("TRACKER_STORE", None)
    with subprocess.Popen(command, shell=True, cwd=folder, env=known, stdout=theirs, stderr=theirs):
        os.close(theirs)
        shown = b""
        while chunk := _read(ours):
            shown += chunk
    os.close(ours)
    text = re.sub(r"\x1b\[[0-9;]*[mK]", "", shown.decode("utf-8")).replace("\r\n", "\n").removesuffix("\n")
    return [line.rpartition("\r")[2].rstrip() for line in text.split("\n")]  # progress is overwritten


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # the other side has closed
        return b""


def session(text: str, folder: Path) -> str:
    """A console block run anew: its commands, each with what it shows."""
    out: list[str] = []
    for part in re.split(r"^(?=\$ )", text, flags=re.M)[1:]:
        command, *told = part.splitlines()
        out += [command, *_abridged(on_terminal(command[2:], folder), told)]
    return "\n".join(out) + "\n"


def _abridged(shown: list[str], told: list[str]) -> list[str]:
    """What was shown, with lines left out where the README leaves some out; whole, where its lines are not there."""
    if LEFT_OUT not in told:
        return shown
    parts = [list(part) for kept, part in groupby(told, key=LEFT_OUT.__ne__) if kept]
    short: list[str] = []
    for part in parts:
        if part[0] not in shown:
            return shown
        at = shown.index(part[0])
        short += [*([LEFT_OUT] if short else []), *shown[at : at + len(part)]]
    return short + [LEFT_OUT] * (told[-1] == LEFT_OUT)


def compare(was: str, now: str, update: bool) -> None:
    if update and was != now:
        README.write_text(README.read_text("utf-8").replace(was, now), "utf-8")
    else:
        assert was == now


def test_commands_show_what_the_readme_says(folder: Path, request: pytest.FixtureRequest) -> None:
    for found in CONSOLE.finditer(README.read_text("utf-8")):
        now = found[1] + session(found[2], folder) + found[3]
        compare(found[0], now, request.config.getoption("--update"))


def test_the_library_does_what_the_readme_says(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    (code,) = (found[2] for found in PYTHON.finditer(README.read_text("utf-8")))
    test = doctest.DocTestParser().get_doctest(code, {}, "README", str(README), 0)
    failures = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS).run(test)
    assert failures.failed == 0


def test_the_columns_are_those_of_the_table() -> None:
    rows = "".join(f"| `{column.name}` | {column.meaning} |\n" for column in COLUMNS)
    assert f"| column | meaning |\n|---|---|\n{rows}\n" in README.read_text("utf-8")


def test_the_site_of_the_example_is_the_one_that_is_tried() -> None:
    """The page and the layout that the README prints are, line for line, those its command runs on."""
    site, readme = ROOT / "docs" / "site", README.read_text("utf-8")
    [shown] = re.findall(r"```toml\n(.*?)```", readme, re.S)
    assert shown == (site / "coin-board.toml").read_text("utf-8")
    [page] = re.findall(r"```text\n(오늘의 .*?)```", readme, re.S)
    assert page in (site / "page.txt").read_text("utf-8")


def test_every_command_is_listed_and_no_other() -> None:
    section = README.read_text("utf-8").partition("\n## Commands\n")[2].partition("\n## ")[0]
    listed = re.findall(r"^\| `tracker (\w+)", section, re.M)
    known = [info.name or info.callback.__name__ for info in app.registered_commands if info.callback]
    assert sorted(listed) == sorted(known)


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_everything_that_is_linked_is_there(name: str) -> None:
    targets = re.findall(r"\]\(([^)#]+)\)", (ROOT / name).read_text("utf-8"))
    assert [t for t in targets if not t.startswith("http") and not (ROOT / t).exists()] == []


def test_what_contributors_are_told_to_run_is_there() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    named = re.findall(r"\b(?:tests|tracker)/[\w/.]+", text)
    assert len(named) > 10
    assert [path for path in named if not (ROOT / path.rstrip(".")).exists()] == []
    made = (ROOT / "Makefile").read_text("utf-8")
    targets = " ".join(re.findall(r"make ((?:[a-z-]+ ?)+)", text)).split()
    assert {"test", "lint", "bench", "accuracy"} <= {t for t in targets if re.search(rf"^{t}:", made, re.M)}


def test_each_table_of_figures_has_its_benchmark() -> None:
    text = README.read_text("utf-8")
    names = re.findall(r"^<!-- (\w+) -->$", text, re.M)
    assert names == re.findall(r"^<!-- /(\w+) -->$", text, re.M)
    assert sorted(names) == NAMES
    assert put(text, names[0], "a table").count("a table") == 1 + text.count("a table")
