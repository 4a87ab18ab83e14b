"""How commands print: JSON for programs; for people tables and text, which is folded, coloured
and paged on a terminal, and plain where it is piped."""

from __future__ import annotations

import json
import os
import shutil
import sys
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


def print_pages(text: str) -> None:
    """A long text: through the reader's pager on a terminal, as it is elsewhere."""
    if sys.stdout.isatty():
        os.environ.setdefault("LESS", "FRX")  # colours; no pager for what fits the screen
        click.echo_via_pager(text)
    else:
        click.echo(text)


def folded(text: str, indent: str = "") -> str:
    """Text with lines as wide as the terminal, at most 100, its own line ends kept; where there
    is no terminal, its lines as they are."""
    width = min(shutil.get_terminal_size().columns, 100) if sys.stdout.isatty() else None
    return "\n".join(_folded(line, indent, width) for line in text.split("\n"))


def _folded(line: str, indent: str, width: int | None) -> str:
    if width is None:
        return indent + line
    lines, room = [""], 0
    for word in line.split(" "):
        size = _width(click.unstyle(word)) + 1
        if size > room + 1 and lines[-1].strip():
            lines.append("")
        if not lines[-1]:
            lines[-1], room = indent + word, width - len(indent) - size
        else:
            lines[-1], room = f"{lines[-1]} {word}", room - size
    return "\n".join(lines)


def _plain(value: object) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    return str(value)


def _width(text: str) -> int:
    return sum(1 + (unicodedata.east_asian_width(char) in "WF") for char in text)


def _padded(text: str, width: int, to_the_right: bool) -> str:
    padding = " " * (width - _width(text))
    return padding + text if to_the_right else text + padding
