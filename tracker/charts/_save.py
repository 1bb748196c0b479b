"""A chart into a file: whole or not at all, and the same bytes for the same chart."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any

from ..errors import OutputError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# What a writer would put into the file by itself, and leaves out: dates and versions differ from run to run.
METADATA: dict[str, dict[str, None]] = {
    ".png": {"Software": None},
    ".svg": {"Date": None, "Creator": None},
    ".pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}


def save(drawn: Axes | Figure, path: str | os.PathLike[str], dpi: float | None = None) -> None:
    """Write the figure (or the Axes' figure); dpi None is the figure's own.

    OutputError for an ending that is not PNG, SVG or PDF, and as `write_whole`."""
    target = Path(path)
    ending = target.suffix.lower()
    if ending not in METADATA:
        raise OutputError(
            str(path), f"the ending {ending or '(none)'} is not known", f"use {', '.join(METADATA)}"
        )
    write_whole(target, rendered(drawn, ending, dpi))


def rendered(drawn: Axes | Figure, ending: str, dpi: float | None = None) -> bytes:
    """The bytes of the picture; fonts are drawn into SVG and embedded in PDF, so they look alike anywhere."""
    import matplotlib

    figure: Any = drawn.get_figure(root=True) or drawn
    fixed: Any = {
        "svg.hashsalt": "tracker",
        "svg.fonttype": "path",
        "pdf.fonttype": 3,
        "axes.unicode_minus": True,
    }
    buffer = BytesIO()
    with matplotlib.rc_context(fixed):
        figure.savefig(
            buffer,
            format=ending[1:],
            dpi=dpi or "figure",
            metadata=METADATA[ending],
            facecolor=figure.get_facecolor(),
        )
    return buffer.getvalue()


def write_whole(path: Path, content: bytes) -> None:
    """Put the content at the path, in one move at the end; an older file stays until then.

    OutputError where the folder is missing or not writable, the path is a folder, or the disk is full."""
    if not path.parent.is_dir():
        raise OutputError(str(path), f"there is no folder {path.parent}", "make it first or choose another")
    if path.is_dir():
        raise OutputError(str(path), "is a folder", "name a file in it")
    part: Path | None = None
    try:
        with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name[:60]}.", delete=False) as file:
            part = Path(file.name)
            file.write(content)
        part.chmod(0o666 & ~_umask())
        part.replace(path)
    except OSError as error:
        if part is not None:
            part.unlink(missing_ok=True)
        raise OutputError(
            str(path), f"cannot be written ({error.strerror})", "choose another place"
        ) from error


def _umask() -> int:
    """The permissions that new files go without; it can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
