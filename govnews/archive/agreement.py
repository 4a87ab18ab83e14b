"""Whether articles agree with what they are made of: revisions, visits, mentions.

What holds by any rules of reading is asked, so that an archive of an earlier program is sound too:
an article's date, say, must be one that its page or a mention states, whichever was preferred.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from govnews.archive.log import SHOWN
from govnews.archive.mentions import OWN
from govnews.archive.revisions import Text, text_sha256
from govnews.archive.soundness import Damage

_SHOWN = ", ".join(f"'{says}'" for says in sorted(SHOWN))
_TEXT = ("title", "summary", "body", "author", "published_at", "text_sha256")


@dataclass(frozen=True, slots=True)
class _Rule:
    """What must hold of a column of each article `a` and its last revision `r`, in SQL."""

    column: str
    holds: str
    fault: str


_MENTIONED = "EXISTS (SELECT 1 FROM mentions m WHERE m.site = a.site AND m.key = a.key AND "
_VISITED = "EXISTS (SELECT 1 FROM observations o WHERE o.article_id = a.id AND "
_RULES = (
    *(_Rule(name, f"a.{name} IS r.{name}", "is not its last revision's") for name in _TEXT),
    _Rule(
        "url",
        f"""(a.url = a.own_url AND a.url_weight = {OWN})
            OR {_MENTIONED} m.url = a.url AND m.weight = a.url_weight)""",
        "is none that its page or a mention gives",
    ),
    _Rule(
        "section",
        f"a.section IS NULL OR a.section IS a.own_section OR {_MENTIONED} m.section = a.section)",
        "is none that its page or a mention gives",
    ),
    _Rule(
        "published_at",
        f"""(a.published_at IS a.own_published_at
             AND a.published_source IS a.own_published_source)
            OR {_MENTIONED} m.published_at = a.published_at AND m.source = a.published_source)""",
        "is none that its page or a mention gives",
    ),
    _Rule(
        "first_seen_at",
        """a.first_seen_at = (SELECT seen_at FROM revisions
                              WHERE article_id = a.id AND number = 1)""",
        "is not when its first revision was seen",
    ),
    _Rule(
        "last_seen_at",
        f"{_VISITED} o.seen_at = a.last_seen_at AND o.says IN ({_SHOWN}))",
        "is not when a visit found it",
    ),
    _Rule(
        "changed_at",
        """a.changed_at IS (SELECT seen_at FROM revisions WHERE article_id = a.id
               AND change = 'substantive' ORDER BY number DESC LIMIT 1)""",
        "is not when its last change was seen",
    ),
    _Rule(
        "gone_at",
        f"""a.gone_at IS NULL
            OR ({_VISITED} o.seen_at = a.gone_at AND o.says NOT IN ({_SHOWN}))
                AND (SELECT says FROM observations WHERE article_id = a.id
                     ORDER BY capture_id DESC LIMIT 1) NOT IN ({_SHOWN}))""",
        "is not when a visit missed it",
    ),
)


def check_articles(db: sqlite3.Connection) -> Iterator[Damage]:
    """Articles that are not what their last revision, their visits and mentions make of them."""
    asked = ", ".join(f"ifnull({rule.holds}, 0)" for rule in _RULES)
    rows = db.execute(
        f"""SELECT a.site || '/' || a.key, {asked} FROM articles a
            JOIN revisions r ON r.article_id = a.id AND r.number = a.revision"""
    )
    for name, *answers in rows:
        for rule, holds in zip(_RULES, answers, strict=True):
            if not holds:
                yield Damage(f"articles {name}", f"its {rule.column} {rule.fault}")


def check_revisions(db: sqlite3.Connection) -> Iterator[Damage]:
    """Revisions whose hash is not that of their text, or whose moment is not their capture's."""
    fields = ", ".join(f"r.{name}" for name in Text._fields)
    rows = db.execute(
        f"""SELECT a.site || '/' || a.key || ' revision ' || r.number, r.text_sha256,
                r.seen_at IS c.fetched_at, {fields}
            FROM revisions r JOIN articles a ON a.id = r.article_id
            JOIN captures c ON c.id = r.capture_id"""
    )
    for name, digest, is_timed, *text in rows:
        if text_sha256(Text(*(None if one is None else str(one) for one in text))) != digest:
            yield Damage(f"revisions {name}", "its text_sha256 is not that of its text")
        if not is_timed:
            yield Damage(f"revisions {name}", "its seen_at is not when its capture was fetched")
