"""The house stands as drawn: who may import whom, and where SQL and Scrapy may be spoken.

The tables below are the plan. Each check yields complaints of the form `file:line: fault. Cure.`
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import pytest

PACKAGE = Path(__file__).parent.parent / "govnews"

# From the ground up: a room imports from the floors below its own alone.
FLOORS = (
    {"errors"},
    {"clock", "vietnamese"},
    {"items"},
    {"sites", "content"},
    {"extract"},
    {"archive"},
    {
        "settings",
        "spiders",
        "scheduler",
        "downloader",
        "network",
        "tls",
        "pace",
        "middlewares",
        "pipelines",
        "extensions",
        "keeper",
        "crawl",
    },
    {"search", "diff", "media", "export", "report", "reextract", "verify"},
    {"collection", "web"},
    {"__init__"},
    {"cli"},
    {"__main__"},
)
FETCHING = FLOORS[6]  # one household: these rooms import each other
BESIDE = {"demo"}  # stands beside the house

SHUT = {"archive": {"extract"}}  # lower, and shut all the same
DEMO_IMPORTS = {"errors"}
DEMO_IS_FOR = {"cli", "crawl", "spiders"}  # they start a crawl of it

STANDARD_LIBRARY_ONLY = {"errors", "items"}
SCRAPY = {"scrapy", "twisted"}
SCRAPY_IS_FOR = FETCHING | {"cli.crawl"}
PURE = {"extract"}  # page in, Reading out
NOT_PURE = {
    "aiohttp",
    "http",
    "requests",
    "socket",
    "sqlite3",
    "subprocess",
    "time",
    "urllib.request",
}

BANNED_NAMES = {"utils", "util", "helpers", "helper", "common", "base", "manager"}
SQL = re.compile(
    r"\s*(?:"
    r"(?-i:SELECT|INSERT|UPDATE|DELETE|CREATE|PRAGMA|WITH|ALTER|DROP|REPLACE|ATTACH|VACUUM)\b"
    r"|select\b.+\bfrom\b|insert\s+(or\s+\w+\s+)?into\b|update\s+\w+\s+set\b|delete\s+from\b"
    r"|create\s+(virtual\s+|temp\s+|unique\s+)?(table|index|view|trigger)\b|pragma\s+\w+\s*[=(;]"
    r"|with\s+\w+\s+as\s*\(|alter\s+table\b|drop\s+(table|index|view|trigger)\b)",
    re.IGNORECASE | re.DOTALL,
)


class Import(NamedTuple):
    line: int
    name: str  # with its dots: a module, or a name in one
    bound: str  # what it is called from here on


@dataclass(frozen=True)
class Module:
    """One file of the package, parsed."""

    root: Path
    path: Path
    modules: frozenset[str] = field(repr=False)  # of the whole package, as `archive.store`

    @property
    def name(self) -> str:
        """`archive.store` for archive/store.py, `archive` for archive/__init__.py."""
        parts = self.path.relative_to(self.root).with_suffix("").parts
        return ".".join(parts[:-1] if len(parts) > 1 and parts[-1] == "__init__" else parts)

    @property
    def room(self) -> str:
        return self.name.partition(".")[0]

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.path.read_text(encoding="utf-8"), str(self.path))

    @cached_property
    def imports(self) -> list[Import]:
        return list(self._imports())

    def _imports(self) -> Iterator[Import]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    bound = alias.asname or alias.name.partition(".")[0]
                    yield Import(node.lineno, alias.name, bound)
            elif isinstance(node, ast.ImportFrom):
                source = self._absolute(node)
                for alias in node.names:
                    bound = alias.asname or alias.name
                    yield Import(node.lineno, f"{source}.{alias.name}", bound)

    def _absolute(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        here = ("govnews", *self.path.relative_to(self.root).parts[:-1])
        above = here[: len(here) - node.level + 1]
        return ".".join((*above, *filter(None, [node.module])))

    def rooms_imported(self) -> Iterator[tuple[int, str]]:
        """The rooms of this package that are imported, `__init__` for the package's own names."""
        tops = {name.partition(".")[0] for name in self.modules}
        for line, name, _ in self.imports:
            parts = name.split(".")
            if parts[0] != "govnews" or parts == ["govnews", "__version__"]:
                continue
            yield line, parts[1] if len(parts) > 1 and parts[1] in tops else "__init__"

    def strangers_imported(self) -> Iterator[tuple[int, str]]:
        for line, name, _ in self.imports:
            if name.partition(".")[0] not in {"govnews", "__future__"}:
                yield line, name

    def at(self, line: int, fault: str) -> str:
        return f"govnews/{self.path.relative_to(self.root)}:{line}: {fault}"


def read_package(root: Path) -> list[Module]:
    paths = sorted(root.rglob("*.py"))
    names = frozenset(Module(root, path, frozenset()).name for path in paths)
    return [Module(root, path, names) for path in paths]


def complaints(root: Path) -> list[str]:
    checks = (
        rooms_are_known,
        imports_go_down,
        demo_stands_beside,
        strangers_stay_out,
        sql_stays_in_the_archive,
        classes_do_not_inherit,
        names_say_something,
    )
    found = [fault for module in read_package(root) for check in checks for fault in check(module)]
    return list(dict.fromkeys(found))


