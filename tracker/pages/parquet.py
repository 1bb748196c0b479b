"""Text corpora in Parquet: one page a row, read by row group, and only the columns that are needed.

`source` is `file#number`, rows counted from 1. The columns are those of `corpus`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from ..errors import SourceError
from . import corpus, encoding, own
from .source import Found, Intake, Source, opened, part

if TYPE_CHECKING:
    import pyarrow as pa
    from pyarrow.parquet import ParquetFile

_TEXT_TYPES = ("string", "large_string", "string_view", "binary", "large_binary", "binary_view")
_ROWS = 2048  # rows looked at at a time


def read_rows(source: Source, intake: Intake) -> Iterator[Found]:
    """The pages of a Parquet file, of some of its row groups, or of the row that was asked for.

    A row group that cannot be read is counted. Raises SourceError for a file that is none, that has no text column,
    and for a row that is not there.
    """
    with opened(source) as stream, _file(source, stream) as file:
        columns = file.schema_arrow.names
        if own.is_export(columns, source.title):
            stream.seek(0)
            own.hand_over(source, "parquet", stream, "", intake)
            return
        text = corpus.text_column(source.title, columns, intake.text_column)
        _check(source, file, text)
        needed = [text, *(name for name in corpus.OTHERS if name in columns and name != text)]
        groups = range(source.start, file.num_row_groups if source.stop is None else source.stop)
        rows = _Rows(source, file, text, needed, intake, sum(_count(file, group) for group in groups))
        if rows.only is not None and not 1 <= rows.only <= file.metadata.num_rows:
            raise SourceError(source.name, f"there are only {file.metadata.num_rows} rows")
        for group in groups:
            yield from rows.pages(group)


def split_rows(source: Source, size: int) -> Iterator[Source]:
    """A Parquet file as parts: runs of row groups of about `size` packed bytes."""
    with opened(source) as stream, _file(source, stream) as file:
        if not file.num_row_groups:
            yield source
        start = packed = 0
        for group in range(file.num_row_groups):
            described = file.metadata.row_group(group)
            packed += sum(described.column(i).total_compressed_size for i in range(described.num_columns))
            if packed >= size or group + 1 == file.num_row_groups:
                yield part(source, start, group + 1, packed)
                start, packed = group + 1, 0


def _file(source: Source, stream: Any) -> ParquetFile:
    import pyarrow as pa
    from pyarrow.parquet import ParquetFile

    try:
        file = ParquetFile(stream)
        file.schema_arrow.names  # noqa: B018 - a damaged one raises here
        return file
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        said = " ".join(str(error).split())[:120].rstrip(".") or type(error).__name__
        raise SourceError(
            source.title, f"is no Parquet file, or a damaged one: {said}", "fetch it again"
        ) from error


def _count(file: ParquetFile, group: int) -> int:
    rows: int = file.metadata.row_group(group).num_rows
    return rows


def _check(source: Source, file: ParquetFile, text: str) -> None:
    """The text column holds text."""
    import pyarrow as pa

    kind = file.schema_arrow.field(text).type
    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    if str(kind) not in _TEXT_TYPES:
        raise SourceError(
            source.title, f"its column {text!r} holds {kind}, no text", "name one with --text-column"
        )


class _Rows:
    """The rows of one file on their way to pages."""

    def __init__(
        self, source: Source, file: ParquetFile, text: str, needed: list[str], intake: Intake, count: int
    ) -> None:
        self.source, self.file, self.text, self.needed, self.intake = source, file, text, needed, intake
        self.read, self.count = 0, count
        self.only = source.number()
        self.wanted = intake.wanted if self.only is None else None

    def pages(self, group: int) -> Iterator[Found]:
        """The wanted pages of a row group."""
        import pyarrow as pa

        first = sum(_count(self.file, i) for i in range(group)) + 1
        if self.only is not None and not first <= self.only < first + _count(self.file, group):
            return
        try:
            for batch in self.file.iter_batches(_ROWS, [group], self.needed, use_threads=False):
                yield from self._batch(batch, first)
                first += batch.num_rows
                self.read += batch.num_rows
                self.intake.on_tick(self.source.size * self.read // self.count)
        except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
            if self.only is not None:
                raise SourceError(self.source.name, "stands in a damaged row group") from error
            self.intake.skip(f"{self.source.title}#{first}", "a damaged row group, from this row on")

    def _batch(self, batch: pa.RecordBatch, first: int) -> Iterator[Found]:
        """The wanted pages of some rows, of which the first has that number."""
        texts = _Texts(batch.column(self.text))
        if self.only is None:
            self.intake.pages += batch.num_rows
            wanted = texts.wanted(self.wanted, 0, batch.num_rows)
        else:
            wanted = (row for row in (self.only - first,) if 0 <= row < batch.num_rows)
        for number in wanted:
            name = f"{self.source.title}#{first + number}"
            row = {
                column: batch.column(column)[number].as_py() for column in self.needed if column != self.text
            }
            text, damaged = encoding.decode(texts[number], "utf-8")
            try:
                yield Found(corpus.page(row, text, name, self.intake, damaged))
            except SourceError as error:
                self.intake.skip(name, error.reason, error.remedy)


class _Texts:
    """The texts of a column as bytes, where they lie."""

    def __init__(self, column: pa.Array) -> None:
        import pyarrow as pa

        if pa.types.is_dictionary(column.type):
            column = column.dictionary_decode()
        column = column.cast(pa.large_binary())
        _, places, data = column.buffers()
        self._data = memoryview(data) if data is not None else memoryview(b"")
        self._places = memoryview(places).cast("b").cast("q")[column.offset :]

    def __getitem__(self, row: int) -> bytes:
        return self._between(row, row + 1)

    def _between(self, start: int, stop: int) -> bytes:
        return bytes(self._data[self._places[start] : self._places[stop]])

    def wanted(self, wanted: Callable[[bytes], object] | None, start: int, stop: int) -> Iterator[int]:
        """The rows that are wanted: one search for many of them, and halves of those where it finds something."""
        if wanted is None:
            yield from range(start, stop)
        elif start < stop and wanted(self._between(start, stop)):
            if stop - start == 1:
                yield start
            else:
                middle = (start + stop) // 2
                yield from self.wanted(wanted, start, middle)
                yield from self.wanted(wanted, middle, stop)
