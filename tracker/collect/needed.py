"""What collecting needs beside the program itself."""

from __future__ import annotations

from importlib.util import find_spec

from ..errors import TrackerError

_PACKAGES = ("protego",)


def needed() -> None:
    """Raises TrackerError where the extra is not installed."""
    missing = [name for name in _PACKAGES if find_spec(name) is None]
    if missing:
        raise TrackerError(
            "collect",
            f"needs {', '.join(missing)}",
            "pip install 'ticker-tracker[collect]', in a clone pip install '.[collect]'",
        )
