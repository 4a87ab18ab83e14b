"""Stories: articles whose texts are nearly the same, whatever their site and their address.

Two articles are linked where their texts are near and share one of the passages drawn from them
that no more than `MOST_HOLDERS` articles hold; a story is what hangs together by links. So it
depends on the texts alone. An article with a new text waits in `stories_waiting` until `relate`
takes it up, some at a time: a page costs one row, and a death loses nothing.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import chain

from govnews.archive.database import transaction
from govnews.archive.nearness import NOTHING, comparable, drawn, near
from govnews.archive.sketches import Holders, Shelf

AT_ONCE = 128
"""How many articles `relate` takes up."""
MOST_AT_END = 20_000
"""How many articles a run that ends takes up; what an old archive brings more is left to others."""
MOST_HOLDERS = 200
"""A passage that more articles hold is a form of words, which links nobody."""


def await_relating(db: sqlite3.Connection, article_id: int) -> None:
    """Lets an article wait for `relate`: its text is new."""
    db.execute("INSERT OR IGNORE INTO stories_waiting VALUES (?)", (article_id,))


def forget(db: sqlite3.Connection, article_id: int) -> None:
    """Takes an article out of its story, before its row goes; those that were in it with it, or may
    be near others now, wait for `relate`."""
    shelf = Shelf(db)
    held = shelf.holders(shelf.sketch(article_id).passages, MOST_HOLDERS + 2).values()
    story = _story(db, article_id)
    fellows = {*_members(db, story)} if story else set()
    fellows.update(*(ids for ids in held if len(ids) == MOST_HOLDERS + 1))
    db.execute("UPDATE articles SET story_id = NULL WHERE story_id = ?", (story,))
    shelf.redraw(article_id, NOTHING)
    for fellow in fellows:
        await_relating(db, fellow)
    db.execute("DELETE FROM stories_waiting WHERE article_id = ?", (article_id,))


def relate_rest(db: sqlite3.Connection) -> None:
    """Finds the stories of the articles that wait, of `MOST_AT_END` at most."""
    for _ in range(MOST_AT_END // AT_ONCE):
        if not relate(db):
            break


def relate(db: sqlite3.Connection, least: int = 1) -> bool:
    """Finds the stories of up to `AT_ONCE` articles that wait, in a transaction; whether it did,
    for at least so many must wait.

    Stories that one of them was in are taken apart and put together anew, since what held them
    together may be gone; all others can but grow.
    """
    waiting = "SELECT article_id FROM stories_waiting ORDER BY 1 LIMIT ?"
    if len(db.execute(waiting, (least,)).fetchall()) < least:
        return False
    with transaction(db):
        ids = [row[0] for row in db.execute(waiting, (AT_ONCE,))]
        _relate(db, ids)
        done = [(article_id,) for article_id in ids]
        db.executemany("DELETE FROM stories_waiting WHERE article_id = ?", done)
    return True


def _relate(db: sqlite3.Connection, ids: list[int]) -> None:
    shelf, parts = Shelf(db), _Parts()
    left = {story for article_id in ids if (story := _story(db, article_id))}
    loose = {*ids, *chain.from_iterable(_members(db, story) for story in left)}
    come, gone = _draw(shelf, ids)
    passages = chain.from_iterable(shelf.sketch(one).passages for one in loose)
    holders = shelf.holders({*passages, *gone}, MOST_HOLDERS + AT_ONCE + 1)
    for article_id in _concerned(db, holders, come, gone):
        await_relating(db, article_id)
    for article_id in sorted(loose):
        parts.of(article_id)
        for other in _comparable(shelf, article_id, holders):
            # a story that stays stands for its members
            node = other if other in loose else _story(db, other) or other
            if parts.of(node) != parts.of(article_id) and near(
                shelf.wording(article_id), shelf.wording(other)
            ):
                parts.join(node, article_id)
    for nodes in parts.all():
        if len(nodes) > 1 or nodes[0] in loose:
            _assign(db, nodes, loose)


class _Parts:
    """Sets that are joined until what hangs together is one."""

    def __init__(self) -> None:
        self._above: dict[int, int] = {}

    def of(self, one: int) -> int:
        """What stands for the set of this one, which is a set of its own at first."""
        while (above := self._above.setdefault(one, one)) != one:
            one = above
        return one

    def join(self, one: int, other: int) -> None:
        """Makes one set of two."""
        self._above[self.of(one)] = self.of(other)

    def all(self) -> Iterable[list[int]]:
        """The sets."""
        sets = defaultdict(list)
        for one in self._above:
            sets[self.of(one)].append(one)
        return sets.values()


def _draw(shelf: Shelf, ids: list[int]) -> tuple[Counter[int], Counter[int]]:
    """Draws from articles anew; how often each passage came, and how often it went."""
    come: Counter[int] = Counter()
    gone: Counter[int] = Counter()
    for article_id in ids:
        new, old = drawn(shelf.wording(article_id)), shelf.sketch(article_id)
        come.update(set(new.passages).difference(old.passages))
        gone.update(set(old.passages).difference(new.passages))
        shelf.redraw(article_id, new)
    return come, gone


def _concerned(
    db: sqlite3.Connection, holders: Holders, come: Counter[int], gone: Counter[int]
) -> set[int]:
    """The articles whose links depend on a passage that is a form of words now, or no more."""
    found: set[int] = set()
    for passage, ids in holders.items():
        is_form = len(ids) > MOST_HOLDERS
        was_form = len(ids) - come[passage] + gone[passage] > MOST_HOLDERS
        if is_form != was_form:
            found.update(one for one in ids if was_form or _story(db, one))
    return found


def _comparable(shelf: Shelf, article_id: int, holders: Holders) -> list[int]:
    """The articles that share a passage with this one and may be near it, in a fixed order."""
    mine = shelf.sketch(article_id)
    lists = [holders.get(passage, []) for passage in mine.passages]
    found = {*chain.from_iterable(ids for ids in lists if len(ids) <= MOST_HOLDERS)}
    return [
        other
        for other in sorted(found)
        if other != article_id and comparable(mine.extent, shelf.sketch(other).extent)
    ]


def _assign(db: sqlite3.Connection, nodes: list[int], loose: set[int]) -> None:
    """Makes one story of articles and of stories that stay, or none of an article alone."""
    rank = "SELECT first_seen_at, site, key FROM articles WHERE id = ?"
    first = None
    if len(nodes) > 1:
        first = min(nodes, key=lambda one: tuple(db.execute(rank, (one,)).fetchone()))
    for node in nodes:
        grown = [] if node in loose or node == first else _members(db, node)
        db.executemany(
            "UPDATE articles SET story_id = ? WHERE id = ? AND story_id IS NOT ?",
            [(first, article_id, first) for article_id in (node, *grown)],
        )


def _story(db: sqlite3.Connection, article_id: int) -> int | None:
    """The first article of an article's story; None where it stands alone."""
    query = "SELECT story_id FROM articles WHERE id = ?"
    story: int | None = db.execute(query, (article_id,)).fetchone()[0]
    return story


def _members(db: sqlite3.Connection, story: int) -> list[int]:
    rows = db.execute("SELECT id FROM articles WHERE story_id = ?", (story,))
    return [row[0] for row in rows]
