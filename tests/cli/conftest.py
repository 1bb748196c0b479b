"""Running the command line as a user does: in an empty folder, piped or on a terminal."""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Callable
from contextlib import chdir
from pathlib import Path

import pytest

from tracker.cli import run

SEEDS = Path(__file__).parents[2] / "seeds"
VARIABLES = ("STORE", "LAYOUTS", "TZ", "LANG", "COINS", "JOBS", "CONTACT", "ATLAS")

Said = Callable[..., tuple[int, str, str]]


@pytest.fixture(autouse=True)
def nothing_set(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of whoever runs the tests."""
    for name in VARIABLES:
        monkeypatch.delenv(f"TRACKER_{name}", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("config")))


@pytest.fixture
def tracker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Said:
    """Run a command in an empty folder: its status, standard output and standard error."""
    monkeypatch.chdir(tmp_path)

    def say(*arguments: object) -> tuple[int, str, str]:
        status = run([str(argument) for argument in arguments])
        return (status, *capfd.readouterr())

    return say


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that holds the seeds, made once: to copy, not to work on."""
    folder = tmp_path_factory.mktemp("seeded")
    with chdir(folder):
        assert run(["ingest", str(SEEDS)]) == 0
    return folder / "data" / "tracker.duckdb"


@pytest.fixture
def filled(tracker: Said, seeded: Path, capfd: pytest.CaptureFixture[str]) -> Said:
    """The same, in a folder whose store holds the seeds."""
    Path("data").mkdir()
    shutil.copy(seeded, "data/tracker.duckdb")
    capfd.readouterr()  # what was said when it was made
    return tracker


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


Typed = Callable[..., tuple[int, list[str], str]]


@pytest.fixture
def typed(tracker: Said, monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Run a command on a terminal of so many columns: its status, the lines shown, standard error."""

    def say(width: int, *arguments: object) -> tuple[int, list[str], str]:
        shown = Terminal()
        monkeypatch.setenv("COLUMNS", str(width))
        with monkeypatch.context() as patch:
            patch.setattr(sys, "stdout", shown)
            status, _, told = tracker(*arguments)
        return status, shown.getvalue().splitlines(), told

    return say
