"""A clock that is handed in, and doubles that run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from doubles import Clock, Double, running, world

from tracker.collect.pace import Pace


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def pace(clock: Clock) -> Pace:
    return Pace(clock=clock, sleep=clock.sleep, jitter=lambda: 0.5)


@pytest.fixture
def double(clock: Clock) -> Iterator[Double]:
    with running(Double(world(), clock)) as server:
        yield server
