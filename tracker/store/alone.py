"""What the rows of a page say, held against what coins cost alone: no store of anybody's is asked or touched."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from ..model import Block
from . import Store
from .queries import Row


def findings_of(blocks: Iterable[Block], atlas: Path | None = None) -> list[Row]:
    """The findings on blocks by themselves, as Store.findings. AtlasError as Store.reconcile."""
    with TemporaryDirectory() as folder:
        store = Store(Path(folder, "alone.duckdb"))
        store.add(blocks)
        store.reconcile(atlas)
        return store.findings()
