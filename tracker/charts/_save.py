"""A chart into a file: whole or not at all, and the same bytes for the same chart."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import OutputError
from ..writing import whole

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# What a writer would put into the file by itself, and leaves out: dates and versions differ from run to run.
METADATA: dict[str, dict[str, None]] = {
    ".png": {"Software": None},
    ".svg": {"Date": None, "Creator": None},
    ".pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}
FALLBACK = b"'Apple SD Gothic Neo', 'Malgun Gothic', 'DejaVu Sans', sans-serif"  # where Noto Sans KR is not installed


def save(drawn: Axes | Figure, path: str | os.PathLike[str], dpi: float | None = None) -> None:
    """Write the figure (or the Axes' figure); dpi None is the figure's own.

    OutputError for an ending that is not PNG, SVG or PDF, and as writing.whole."""
    target = Path(path)
    ending = target.suffix.lower()
    if ending not in METADATA:
        raise OutputError(
            str(path), f"the ending {ending or '(none)'} is not known", f"use {', '.join(METADATA)}"
        )
    picture = rendered(drawn, ending, dpi)
    with whole(target) as part:
        part.write_bytes(picture)


def rendered(drawn: Axes | Figure, ending: str, dpi: float | None = None, **settings: Any) -> bytes:
    """The bytes of the picture. Text stays text: an editor can change it and a reader find it, in SVG in the font of the
    machine that shows it (FALLBACK), in PDF in its own, embedded whole as TrueType.

    settings  matplotlib's own for this one picture, with `_` for `.`: svg_hashsalt="a" """
    import matplotlib

    from . import _style

    figure = _style.whole(drawn)
    fixed: Any = {"svg.hashsalt": "tracker", "svg.fonttype": "none", "pdf.fonttype": 42}
    fixed |= {name.replace("_", "."): value for name, value in settings.items()}
    buffer = BytesIO()
    with matplotlib.rc_context(fixed):
        figure.savefig(
            buffer,
            format=ending[1:],
            dpi=dpi or "figure",
            metadata=METADATA[ending],
            facecolor=figure.get_facecolor(),
        )
    picture = buffer.getvalue()
    return picture.replace(b"'DejaVu Sans'", FALLBACK) if ending == ".svg" else picture
