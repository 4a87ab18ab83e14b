"""How commands print: JSON for programs, tables and folded lines for people."""

from __future__ import annotations

import json
import shutil
import textwrap
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import asdict, is_dataclass
from typing import Any

import click

_ABSENT = "–"


def print_json(value: object) -> None:
    """A value as indented JSON; dataclasses are objects."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=_plain))


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Aligned columns under their heads, numbers to the right; None is a dash."""
    cells = [[_ABSENT if cell is None else str(cell) for cell in row] for row in rows]
    numeric = [
        all(row[column].isdecimal() or row[column] == _ABSENT for row in cells)
        for column in range(len(heads))
    ]
    widths = [max(map(_width, column)) for column in zip(heads, *cells, strict=True)]
    lines = ["  ".join(map(_padded, line, widths, numeric)).rstrip() for line in ([*heads], *cells)]
    return "\n".join(lines)


def folded(text: str, indent: str = "") -> str:
    """Text with lines as wide as the terminal, at most 100; its own line ends stay."""
    width = min(shutil.get_terminal_size().columns, 100)
    return "\n".join(
        textwrap.fill(
            line, width, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False
        )
        for line in text.split("\n")
    )


def _plain(value: object) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    return str(value)


def _width(text: str) -> int:
    return sum(1 + (unicodedata.east_asian_width(char) in "WF") for char in text)


def _padded(text: str, width: int, to_the_right: bool) -> str:
    padding = " " * (width - _width(text))
    return padding + text if to_the_right else text + padding
