"""The house rules: imports go one way, effects live at the ends, SQL and printing have one room each."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import tracker

HOUSE = Path(tracker.__file__).parent

# Each file imports only files that stand before it here. A folder is one room: its files may use each other.
ORDER = (
    "errors", "writing", "model", "printed", "coins", "clock", "layouts", "finder", "pages", "blocks", "frame", "market",
    "store", "ingest", "spark", "collect", "language", "charts", "report", "watch", "cli", "__main__",
)  # fmt: skip
SHARED = {"__version__"}  # what the package itself says, and any file may ask for
SQL = re.compile(
    r"\b(SELECT|INSERT INTO|CREATE (TABLE|VIEW|TEMP)|DELETE FROM|UPDATE \w+ SET|ALTER TABLE|COPY \()\b"
)
FILES = sorted(HOUSE.rglob("*.py"))


def room(path: Path) -> str:
    """`pages/warc.py` -> `pages`; `model.py` -> `model`; the package's own `__init__.py` -> `__init__`."""
    return path.relative_to(HOUSE).parts[0].removesuffix(".py")


def named(path: Path) -> str:
    return path.relative_to(HOUSE).as_posix()


@cache
def parsed(path: Path) -> ast.Module:
    """A file's syntax tree, read once for all that is asked of it."""
    return ast.parse(path.read_text("utf-8"))


def relative_imports(tree: ast.AST, depth: int) -> Iterator[str]:
    """The rooms imported by a file `depth` names below the package, wherever in the file it does so."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level:
            if node.level < depth:
                continue  # a neighbour in the same folder
            rooms = [node.module] if node.module else [alias.name for alias in node.names]
            yield from (room.partition(".")[0] for room in rooms if room not in SHARED)


def absolute_imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            yield node.module.partition(".")[0]


def test_every_file_has_its_place() -> None:
    rooms = {room(path) for path in FILES} - {"__init__"}
    assert len(ORDER) == len(set(ORDER))
    assert rooms == set(ORDER), f"no place in ORDER, or a place and no file: {sorted(rooms ^ set(ORDER))}"


def upward(own: str, source: str, depth: int = 1) -> list[str]:
    """The rooms that a file of the room `own` imports though they stand below it."""
    below = ORDER[ORDER.index(own) + 1 :]
    return [name for name in relative_imports(ast.parse(source), depth) if name in below or name not in ORDER]


@pytest.mark.parametrize("path", [p for p in FILES if room(p) != "__init__"], ids=named)
def test_imports_go_one_way(path: Path) -> None:
    wrong = upward(room(path), path.read_text("utf-8"), len(path.relative_to(HOUSE).parts))
    assert not wrong, f"{named(path)} imports {wrong}, which stand below it"


# a room, how deep the file lies in it, what it says -> what goes the wrong way
IMPORTS = [
    ("printed", 1, "from .model import Quote", []),
    ("printed", 2, "from ..coins import load", ["coins"]),
    ("finder", 2, "from .. import coins, layouts, store", ["store"]),
    ("clock", 2, "def later():\n    from ..finder import find", ["finder"]),
    ("finder", 2, "if TYPE_CHECKING:\n    from ..store.schema import Store", ["store"]),
    (
        "pages",
        2,
        "from .document import text\nfrom ..store import Store\nfrom ..model import Page",
        ["store"],
    ),
    ("cli", 2, "from .. import __version__, unknown", ["unknown"]),
]


@pytest.mark.parametrize(("own", "depth", "source", "wrong"), IMPORTS)
def test_an_import_of_what_stands_below_is_seen(own: str, depth: int, source: str, wrong: list[str]) -> None:
    assert upward(own, source, depth) == wrong


@pytest.mark.parametrize("path", FILES, ids=named)
def test_nothing_inside_imports_the_package(path: Path) -> None:
    assert "tracker" not in set(absolute_imports(parsed(path)))


@pytest.mark.parametrize("path", [p for p in FILES if room(p) != "store"], ids=named)
def test_sql_lives_in_the_store(path: Path) -> None:
    texts = [n.value for n in ast.walk(parsed(path)) if isinstance(n, ast.Constant)]
    assert not [text for text in texts if isinstance(text, str) and SQL.search(text)]


@pytest.mark.parametrize("path", [p for p in FILES if room(p) != "cli"], ids=named)
def test_printing_lives_at_the_command_line(path: Path) -> None:
    calls = [node.func for node in ast.walk(parsed(path)) if isinstance(node, ast.Call)]
    said = [f for f in calls if (isinstance(f, ast.Name) and f.id == "print") or _is_echo(f)]
    assert not said, f"{named(path)} prints"


def _is_echo(function: ast.expr) -> bool:
    return isinstance(function, ast.Attribute) and function.attr in {"echo", "secho"}
