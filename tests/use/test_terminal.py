"""What commands print on a terminal, and that they do so there alone."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest
from click.testing import CliRunner

from govnews.cli import main

COLOUR = re.compile(r"\x1b\[[\d;]*m")


def on_a_terminal(*arguments: str, columns: int = 40) -> str:
    """What a command prints on a terminal so wide; its pager marks that it was used."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    environment = os.environ | {"PAGER": "sed s/^/:/", "TERM": "xterm"}
    environment.pop("COLUMNS", None)
    with subprocess.Popen(
        [sys.executable, "-m", "govnews", *arguments],
        stdin=theirs,
        stdout=theirs,
        stderr=subprocess.DEVNULL,
        env=environment,
    ) as child:
        os.close(theirs)
        shown = b"".join(iter(lambda: _read(ours), b""))
    os.close(ours)
    assert child.returncode == 0
    return shown.decode().replace("\r\n", "\n")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # Linux says so that the other end was closed
        return b""


@pytest.mark.parametrize(
    "command", [("search", "duong"), ("show", "1"), ("diff", "3"), ("search", "duong", "--facets")]
)
def test_people_get_pages_and_folded_lines(folder: Path, command: tuple[str, ...]) -> None:
    shown = on_a_terminal(*command, "--data", str(folder)).splitlines()
    assert all(line.startswith(":") for line in shown)
    lines = [COLOUR.sub("", line) for line in shown if "http" not in line]
    assert max(map(len, lines)) <= 41


@pytest.mark.parametrize("command", [("search", "duong"), ("show", "1"), ("diff", "3")])
def test_programs_get_plain_lines_and_json(folder: Path, command: tuple[str, ...]) -> None:
    plain = CliRunner().invoke(main, [*command, "--data", str(folder)]).stdout
    assert not COLOUR.search(plain)
    for_programs = on_a_terminal(*command, "--json", "--data", str(folder))
    assert json.loads(for_programs)


def test_a_long_line_is_one_line_where_it_is_piped(folder: Path) -> None:
    shown = CliRunner().invoke(main, ["show", "4", "--data", str(folder)]).stdout
    assert ("đường dương duong " * 40).strip() in shown
