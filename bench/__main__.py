"""`python -m bench [NAME...] [--into FILE]`: run the benchmarks of this folder and print their tables.

Without names all run but `accuracy`, `dating` and `gallery`, which have commands of their own, and `scale` where PySpark or
Java is missing. `--into README.md` also puts each table in the file, between the lines `<!-- NAME -->` and `<!-- /NAME -->`,
where they are there.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

NAMES = sorted(path.stem for path in Path(__file__).parent.glob("[a-z]*.py"))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"any of {', '.join(NAMES)}")
    parser.add_argument("--into", type=Path, metavar="FILE", help="also put the tables in this file")
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(NAMES):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    # Installed modules are compiled once: where this is switched off, every start would compile ours, and not theirs.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    for name in asked.names or [
        name for name in NAMES if name not in ("accuracy", "dating", "gallery", "scale")
    ]:
        module = import_module(f"bench.{name}")
        table = module.table()
        sys.stdout.write(f"\n{(module.__doc__ or name).partition(chr(10))[0]}\n\n{table}\n")
        sys.stdout.flush()
        if asked.into:
            asked.into.write_text(put(asked.into.read_text("utf-8"), name, table), "utf-8")


def _has_spark() -> bool:
    return find_spec("pyspark") is not None and shutil.which("java") is not None


def put(text: str, name: str, table: str) -> str:
    """The text with the table between its marks; unchanged without marks."""
    marked = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.S)
    return marked.sub(lambda found: f"{found[1]}\n{table}\n\n{found[2]}", text)


if __name__ == "__main__":
    main()
