"""Cases that differ in little: some of them in `make test`, every one of them in `make test-slow`.

What is promised of all is asked of all; that takes more minutes than one waits for between two changes.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest


def some(cases: Iterable[Any], every: int) -> list[Any]:
    """The cases for `parametrize`: the first and every so manieth after it as they are, the others marked slow."""
    return [case if i % every == 0 else _slow(case) for i, case in enumerate(cases)]


def _slow(case: Any) -> Any:
    values = case if isinstance(case, tuple) and not hasattr(case, "_fields") else (case,)
    return pytest.param(*values, marks=pytest.mark.slow)
