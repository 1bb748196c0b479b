"""The one option of the test suite, and how examples are looked for.

The same examples each time, so that a run says what was changed and nothing else. New ones are looked for with
`HYPOTHESIS_PROFILE=search`.
"""

import os

import pytest
from hypothesis import settings

settings.register_profile("steady", derandomize=True, database=None, deadline=None)  # the machine may be busy
settings.register_profile("search", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="write the expected rows of tests/pages anew")
