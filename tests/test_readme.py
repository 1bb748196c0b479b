"""The documents are true: README.md and every page of docs/ is typed as written, and what it shows compared.

Each page is typed into a folder of its own with what a clone has: it stands on no other page. `pytest --update
tests/test_readme.py` writes output, tables and pictures anew; read the difference by eye.
"""

from __future__ import annotations

import doctest
import re
import shutil
import tomllib
from collections.abc import Callable, Iterable
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from terminal import shown

from bench.__main__ import NAMES, PICTURES, page_of, put
from tracker import charts
from tracker.cli import collecting, exporting, ingesting, querying, watching
from tracker.cli.app import app
from tracker.cli.settings import KEYS
from tracker.model import COLUMNS, TIME_BASES

ROOT = Path(__file__).parent.parent
README, DOCS = ROOT / "README.md", ROOT / "docs"
PAGES = [README, *sorted(DOCS.glob("*.md"))]
LINKED = [*PAGES, *(ROOT / name for name in ("CONTRIBUTING.md", "CHANGES.md", "seeds/README.md"))]
EXAMPLE = re.compile(r"^```(console|python)\n(.*?)^```\n", re.S | re.M)
LEFT_OUT = "…"  # a line that stands for any lines
MODULES = (collecting, watching, ingesting, querying, exporting)  # each adds its commands to the application


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the examples of a page run: a folder with what a clone has."""
    for name in ("seeds", "docs"):
        shutil.copytree(ROOT / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def session(text: str, folder: Path) -> str:
    """A console block run anew: its commands, each with what it shows."""
    out: list[str] = []
    for part in re.split(r"^(?=\$ )", text, flags=re.M)[1:]:
        command, *told = part.splitlines()
        out += [command, *_abridged(shown(command[2:], folder), told)]
    return "".join(f"{line}\n" for line in out)


def _abridged(lines: list[str], told: list[str]) -> list[str]:
    """What was shown, with lines left out where the page leaves some out; whole, where its lines are not there."""
    if LEFT_OUT not in told:
        return lines if lines != [""] else []
    parts = [list(part) for kept, part in groupby(told, key=LEFT_OUT.__ne__) if kept]
    short: list[str] = []
    for part in parts:
        if part[0] not in lines:
            return lines
        at = lines.index(part[0])
        short += [*([LEFT_OUT] if short or told[0] == LEFT_OUT else []), *lines[at : at + len(part)]]
    return short + [LEFT_OUT] * (told[-1] == LEFT_OUT)


class Runner(doctest.DocTestRunner):
    """Runs the Python of a page, and keeps what was shown where it is not what the page says."""

    def __init__(self) -> None:
        super().__init__(verbose=False, optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS)
        self.shown: dict[doctest.Example, str] = {}

    def report_failure(self, out: Any, test: Any, example: doctest.Example, got: str) -> None:
        self.shown[example] = got

    def report_unexpected_exception(self, out: Any, test: Any, example: Any, exc_info: Any) -> None:
        raise exc_info[1]


def library(text: str, names: dict[str, object]) -> str:
    """A Python block run anew, in the names that the page has so far."""
    test = doctest.DocTestParser().get_doctest(text, {}, "page", None, 0)
    test.globs = names
    runner = Runner()
    runner.run(test, clear_globs=False)
    lines = text.splitlines()
    for example in reversed(test.examples):
        if example in runner.shown:
            begin = example.lineno + len(example.source.splitlines())
            lines[begin : begin + len(example.want.splitlines())] = (
                runner.shown[example].rstrip().splitlines()
            )
    return "".join(f"{line}\n" for line in lines)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_is_true(page: Path, folder: Path, request: pytest.FixtureRequest) -> None:
    """Its commands show what it says, its Python gives what it says, its pictures are those it draws."""
    update, text = request.config.getoption("--update"), page.read_text("utf-8")
    names: dict[str, object] = {}
    for found in EXAMPLE.finditer(text):
        run: Callable[[str], str] = (
            (lambda told: session(told, folder))
            if found[1] == "console"
            else (lambda told: library(told, names))
        )
        now = f"```{found[1]}\n{run(found[2])}```\n"
        if not update:
            assert found[0] == now
        text = text.replace(found[0], now)
    for drawn in pictures(page):
        if update:
            shutil.copy(folder / drawn.relative_to(ROOT), drawn)
        else:
            assert alike(drawn, folder / drawn.relative_to(ROOT)), f"{drawn.name} is another picture now"
    if update:
        page.write_text(text, "utf-8")


def pictures(page: Path) -> Iterable[Path]:
    """The pictures that a page shows; each is drawn by one of its commands."""
    text = page.read_text("utf-8")
    for name in re.findall(r"!\[[^]]+\]\(([^)]+)\)", text):
        path = (page.parent / name).resolve()
        assert f" -o {path.relative_to(ROOT)}\n" in text, f"no command of {page.name} draws {name}"
        yield path


def alike(one: Path, other: Path) -> bool:
    """The same picture, but for what another build of a library draws a shade lighter."""
    import matplotlib.image
    import numpy as np

    left, right = (matplotlib.image.imread(path) for path in (one, other))
    return left.shape == right.shape and bool(np.mean(np.abs(left - right)) < 0.002)


# --- tables that are lists of something


def rows(page: str, head: str) -> list[str]:
    """The first cells of the table under a head, without their marks of code."""
    text = (ROOT / page).read_text("utf-8")
    assert text.count(f"\n{head}\n") == 1
    lines = text.partition(f"\n{head}\n")[2].partition("\n\n")[0].splitlines()[1:]
    return [line.strip("| ").partition(" |")[0].strip("`") for line in lines]


def test_the_columns_are_those_of_the_table() -> None:
    lines = "".join(f"| `{column.name}` | {column.meaning} |\n" for column in COLUMNS)
    assert f"| column | meaning |\n|---|---|\n{lines}\n" in (DOCS / "table.md").read_text("utf-8")


def test_the_flags_are_those_of_the_program(request: pytest.FixtureRequest) -> None:
    """The words are those of the report; the flags all that the program's files name."""
    page, head = DOCS / "table.md", "| flag | says |\n|---|---|\n"
    words = tomllib.loads((ROOT / "tracker" / "language" / "en.toml").read_text("utf-8"))
    known = {
        name.removeprefix("flag "): told for name, told in words["texts"].items() if name.startswith("flag ")
    }
    lines = head + "".join(f"| `{flag}` | {told} |\n" for flag, told in sorted(known.items()))
    text = page.read_text("utf-8")
    if request.config.getoption("--update"):
        page.write_text(re.sub(rf"{re.escape(head)}(\|.*\n)*", lambda _: lines, text), "utf-8")
    else:
        assert f"{lines}\n" in text


