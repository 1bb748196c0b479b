"""What a watch has of the world outside, handed in, and what it came to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple, Protocol


class Answer(Protocol):
    """What a page was brought with: see collect.live.Answer."""

    @property
    def captured_at(self) -> datetime: ...
    @property
    def records(self) -> tuple[str, ...]: ...
    @property
    def unchanged(self) -> bool: ...
    @property
    def reason(self) -> str | None: ...


class World(NamedTuple):
    """What a watch has of the world outside.

    bring   asks an address and keeps what it gives; SourceError where the site wants no more, OutputError where nothing
            can be kept
    kept    the folder in which the pages of an address are kept
    now     the time, aware; sleep: so many seconds; luck: a number from 0 to 1
    say     a line for people, with its time; plain: all went as it should
    when    a time as people are told it
    """

    bring: Callable[[str], Answer]
    kept: Callable[[str], Path]
    now: Callable[[], datetime]
    sleep: Callable[[float], object]
    luck: Callable[[], float]
    say: Callable[[datetime, str, bool], object]
    when: Callable[[datetime], str]


@dataclass(slots=True)
class Count:
    """What a watch came to."""

    rounds: int = 0
    visits: int = 0
    unchanged: int = 0
    failed: int = 0
    added: int = 0
    fired: int = 0
    ended: int = 0
    troubles: int = 0  # of our own: a store that is busy, a report that cannot be written
