"""The nouns of the readers: a run of records, and the fields of each. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from ..coins.names import Name
from ..printed.figures import Figure, Mark
from ..printed.heads import Head

Key = tuple[str, int]  # the column's way, and the how manieth figure of it


@dataclass(frozen=True, slots=True)
class Field:
    """One figure of a record.

    key     its column
    figure  as read; text: as printed
    label   what a word before it in its cell, or an attribute of its cell, announces
    says    the words of its elements' classes and attributes
    sign    +1 or -1 by a word beside it; 0 if none says so
    marked  +1 or -1 by its markup; 0 if nothing does
    """

    key: Key
    text: str
    figure: Figure
    label: Head | None
    says: frozenset[str]
    sign: int
    marked: int


@dataclass(frozen=True, slots=True)
class Record:
    """One row.

    name     the coin it names; None: another name, `printed`, or none
    text     white space folded
    place    where it stands in the page's text, if that is known
    words    its first words, each with the way to it
    ticker   printed where the others print theirs, if no coin list knows it
    cells    how many cells it has, where the records have cells
    turn     +1 or -1 by the class of the record itself; 0 if it says neither
    crooked  whether its cells or figures are not those of the others, so that nobody can say which is which
    """

    name: Name | None
    printed: str
    fields: tuple[Field, ...]
    text: str
    place: tuple[int, int] | None = None
    words: tuple[tuple[str, str], ...] = ()
    ticker: str = ""
    cells: int = 0
    turn: int = 0
    crooked: bool = False

    def field(self, key: Key) -> Field | None:
        return next((f for f in self.fields if f.key == key), None)


@dataclass(frozen=True, slots=True)
class Run:
    """Records of one holder in page order, the heads over its columns, and the short lines above, the nearest last.

    mark   the decimal mark where it is known beforehand: that of data
    prose  a sentence tells them
    """

    records: tuple[Record, ...]
    heads: dict[str, str]
    above: tuple[str, ...]
    mark: Mark | None = None
    prose: bool = False