@pytest.mark.parametrize(
    ("page", "head", "wanted"),
    [
        ("docs/time.md", "| time basis | the evidence |", list(TIME_BASES)),
        ("docs/charts.md", "| kind | shows |", charts.kinds()),
        ("docs/commands.md", "| key | in the environment | says |", list(KEYS)),
    ],
)
def test_what_is_listed_is_what_there_is(page: str, head: str, wanted: list[str]) -> None:
    assert sorted(rows(page, head)) == sorted(wanted)


def test_every_command_is_listed_and_no_other() -> None:
    listed = [row.split()[1] for row in rows("docs/commands.md", "| command | does |")]
    known = [info.name or info.callback.__name__ for info in app.registered_commands if info.callback]
    assert sorted(listed) == sorted(known)


def test_the_site_of_the_example_is_the_one_that_is_tried() -> None:
    """The page and the layout that docs/layouts.md prints are, line for line, those its command runs on."""
    site, text = DOCS / "site", (DOCS / "layouts.md").read_text("utf-8")
    [layout] = re.findall(r"```toml\n(.*?)```", text, re.S)
    assert layout == (site / "coin-board.toml").read_text("utf-8")
    [page] = re.findall(r"```text\n(오늘의 .*?)```", text, re.S)
    assert page in (site / "page.txt").read_text("utf-8")


# --- links


def slug(head: str) -> str:
    """The anchor of a head, as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", head.strip().lower()).replace(" ", "-")


def anchors(page: Path) -> set[str]:
    text = re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.S | re.M)
    return {slug(head) for head in re.findall(r"^#+ (.+)$", text, re.M)}


@pytest.mark.parametrize("page", LINKED, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_everything_that_is_linked_is_there(page: Path) -> None:
    links = re.findall(r"\]\(([^)]+)\)", page.read_text("utf-8"))
    for link in (link for link in links if not link.startswith("http")):
        name, _, anchor = link.partition("#")
        target = page.parent / name if name else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_every_page_is_listed_in_the_readme() -> None:
    linked = re.findall(r"^\| \[[^]]+\]\((docs/[\w-]+\.md)\) \|", README.read_text("utf-8"), re.M)
    assert sorted(linked) == [page.relative_to(ROOT).as_posix() for page in PAGES[1:]]


def test_what_contributors_are_told_to_run_is_there() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    named = re.findall(r"\b(?:tests|tracker|bench)/[\w/.]+", text)
    assert len(named) > 10
    assert [path for path in named if not (ROOT / path.rstrip(".")).exists()] == []
    made = (ROOT / "Makefile").read_text("utf-8")
    targets = " ".join(re.findall(r"make ((?:[a-z-]+ ?)+)", text)).split()
    assert {"test", "lint", "bench", "accuracy"} <= {t for t in targets if re.search(rf"^{t}:", made, re.M)}


# --- figures


def test_each_table_of_figures_has_one_place() -> None:
    found = [
        name for page in PAGES for name in re.findall(r"^<!-- (\w+) -->$", page.read_text("utf-8"), re.M)
    ]
    assert sorted(found) == [name for name in NAMES if name not in PICTURES]
    for name in found:
        text = page_of(name, PAGES).read_text("utf-8")
        assert put(text, name, "a table").count("a table") == 1 + text.count("a table")
