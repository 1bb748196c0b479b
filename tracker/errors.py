"""What can go wrong, as one tree. Every error names its subject, the reason and the way out.

TrackerError
├── SourceError        a file, record or address that cannot be read
│   ├── Unanswered     a host that did not answer, or not to the end: another try may do better
│   ├── Refused        a host that wants no more requests now
│   └── Skipped        a record, line or member left out; the rest of its source is read
│       ├── Export     a file that `tracker export` wrote: it is no page, and `tracker ingest` takes it back
│       └── Beside     a file that stands beside pages and is none: a picture, a style, a README
├── LayoutError        a layout file that is not one
├── CoinsError         a coin list that is not one
├── AtlasError         a table of what coins cost that is not one
├── TimeError          a text given as a time that is none
├── SitesError         a file of sites to watch, or a rule in it, that is not one
├── SettingsError      a tracker.toml, or a variable TRACKER_…, that is not one
├── OutputError        a file that cannot be written
└── StoreError         a store that cannot be used
    ├── NotAStore      the file is something else
    ├── StoreTooNew    written by a newer version
    └── StoreBusy      held by another process for longer than we wait
"""

from __future__ import annotations


class TrackerError(Exception):
    """`subject: reason; remedy` on one line.

    subject  what it is about: a file, `file#record`, an option
    reason   why it cannot be used
    remedy   what to do about it; may be empty
    """

    def __init__(self, subject: str, reason: str, remedy: str = "") -> None:
        super().__init__(subject, reason, remedy)
        self.subject, self.reason, self.remedy = subject, reason, remedy

    def __str__(self) -> str:
        line = f"{self.subject}: {self.reason}" + (f"; {self.remedy}" if self.remedy else "")
        return " ".join(line.split())


class SourceError(TrackerError):
    """A file, a record or an address cannot be read."""


class Unanswered(SourceError):
    """A host did not answer, or not to the end: another try may do better."""


class Refused(SourceError):
    """A host wants no more requests now: subject is the host."""


class Skipped(SourceError):
    """A record, line or member was left out; the rest of its source is read."""


class Export(Skipped):
    """A file that `tracker export` wrote: it is no page, and `tracker ingest` takes it back."""


class Beside(Skipped):
    """A file that stands beside pages and is none by its name: a picture, a style, a README."""


class LayoutError(TrackerError):
    """A layout file is not one: subject is the file and the key."""


class CoinsError(TrackerError):
    """A coin list is not one: subject is the file and the line."""


class AtlasError(TrackerError):
    """A table of what coins cost is not one: subject is the file and the line."""


class TimeError(TrackerError):
    """A text given as a time is none."""


class SitesError(TrackerError):
    """A file of sites to watch is not one: subject is the file and the key."""


class SettingsError(TrackerError):
    """A setting cannot be used: subject is the file or the variable."""


class OutputError(TrackerError):
    """A file that was asked for cannot be written."""


class StoreError(TrackerError):
    """A store cannot be used."""


class NotAStore(StoreError):
    """The file is there and is something else."""


class StoreTooNew(StoreError):
    """The store was written by a newer version of this program."""


class StoreBusy(StoreError):
    """Another process held the store for longer than we were to wait."""
