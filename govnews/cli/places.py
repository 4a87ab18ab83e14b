"""`--data` and `--sites`, which every command takes, before or after its name."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

import click

F = TypeVar("F", bound=Callable[..., object])


@dataclass(frozen=True, slots=True)
class Places:
    """The collection's folder, and a folder with more site files (None: the bundled alone).

    A command gets it by `@click.pass_obj`.
    """

    data: Path = Path("data")
    sites: Path | None = None


def places(command: F) -> F:
    """Gives a command the two options; what stands after its name goes before the rest."""
    for name, help_text in reversed(_OPTIONS.items()):
        option = click.option(
            f"--{name}",
            type=click.Path(file_okay=False, path_type=Path),
            metavar="DIR",
            help=help_text,
            expose_value=False,
            is_eager=True,
            callback=partial(_keep, name),
        )
        command = option(command)
    return command


def _keep(name: str, ctx: click.Context, _: click.Parameter, value: Path | None) -> None:
    known = ctx.obj if isinstance(ctx.obj, Places) else _from_environment()
    ctx.obj = known if value is None else replace(known, **{name: value})


def _from_environment() -> Places:
    data, sites = os.environ.get("GOVNEWS_DATA"), os.environ.get("GOVNEWS_SITES")
    return Places(Path(data or "data"), Path(sites) if sites else None)


_OPTIONS = {
    "data": "The collection, a folder.  [default: data, or $GOVNEWS_DATA]",
    "sites": "A folder with more site files.  [default: $GOVNEWS_SITES]",
}
