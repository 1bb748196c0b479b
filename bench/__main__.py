"""`python -m bench [NAME...] [--into FILE|FOLDER]`: run the benchmarks of this folder and print their tables.

Without names all run but `accuracy`, `dating` and `gallery`, which have commands of their own, and `scale` where PySpark or
Java is missing. `--into docs` also puts each table in the page of that folder that has the lines `<!-- NAME -->` and
`<!-- /NAME -->`, between them.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import sys
from collections.abc import Iterable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

NAMES = sorted(path.stem for path in Path(__file__).parent.glob("[a-z]*.py"))
PICTURES = ("gallery",)  # these draw, and have no table
ASKED = ("accuracy", "dating", *PICTURES)  # these run where they are named


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"any of {', '.join(NAMES)}")
    parser.add_argument("--into", type=Path, metavar="FILE|FOLDER", help="also put the tables in these pages")
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(NAMES):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    names = asked.names or [name for name in NAMES if name not in ASKED and (name != "scale" or _has_spark())]
    pages = {name: page_of(name, _pages(asked.into)) for name in names if asked.into and name not in PICTURES}
    # Installed modules are compiled once: where this is switched off, every start would compile ours, and not theirs.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    for name in names:
        module = import_module(f"bench.{name}")
        table = module.table()
        sys.stdout.write(f"\n{(module.__doc__ or name).partition(chr(10))[0]}\n\n{table}\n")
        sys.stdout.flush()
        if page := pages.get(name):
            page.write_text(put(page.read_text("utf-8"), name, table), "utf-8")


def _has_spark() -> bool:
    return find_spec("pyspark") is not None and shutil.which("java") is not None


def _pages(path: Path) -> list[Path]:
    return sorted(path.glob("*.md")) if path.is_dir() else [path]


def page_of(name: str, pages: Iterable[Path]) -> Path:
    """The page that has the marks of a table. Ends the program, before anything is measured, where none has them."""
    for page in pages:
        if page.is_file() and f"<!-- {name} -->\n" in page.read_text("utf-8"):
            return page
    sys.exit(f"bench: no page there has the line <!-- {name} -->, where its table would stand")


def put(text: str, name: str, table: str) -> str:
    """The text with the table between its marks; unchanged without marks."""
    marked = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.S)
    return marked.sub(lambda found: f"{found[1]}\n{table}\n\n{found[2]}", text)


if __name__ == "__main__":
    main()
