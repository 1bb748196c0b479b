"""The notebook runs from its first cell to its last, in a real kernel, and is kept without output."""

from __future__ import annotations

import ast
import base64
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request: pytest.FixtureRequest) -> Any:
    return nbformat.read(request.param, as_version=4)


def sources(notebook: Any) -> list[str]:
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


def test_there_is_one() -> None:
    assert ROOT / "notebooks" / "history.ipynb" in NOTEBOOKS


def test_it_is_kept_without_output(notebook: Any) -> None:
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert not any(cell.outputs or cell.execution_count for cell in code)


def test_it_uses_only_what_is_public(notebook: Any) -> None:
    import tracker

    for node in (node for source in sources(notebook) for node in ast.walk(ast.parse(source))):
        if (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id == "tracker"
        ):
            assert node.attr in tracker.__all__
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
        assert not (isinstance(node, ast.ImportFrom) and (node.module or "").startswith("tracker"))
        assert not any(name.startswith("tracker.") for name in names)


@pytest.mark.slow
def test_it_runs_and_shows_its_pictures(
    notebook: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(
        "PYTHONWARNINGS", "ignore"
    )  # the kernel's own; those of the program fail its own tests
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    client = NotebookClient(
        notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(ROOT)}}
    )
    client.execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    pictures = [output.data["image/png"] for output in outputs if "image/png" in output.get("data", {})]
    assert len(pictures) == 2
    assert all(base64.b64decode(picture).startswith(b"\x89PNG") for picture in pictures)
    texts = [output.data.get("text/plain", "") for output in outputs if "data" in output]
    assert "(9, 0, 18)" in texts  # snapshots added, added again, quotes of two coins
    assert not [output for output in outputs if output.output_type in {"error", "stream"}]
