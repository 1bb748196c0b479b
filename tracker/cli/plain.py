"""Options read without Typer's own machinery, which loads pydantic: 90 ms to learn that text is text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, get_args, get_origin

import typer
from typer.core import TyperCommand, TyperGroup


class Plain:
    """Reads one option: str, int, float, Literal, or a list of str; numbers are not below zero."""

    def __init__(self, annotation: Any) -> None:
        self.annotation = annotation

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        """The value in the option's type; BadParameter for a text that is none."""
        if value is None:
            return () if param.multiple or param.nargs == -1 else None
        if get_origin(self.annotation) is Literal and value not in get_args(self.annotation):
            choices = ", ".join(get_args(self.annotation))
            raise typer.BadParameter(f"{value!r} is not one of {choices}", ctx=ctx, param=param)
        if self.annotation in (int, float):
            return self._number(value, param, ctx)
        return value

    def _number(self, value: Any, param: Any, ctx: Any) -> int | float:
        try:
            number = int(value) if self.annotation is int else float(value)
        except ValueError:
            kind = "a whole number" if self.annotation is int else "a number"
            raise typer.BadParameter(f"{value!r} is not {kind}", ctx=ctx, param=param) from None
        if not 0 <= number < 1e9:
            raise typer.BadParameter(f"{value!r} is out of range", ctx=ctx, param=param)
        return number


class Command(TyperCommand):
    """A command whose options are read by `Plain`."""

    def __init__(self, *args: Any, params: Sequence[Any] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, params=_plainly(params), **kwargs)

    def get_help_option(self, ctx: Any) -> Any:
        return _plain_help(super().get_help_option(ctx))


class Commands(TyperGroup):
    """The same for all commands' common options."""

    def __init__(self, *args: Any, params: Sequence[Any] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, params=_plainly(params), **kwargs)

    def get_help_option(self, ctx: Any) -> Any:
        return _plain_help(super().get_help_option(ctx))


def _plain_help(option: Any) -> Any:
    """`--help`, which Typer adds by itself, read by `Plain` too."""
    _plainly([option])
    return option


def _plainly(params: Sequence[Any] | None) -> list[Any]:
    """The parameters, read by `Plain`. A Typer built otherwise keeps its own way: slower, as right."""
    for param in params or ():
        if getattr(param, "_runtime_param", param) is None:
            param._runtime_param = Plain(param.type_descriptor.annotation)
    return list(params or ())