def floor_of(room: str) -> int:
    return next((number for number, rooms in enumerate(FLOORS) if room in rooms), len(FLOORS))


def rooms_are_known(module: Module) -> Iterator[str]:
    if floor_of(module.room) == len(FLOORS) and module.room not in BESIDE:
        yield module.at(
            1, f"no floor is known for the room {module.room}. Add it to FLOORS in test_house.py"
        )


def imports_go_down(module: Module) -> Iterator[str]:
    if module.room in BESIDE:
        return
    for line, room in module.rooms_imported():
        if room in BESIDE or room == module.room:
            continue
        if {module.room, room} <= FETCHING:
            continue
        if floor_of(room) >= floor_of(module.room):
            yield module.at(
                line,
                f"{module.room} imports {room}, which is not on a floor below it. "
                "Hand the value in as an argument, or move the function down",
            )
        elif room in SHUT.get(module.room, ()):
            yield module.at(
                line, f"{module.room} is shut to {room}. Hand the reading in as an argument"
            )


def demo_stands_beside(module: Module) -> Iterator[str]:
    for line, room in module.rooms_imported():
        if module.room == "demo" and room not in DEMO_IMPORTS | {"demo"}:
            yield module.at(line, f"demo imports {room}. It is a portal, and knows no reader")
        if room == "demo" and module.room not in DEMO_IS_FOR | {"demo"}:
            yield module.at(line, f"{module.room} imports demo. Only {_list(DEMO_IS_FOR)} may")


def strangers_stay_out(module: Module) -> Iterator[str]:
    for line, name in module.strangers_imported():
        package = name.partition(".")[0]
        if module.room in STANDARD_LIBRARY_ONLY and package not in sys.stdlib_module_names:
            yield module.at(line, f"{module.room} imports {package}. Standard library only")
        if package in SCRAPY and not SCRAPY_IS_FOR & {module.room, module.name}:
            yield module.at(line, f"{module.name} imports {package}. Only the Scrapy rooms may")
        if module.room in PURE and any(f"{name}.".startswith(f"{other}.") for other in NOT_PURE):
            yield module.at(line, f"{module.room} imports {name}. Reading is a pure function")


def sql_stays_in_the_archive(module: Module) -> Iterator[str]:
    if module.room == "archive":
        return
    for text in _strings(module.tree):
        if SQL.match(str(text.value)):
            start = " ".join(str(text.value).split())[:40]
            yield module.at(
                text.lineno, f"SQL outside the archive: {start!r}. Name a query in archive/"
            )


def classes_do_not_inherit(module: Module) -> Iterator[str]:
    if module.name == "errors":
        return
    own = {node.name for node in ast.walk(module.tree) if isinstance(node, ast.ClassDef)}
    ours = {bound: name for _, name, bound in module.imports if name.startswith("govnews")}
    for node in [node for node in ast.walk(module.tree) if isinstance(node, ast.ClassDef)]:
        for base in node.bases:
            name = ast.unparse(base.value if isinstance(base, ast.Subscript) else base)
            source = ours.get(name.partition(".")[0], "")
            exempt = f"{source}.{name}".startswith("govnews.errors.") or (
                f"{name}.".startswith("govnews.errors.")
            )
            if name in own or (source and not exempt):
                yield module.at(
                    node.lineno,
                    f"{node.name} inherits from {name}, a class of ours. "
                    "Let data vary, or a named function",
                )


def names_say_something(module: Module) -> Iterator[str]:
    for part in module.name.split("."):
        if part in BANNED_NAMES:
            yield module.at(1, f"the name {part} says nothing. Name it after its subject")


def _strings(tree: ast.Module) -> Iterator[ast.Constant]:
    """All string constants but docstrings; of an f-string only the start, as SQL would."""
    passed: set[int] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Expr():
                passed.add(id(node.value))
            case ast.JoinedStr():
                passed.update(id(part) for part in node.values[1:])
            case ast.Constant(value=str()) if id(node) not in passed:
                yield node


def _list(rooms: set[str]) -> str:
    return ", ".join(sorted(rooms))


def test_the_house_stands_as_drawn() -> None:
    assert {"errors", "items", "archive"} <= {module.room for module in read_package(PACKAGE)}
    if found := complaints(PACKAGE):
        pytest.fail("\n".join(found), pytrace=False)


def plant(root: Path, files: dict[str, str]) -> list[str]:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return complaints(root)


