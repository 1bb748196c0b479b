"""Charts: one file a kind, each draws on the Axes it is given. The files without a leading underscore are the kinds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from importlib import import_module
from inspect import signature
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

from ..errors import TrackerError

if TYPE_CHECKING:
    from datetime import tzinfo

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from pandas import DataFrame

    from ..store.large import Large


def kinds() -> tuple[str, ...]:
    """The kinds of chart there are: the files of this folder."""
    return tuple(sorted(m.name for m in iter_modules(__path__) if not m.name.startswith("_")))


def options(kind: str) -> tuple[str, ...]:
    """The options `plot` takes for this kind: those of every chart (see `_look.Look`), then its own."""
    from ._look import Look

    own = [p.name for p in signature(_drawer(kind)).parameters.values() if p.kind is p.KEYWORD_ONLY]
    return (*(f.name for f in fields(Look)), *own)


def plot(
    quotes: DataFrame | Large, kind: str = "history", ax: Axes | None = None, **given: Any
) -> Axes | Figure:
    """Draw quotes; nothing is shown and nothing is saved.

    quotes  a table with the columns of the tidy table, or one to be asked (see Store.large); a table of more than
            large.LARGE rows is asked too, so that memory does not grow with what cannot be seen
    kind    one of `kinds()`
    ax      draw on these Axes instead of a new Figure; then the chart must fit one panel
    given   the options of `Look` and those of the kind's `draw`; `options(kind)` lists them

    Returns the Axes, or the Figure where there are several. TrackerError: unknown kind or option, a value that is
    none, a column that is missing, nothing to draw.
    """
    from ._look import Look
    from ._observed import Observed

    draw = _drawer(kind)
    unknown = sorted(set(given) - set(options(kind)))
    if unknown:
        raise TrackerError(
            f"chart {kind}", f"has no option {', '.join(unknown)}", f"it has {', '.join(options(kind))}"
        )
    shared = {f.name for f in fields(Look)}
    look = Look(**{name: value for name, value in given.items() if name in shared})
    own = {name: value for name, value in given.items() if name not in shared}
    with asked(quotes) as rows:
        drawn: Axes | Figure = draw(Observed.of(rows, look), look, ax, **own)
    return drawn


@contextmanager
def asked(quotes: DataFrame | Large) -> Iterator[DataFrame | Large]:
    """A table as it is, or to be asked where it is large; one that lacks columns as it is."""
    from ..store.large import LARGE, NEEDED, Large, of_frame

    if isinstance(quotes, Large) or len(quotes) <= LARGE or not set(NEEDED) <= set(quotes.columns):
        yield quotes
    else:
        with of_frame(quotes) as large:
            yield large


def save(figure: Axes | Figure, path: Any, dpi: float | None = None) -> None:
    """Write what `plot` returned as PNG, SVG or PDF, by the path's ending. See `_save.save`."""
    from ._save import save as write

    write(figure, path, dpi)


def card(
    quotes: DataFrame | Large, kind: str, name: str, label: str, size: tuple[float, float], **given: Any
) -> str:
    """A chart without words as an `<svg>` element for a page that sets the variables of `css`. See `_inline.card`."""
    from ._inline import card as draw

    return draw(quotes, kind, name, label, size, **given)


def font(text: str) -> str:
    """The font of cards, with the characters of this text, as base64 of WOFF. See `_inline.font`."""
    from ._inline import font as cut

    return cut(text)


def mark(place: int) -> tuple[str, str]:
    """How the n-th site is marked in cards: the CSS variable of its colour, and a letter like its marker."""
    from ._inline import mark as of

    return of(place)


def css(theme: str, lang: str = "en") -> str:
    """A theme's colours as CSS declarations, rise and fall as the language has them: `--ink: #1c2026; …`."""
    from ._inline import variables

    return " ".join(f"{name}: {colour};" for name, colour in variables(theme, lang).items())


def medians(coin: Large, tz: tzinfo, points: float) -> tuple[Any, Any, float]:
    """What several sites showed of one coin, for a picture so many points wide. See `_summary.medians`."""
    from ._summary import medians as of

    return of(coin, tz, points)


def ordered(counts: DataFrame) -> DataFrame:
    """Of each coin and currency (columns coin, money, rank, n) how many quotes there are, and their middle place. See
    `_working.ordered`."""
    from ._working import ordered as of

    return of(counts)


def joined(days: Any) -> float:
    """How far apart two of these sorted times may be and still be joined, in days. See `_time.reach`."""
    from ._time import reach

    return reach(days)


def called(coin: str, name: str) -> str:
    """A printed name without its coin's symbol. See `_names.bare`."""
    from ._names import bare

    return bare(coin, name)


def homeless(layouts: Any, lang: str) -> Any:
    """What pages without an address are called, by the ids of their layouts. See `_names.homeless`."""
    from ..language import language
    from ._names import homeless as of

    return of(layouts, language(lang))


def _drawer(kind: str) -> Any:
    if kind not in kinds():
        raise TrackerError(f"chart {kind}", "is not a kind of chart", f"choose from {', '.join(kinds())}")
    return import_module(f"{__name__}.{kind}").draw
