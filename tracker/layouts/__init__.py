"""Layouts: how one kind of block is printed. The folder is the registry: a TOML file is a layout. Pure.

layout  what a layout may say, read and checked
claim   the rows that a layout claims on a page
"""

from __future__ import annotations

from .layout import Layout as Layout
from .layout import load as load
