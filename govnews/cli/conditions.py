"""The options that narrow down articles, the same wherever articles are listed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import click

F = TypeVar("F", bound=Callable[..., object])


def conditions(command: F) -> F:
    """Gives a command the filters, by the names that `Collection` knows them by."""
    options = (
        click.option("--site", metavar="SITE", help="Of this site alone."),
        click.option("--section", metavar="NAME", help="Of this section, as the site names it."),
        click.option("--author", metavar="NAME", help="By this author, as the articles say."),
        click.option(
            "--since", metavar="DAY", help="Published on this day, month or year, or later."
        ),
        click.option("--until", metavar="DAY", help="Published then or earlier."),
        click.option("--changed/--unchanged", default=None, help="Changed since first seen."),
        click.option("--gone/--present", default=None, help="No longer on the portal."),
    )
    for option in reversed(options):
        command = option(command)
    return command
