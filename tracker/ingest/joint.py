"""Whether the parts of an archive, read side by side, fit together to what reading it in one go gives."""

from __future__ import annotations

from dataclasses import replace

from .work import Piece, Report


class Joint:
    """Where one part of an archive ends, the next must begin.

    A part begins where something looks like a record. That may be one inside a record: an archive in an archive. Then
    the part before, which was read from record to record, ends elsewhere, and from there on everything is read anew.
    """

    def __init__(self) -> None:
        self._piece: Piece | None = None
        self._end: int | None = None
        self._broken = False

    def fit(self, piece: Piece, report: Report) -> Piece | None:
        """None for a report that is to be taken; the same piece for one that is to be left; another piece for one in
        the place of which, and of all that follow from its source, that piece is to be read."""
        begins = piece is not self._piece
        self._piece = piece
        if not piece.source.start:
            self._broken = self._broken and not begins
        elif not self._broken and begins and self._first(report) != self._end:
            self._broken = True
            if self._end is not None:
                rest = replace(piece.source, start=self._end, stop=None, size=0)
                return piece._replace(source=rest, last=True)
        if self._broken:
            return piece
        if report.last:
            self._end, self._broken = report.end, report.error is not None
        return None

    @staticmethod
    def _first(report: Report) -> int | None:
        """Where the first record is that begins in or behind the piece."""
        return report.end if report.first is None else report.first
