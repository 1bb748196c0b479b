"""Options read without Typer's own machinery, which loads pydantic: 90 ms to learn that text is text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, get_args, get_origin

import typer
from typer.core import TyperCommand, TyperGroup

from ..errors import SettingsError
from .settings import FILE, KEYS, setting

GROUPS = ("Collect and read", "Look", "Keep")  # what commands are for


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

    def get_params(self, ctx: Any) -> list[Any]:
        return _plainly(super().get_params(ctx))


class Commands(TyperGroup):
    """The same for all commands' common options; its help has commands in groups, and what settings hold."""

    def get_params(self, ctx: Any) -> list[Any]:
        return _plainly(super().get_params(ctx))

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """The commands by what they are for."""
        groups: dict[str, list[tuple[str, str]]] = {group: [] for group in GROUPS}
        room = formatter.width - 6 - max(map(len, self.commands))
        for name, command in self.commands.items():
            groups[getattr(command, "rich_help_panel", GROUPS[1])].append(
                (name, command.get_short_help_str(room))
            )
        for group, rows in groups.items():
            with formatter.section(group):
                formatter.write_dl(rows)

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        """What holds now where the command line says nothing, and where that came from."""
        with formatter.section(f"Settings (TRACKER_… in the environment wins over {FILE})"):
            try:
                formatter.write_dl([(key, _told(*setting(key))) for key in KEYS])
            except SettingsError as error:
                formatter.write_text(str(error))


def _told(value: Any, source: str) -> str:
    spelled = ", ".join(value) if isinstance(value, list) else value
    return f"{'–' if spelled in (None, '') else spelled} ({source})"


def _plainly(params: Sequence[Any]) -> list[Any]:
    """The parameters, those that Typer adds by itself among them, read by `Plain`.

    A Typer built otherwise keeps its own way: slower, as right.
    """
    for param in params:
        if getattr(param, "_runtime_param", param) is None:
            param._runtime_param = Plain(param.type_descriptor.annotation)
    return list(params)
