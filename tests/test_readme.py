"""The README's commands do what it says, one after another, on a collection of their own.

```sh and ```console blocks go to bash, ```python blocks to Python. In a ```console block the lines
after `$` are the commands, and the other lines must come out, in that order; `...` stands for any.
`make` is not run from here: its targets must exist, and `make demo` is what its recipe does.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
DEMO = "govnews crawl demo"

BLOCK = re.compile(r"^```(sh|console|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MAKE = re.compile(r"^make\s+([\w-]+).*$", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A block of the README: what is run, and which lines must come of it."""

    language: str
    text: str

    @property
    def commands(self) -> str:
        lines = self.text.splitlines()
        if self.language == "console":
            lines = [line[2:] for line in lines if line.startswith("$ ")]
        text = "\n".join(lines)
        if self.language == "python":
            return text
        return MAKE.sub(lambda make: DEMO if make[1] == "demo" else "", text)

    @property
    def output(self) -> list[str]:
        if self.language != "console":
            return []
        lines = [line.strip() for line in self.text.splitlines() if not line.startswith("$ ")]
        return [line for line in lines if line and line != "..."]


def blocks(markdown: str) -> list[Block]:
    return [Block(language, text) for language, text in BLOCK.findall(markdown)]


def run(block: Block, folder: Path) -> str:
    """What a block prints; it fails the test where a command fails."""
    bash = ["bash", "-euo", "pipefail", "-c"]
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("GOVNEWS_")
    } | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "GOVNEWS_DATA": str(folder / "data"),
    }
    done = subprocess.run(
        [*([sys.executable, "-c"] if block.language == "python" else bash), block.commands],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, f"{block.commands}\nended with {done.returncode}:\n{done.stdout}"
    return done.stdout


def missing_lines(wanted: list[str], printed: str) -> list[str]:
    """The lines that were to be printed and were not, in their order."""
    left = iter([line.strip() for line in printed.splitlines()])
    return [line for line in wanted if line not in left]


def test_the_readme_runs_from_top_to_bottom(tmp_path: Path, needs_tool: Callable[..., str]) -> None:
    needs_tool("sqlite3", apt="sqlite3")
    found = blocks(README)
    assert any(DEMO in block.commands for block in found)
    for block in found:
        assert missing_lines(block.output, run(block, tmp_path)) == [], block.text


def test_the_make_targets_exist() -> None:
    wanted = set(re.findall(r"`make ([\w-]+)`", README)) | set(MAKE.findall(README))
    targets = set(re.findall(r"^([\w-]+):", MAKEFILE, re.MULTILINE))
    assert {"demo", "test"} <= wanted <= targets
    assert re.search(rf"^demo:.*\n\t\$\(BIN\)/{DEMO}$", MAKEFILE, re.MULTILINE)


def test_the_linked_files_exist() -> None:
    linked = re.findall(r"\]\((?!https?:|#)([^)#]+)", README)
    assert linked
    assert [name for name in linked if not (ROOT / name).exists()] == []


def test_what_is_read_from_a_markdown_file() -> None:
    shell, console, python = blocks(
        "```sh\nmake demo  # first\nmake test\nls\n```\n```cron\n* * * * *\n```\n"
        "```console\n$ echo a\na\n...\n$ echo b\nb\n```\n```python\nprint(1)\n```\n"
    )
    assert shell.commands.split("\n") == [DEMO, "", "ls"]
    assert (console.commands, console.output) == ("echo a\necho b", ["a", "b"])
    assert python.commands == "print(1)"


@pytest.mark.parametrize(
    ("printed", "missing"), [("a\nx\nb\n", []), ("b\na\n", ["b"]), ("a\n", ["b"]), ("", ["a", "b"])]
)
def test_lines_must_come_in_their_order(printed: str, missing: list[str]) -> None:
    assert missing_lines(["a", "b"], printed) == missing


def test_a_failing_command_fails_the_test(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="ended with 4"):
        run(Block("sh", "true\nbash -c 'exit 4'\ntrue"), tmp_path)
    assert run(Block("python", "print('đường')"), tmp_path) == "đường\n"
