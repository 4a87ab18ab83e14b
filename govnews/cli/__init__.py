"""The `govnews` command: each command parses, calls one function and prints."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

import click

from govnews.cli.places import places
from govnews.errors import GovnewsError

COMMANDS = (
    "crawl",
    "sites",
    "extract",
    "search",
    "show",
    "diff",
    "media",
    "export",
    "reextract",
    "verify",
)
"""In the order of the help; each is a Click command in the module of its name."""

_INTERRUPTED = 130


class Commands(click.Group):
    """Commands that are loaded when they are called, and what becomes of their errors."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Those commands that this installation has."""
        return [name for name in COMMANDS if find_spec(f"{__name__}.{name}")]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name, None where there is none."""
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = getattr(import_module(f"{__name__}.{cmd_name}"), cmd_name)
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Runs a command; what govnews refuses is a line on stderr and the error's exit code."""
        try:
            return super().invoke(ctx)
        except GovnewsError as error:
            click.echo(f"Error: {error}", err=True)
            raise click.exceptions.Exit(error.exit_code) from error
        except KeyboardInterrupt:
            raise click.exceptions.Exit(_INTERRUPTED) from None


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="govnews")
@places
def main() -> None:
    """An archive of record of government news: crawl portals, search and export what they said.

    \b
    Begin with:
      govnews crawl demo            a portal that comes with govnews
      govnews search "ngân sách"    what the collection says
      govnews export news.csv       all of it, for a spreadsheet
    """
