"""What is drawn from the texts of articles, and who holds a passage: how near texts are found."""

from __future__ import annotations

import json
import sqlite3
import struct
from collections.abc import Iterable

from govnews.archive.nearness import NOTHING, Drawn
from govnews.archive.wording import Extent, Wording

Holders = dict[int, list[int]]
"""The articles that hold a passage, by its number."""

_HOLDERS = """
SELECT value, (SELECT json_group_array(article_id) FROM (
    SELECT article_id FROM passages WHERE passage = value LIMIT ?))
FROM json_each(?) WHERE (SELECT count(*) FROM (
    SELECT 1 FROM passages WHERE passage = value LIMIT 2)) = 2
"""
_MOST_HELD = 1_000_000  # characters


class Shelf:
    """Texts and sketches of articles, read once; of the texts a few hundred are held."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._wordings: dict[int, Wording] = {}
        self._sketches: dict[int, Drawn] = {}
        self._held = 0

    def wording(self, article_id: int) -> Wording:
        """The text of an article as it stands."""
        if article_id not in self._wordings:
            query = "SELECT title, summary, body FROM articles WHERE id = ?"
            title, *rest = self._db.execute(query, (article_id,)).fetchone()
            wording = Wording(title or "", "\n".join(filter(None, rest)))
            self._held += len(wording.text)
            if self._held > _MOST_HELD:
                self._wordings, self._held = {}, len(wording.text)
            self._wordings[article_id] = wording
        return self._wordings[article_id]

    def sketch(self, article_id: int) -> Drawn:
        """What is kept of an article, nothing where it is new or short."""
        if article_id not in self._sketches:
            query = "SELECT syllables, figures, passages FROM sketches WHERE article_id = ?"
            row = self._db.execute(query, (article_id,)).fetchone()
            self._sketches[article_id] = _unpacked(*row) if row else NOTHING
        return self._sketches[article_id]

    def redraw(self, article_id: int, new: Drawn) -> None:
        """Keeps what is drawn from an article in place of what was."""
        old, self._sketches[article_id] = self.sketch(article_id), new
        if new == old:
            return
        self._db.execute("DELETE FROM sketches WHERE article_id = ?", (article_id,))
        self._db.executemany(
            "DELETE FROM passages WHERE passage = ? AND article_id = ?",
            [(passage, article_id) for passage in old.passages],
        )
        if new.passages:
            packed = struct.pack(f"<{len(new.passages)}i", *new.passages)
            row = (article_id, *new.extent, packed)
            self._db.execute("INSERT INTO sketches VALUES (?, ?, ?, ?)", row)
        self._db.executemany(
            "INSERT INTO passages VALUES (?, ?)",
            [(passage, article_id) for passage in new.passages],
        )

    def holders(self, passages: Iterable[int], most: int) -> Holders:
        """Who holds each of these passages that several do, counted up to `most`."""
        rows = self._db.execute(_HOLDERS, (most, json.dumps(list(passages))))
        return {passage: json.loads(ids) for passage, ids in rows}


def _unpacked(syllables: int, figures: int, passages: bytes) -> Drawn:
    numbers = struct.unpack(f"<{len(passages) // 4}i", passages)
    return Drawn(Extent(syllables, figures), numbers)
