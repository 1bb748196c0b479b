"""The library as an editor, mypy and a notebook see it: names, types, one thing returned by `plot`."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_overloads, get_type_hints

import matplotlib
import pytest
from matplotlib.figure import Figure

import tracker
from tracker import charts, errors
from tracker.charts import _plot

ROOT = Path(__file__).parents[1]
SEEDS = ROOT / "seeds"


@pytest.fixture(scope="module")
def quotes() -> Any:
    return tracker.read(SEEDS)


def test_every_name_is_there_and_every_error_among_them() -> None:
    assert len(set(tracker.__all__)) == len(tracker.__all__)
    for name in tracker.__all__:
        assert getattr(tracker, name) is not None
    told = {
        name
        for name, value in vars(errors).items()
        if inspect.isclass(value) and issubclass(value, Exception)
    }
    assert told - set(tracker.__all__) == {
        "Beside",
        "Export",
        "Refused",
        "SettingsError",
        "SitesError",
        "Unanswered",
    }  # never raised to who imports this


# -- plot


@pytest.mark.parametrize("kind", charts.kinds())
def test_a_chart_is_a_figure_that_a_notebook_shows(quotes: Any, kind: Any) -> None:
    figure = tracker.plot(quotes, kind)
    assert isinstance(figure, Figure)
    picture = figure._repr_png_()  # type: ignore[attr-defined]
    assert picture.startswith(b"\x89PNG")
    ax = matplotlib.figure.Figure().subplots()
    one = quotes[quotes["symbol"] == "BTC"]
    assert tracker.plot(one, kind, ax=ax) is ax.figure


def test_a_figure_of_one_panel_can_be_used_as_its_axes(quotes: Any) -> None:
    for kind in ("movers", "heatmap", "coverage", "indexed"):
        figure: Any = tracker.plot(quotes, kind)  # type: ignore[call-overload]
        ax = figure.axes[0]
        assert (figure.get_xlim(), figure.lines) == (ax.get_xlim(), [])
        figure.set_ylim(0, 7)
        assert ax.get_ylim() == (0, 7)
    several: Any = tracker.plot(quotes, panels="each")
    with pytest.raises(AttributeError, match=r"no attribute 'get_xlim'; it has 5 panels, see \.axes"):
        several.get_xlim()


def test_the_typed_options_are_those_of_the_kinds() -> None:
    assert set(_plot.KINDS) == set(charts.kinds())
    for kind, options in _plot.KINDS.items():
        assert set(get_type_hints(options)) == set(charts.options(kind)), kind
        for name in charts.options(kind):
            assert name in str(_plot.plot.__doc__), f"{name} is not listed"
    told = [get_type_hints(each, _names(each)) for each in get_overloads(_plot.plot)]
    (kinds,) = zip(*(get_args(hints["kind"]) for hints in told), strict=True)
    assert set(kinds) == set(charts.kinds())
    for hints, kind in zip(told, kinds, strict=True):
        assert get_origin(hints["kind"]) is Literal
        assert get_args(hints["options"]) == (_plot.KINDS[kind],)


def _names(_: Any) -> dict[str, Any]:
    import pandas as pd
    from matplotlib.axes import Axes

    return {**vars(_plot), "DataFrame": pd.DataFrame, "Axes": Axes, "Figure": Figure}


# -- types: tests/used.py is held to them by `make lint`


def test_types_are_given_to_who_installs_it() -> None:
    """The marker is part of the package, and an editable install is a path, not a hook that type checkers cannot run."""
    assert (ROOT / "tracker" / "py.typed").exists()
    settings = (ROOT / "pyproject.toml").read_text("utf-8")
    assert '[tool.distutils.editable_wheel]\nmode = "compat"' in settings
