"""`make demo`, as a newcomer runs it, in this environment instead of one of its own; and the Makefile's other promises."""

from __future__ import annotations

import csv
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def make(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    known = {**os.environ, **environment}
    for name in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "TRACKER_STORE"):
        known.pop(name, None)
    return subprocess.run(
        ["make", *arguments], cwd=ROOT, env=known, capture_output=True, text=True, check=False
    )


@pytest.fixture
def demo(tmp_path: Path) -> list[str]:
    """The arguments that let `make demo` find all its set-up done and write into a folder of its own."""
    stamps = tmp_path / "venv"
    stamps.mkdir()
    for name in (".made", ".demo"):
        (stamps / name).touch()
    tools = Path(sys.executable).parent
    assert (tools / "tracker").exists(), "install the project first: pip install -e ."
    return ["demo", f"VENV={stamps}", f"BIN={tools}", f"DATA={tmp_path / 'data'}"]


@pytest.mark.slow
def test_the_demo_shows_and_writes_what_it_says_and_adds_nothing_twice(
    demo: list[str], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    first = make(*demo)
    assert first.returncode == 0, first.stderr
    store = str(tmp_path / "data" / "tracker.duckdb")
    again = [str(Path(sys.executable).parent / "tracker"), "--store", store, "ingest", "seeds/"]
    second = subprocess.run(again, cwd=ROOT, capture_output=True, text=True, check=True)
    for shown in (
        "104,500,000",
        "stated-day",
        "published",
        "63.7",
        "ebn-header",
        "etoday-list",
        "history.png",
    ):
        assert shown in first.stdout
    assert "9 snapshots added" in first.stderr
    assert "0 snapshots added" in second.stderr
    data = tmp_path / "data"
    assert {path.name for path in data.iterdir()} == {
        "tracker.duckdb",
        "history.png",
        "movers.png",
        "quotes.csv",
    }
    with (data / "quotes.csv").open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == 64
    _are_those_of_the_readme(data, update=request.config.getoption("--update"))


def _are_those_of_the_readme(data: Path, *, update: bool) -> None:
    """The pictures that the README shows are those that the demo draws."""
    from matplotlib.image import imread

    for name in ("history.png", "movers.png"):
        drawn, shown = data / name, ROOT / "docs" / name
        if update:
            shutil.copyfile(drawn, shown)
        ours, theirs = imread(drawn), imread(shown)
        assert ours.shape == theirs.shape
        assert abs(ours - theirs).mean() < 0.005, f"{name} is not what the demo draws; see pytest --update"


def test_every_target_is_explained() -> None:
    targets = set(re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text("utf-8"), re.M)[1].split())  # type: ignore[index]
    explained = {line.split()[1] for line in make("help").stdout.splitlines()}
    assert explained == targets


def test_an_old_python_is_refused_with_the_way_out(tmp_path: Path) -> None:
    old = tmp_path / "python3"
    old.write_text('#!/bin/sh\ncase "$2" in *print*) echo 3.9;; *) exit 1;; esac\n', "utf-8")
    old.chmod(0o755)
    done = make("demo", f"VENV={tmp_path / 'venv'}", f"PYTHON={old}")
    assert done.returncode == 2
    assert "3.11 or newer is needed" in done.stderr
    assert "3.9" in done.stderr


def test_a_python_without_venv_says_what_to_install(tmp_path: Path) -> None:
    bare = tmp_path / "python3"
    bare.write_text('#!/bin/sh\ncase "$2" in *print*) echo 3.11;; *ensurepip*) exit 1;; esac\n', "utf-8")
    bare.chmod(0o755)
    done = make("demo", f"VENV={tmp_path / 'venv'}", f"PYTHON={bare}")
    assert done.returncode == 2
    assert "apt-get install python3.11-venv" in done.stderr