SOUND = {
    "__init__.py": "from govnews.collection import Collection\n__version__ = '1'\n",
    "__main__.py": "from govnews.cli import main\n",
    "errors.py": "class A(Exception): ...\nclass B(A): ...\n",
    "clock.py": "from govnews.errors import B\n",
    "items.py": "from dataclasses import dataclass\n",
    "sites/__init__.py": "from govnews.items import Site\nfrom .loader import load\n",
    "sites/loader.py": "from govnews import errors\nclass Refused(errors.B): ...\n",
    "extract/__init__.py": '"""SELECT in a docstring."""\nfrom urllib.parse import urlsplit\n',
    "archive/__init__.py": "from . import store\nfrom govnews import __version__\n",
    "archive/store.py": 'Q = "SELECT 1"\n',
    "settings.py": 'import scrapy\nfrom govnews import spiders\nHELP = "Select a site"\n',
    "spiders/__init__.py": "from govnews.demo import Portal\n",
    "search.py": "from govnews.archive import store\n",
    "collection.py": "import govnews.search\nclass Collection: ...\n",
    "web.py": "from govnews import search\n",
    "cli/__init__.py": 'from govnews import Collection\nP = f"{Collection} WITH"\n',
    "cli/crawl.py": "import scrapy.crawler\n",
    "demo/__init__.py": "from govnews.errors import A\nfrom govnews.demo.world import World\n",
    "demo/world.py": "class World: ...\n",
}

PLANTED = [
    ("items.py", "from govnews.sites import load", "items imports sites, which is not on a floor"),
    ("items.py", "import govnews.archive.store", "items imports archive, which is not on a floor"),
    ("items.py", "def f():\n    from govnews import cli", "govnews/items.py:2: items imports cli"),
    ("items.py", "import attrs", "items imports attrs. Standard library only"),
    ("errors.py", "from govnews.items import A", "errors imports items"),
    ("clock.py", "from govnews import vietnamese", "clock imports vietnamese"),
    ("vietnamese.py", "from .clock import now", "vietnamese imports clock"),
    ("sites/loader.py", "from ..extract import f", "sites imports extract"),
    ("extract/a.py", "import scrapy.http", "extract.a imports scrapy. Only the Scrapy rooms may"),
    ("extract/a.py", "from urllib import request", "extract imports urllib.request. Reading is"),
    ("extract/a.py", "import sqlite3", "extract imports sqlite3. Reading is a pure function"),
    ("archive/a.py", "from govnews.extract import read_page", "archive is shut to extract"),
    ("archive/a.py", "from ..settings import X", "archive imports settings"),
    ("keeper/a.py", "from govnews.search import f", "keeper imports search"),
    ("search.py", "from govnews import report", "search imports report"),
    ("export/csv.py", "from govnews.search import f", "export imports search"),
    ("report.py", "import govnews.reextract", "report imports reextract"),
    ("reextract.py", "from govnews import export", "reextract imports export"),
    ("search.py", "from govnews import web", "search imports web"),
    ("search.py", "from govnews import Collection", "search imports __init__"),
    ("web.py", "from govnews.cli import main", "web imports cli"),
    (
        "search.py",
        "from twisted.internet import reactor",
        "search imports twisted. Only the Scrapy",
    ),
    ("cli/show.py", "import scrapy", "cli.show imports scrapy. Only the Scrapy rooms may"),
    ("demo/a.py", "from govnews.items import Article", "demo imports items. It is a portal"),
    (
        "archive/a.py",
        "from govnews.demo import Portal",
        "archive imports demo. Only cli, crawl, spiders may",
    ),
    ("search.py", 'Q = "SELECT * FROM articles"', "SQL outside the archive: 'SELECT * FROM"),
    (
        "search.py",
        'Q = """\n  select id\n  from a"""',
        "SQL outside the archive: 'select id",
    ),
    ("cli/a.py", 'f(f"DELETE FROM {table}")', "SQL outside the archive: 'DELETE FROM'"),
    ("web.py", 'Q = "with x as (values(1)) table x"', "SQL outside the archive: 'with x as"),
    ("report.py", 'f("pragma user_version = 3")', "SQL outside the archive: 'pragma user_version"),
    (
        "search.py",
        "class A: ...\nclass B(A): ...",
        "govnews/search.py:2: B inherits from A, a class",
    ),
    ("export/a.py", "from govnews.items import A\nclass B(A): ...", "B inherits from A"),
    ("export/a.py", "from . import csv\nclass B(csv.Writer[int]): ...", "inherits from csv.Writer"),
    (
        "export/a.py",
        "import govnews.items\nclass B(govnews.items.A): ...",
        "B inherits from govnews",
    ),
    ("export/base.py", "", "the name base says nothing. Name it after its subject"),
    ("utils/__init__.py", "", "the name utils says nothing"),
    ("weather.py", "", "no floor is known for the room weather. Add it to FLOORS"),
]


def test_a_sound_house_draws_no_complaint(tmp_path: Path) -> None:
    assert plant(tmp_path, SOUND) == []


@pytest.mark.parametrize(("file", "text", "complaint"), PLANTED)
def test_a_planted_violation_is_named(tmp_path: Path, file: str, text: str, complaint: str) -> None:
    room = file.partition("/")[0].removesuffix(".py")
    rooms = {f"{name}.py": "" for name in ("report", "reextract", "vietnamese", "export/__init__")}
    sound = {name: "" if name == file else body for name, body in (rooms | SOUND).items()}
    found = plant(tmp_path, sound | {file: text})
    assert any(complaint in fault for fault in found), found
    assert all(f"govnews/{room}" in fault for fault in found), found
