"""One news item out of a few numbers: the same brief gives the same story, for ever."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from random import Random
from typing import Final

from govnews.demo import words
from govnews.demo.story import Attachment, Block, Bullets, Paragraph, Picture, Story, Table

_TABLES: Final = (words.SUBJECTS, words.ACTORS, words.FORMS, words.OCCASIONS)
_COMBINATIONS: Final = math.prod(map(len, _TABLES))
_STRIDE: Final = 67_601  # coprime to the combinations: all of them come before one comes again
_PAPER: Final = re.compile(r"\d+[/-][A-ZĐ]{2}[/-][A-Z]+")


@dataclass(frozen=True, slots=True)
class Brief:
    """All that a story depends on. `order` counts the articles of a world, oldest first."""

    seed: int
    order: int
    published: datetime
    district: str
    folder: str
    notice: bool = False


def headline(brief: Brief) -> str:
    """The title; no two of the first 147,456 orders of a seed share one."""
    subject, actor, form, occasion = _picks(brief)
    when = occasion.format(year=brief.published.year)
    if brief.notice:
        return f"{words.NOTICES[words.FORMS.index(form)]} {subject} của {actor} {when}"
    return f"{_capital(actor)} {form} {subject} {when}"


@lru_cache(maxsize=2048)
def compose(brief: Brief) -> Story:
    """Write the story of a brief."""
    slots = _Slots(brief)
    lead = slots.random.choice(words.LEADS).format_map(slots)
    author = None if slots.random.random() < 0.08 else _initials(slots.random)
    blocks = tuple(_blocks(slots))
    return Story(headline(brief), lead, blocks, author, brief.published)


def _picks(brief: Brief) -> tuple[str, str, str, str]:
    """Subject, actor, form and occasion of the title: another combination for each order."""
    number = (brief.order * _STRIDE + brief.seed * 7_919) % _COMBINATIONS
    number, subject = divmod(number, len(words.SUBJECTS))
    number, actor = divmod(number, len(words.ACTORS))
    occasion, form = divmod(number, len(words.FORMS))
    who = words.ACTORS[actor].format(district=brief.district)
    return words.SUBJECTS[subject], who, words.FORMS[form], words.OCCASIONS[occasion]


class _Slots(dict[str, str]):
    """What fills the braces of a text, drawn when first needed.

    The theme stays throughout a story; `fresh` forgets the figures between paragraphs.
    """

    def __init__(self, brief: Brief) -> None:
        self.brief = brief
        self.random = random = Random(brief.seed * 1_000_003 + brief.order)
        subject, actor, *_ = _picks(brief)
        role = random.choice(words.ROLES).format(district=brief.district)
        self.theme = {
            "district": brief.district, "last": str(brief.published.year - 1),
            "subject": subject, "Subject": _capital(subject),
            "actor": actor, "Actor": _capital(actor),
            "role": role, "Role": _capital(role), "name": _person(random),
        }  # fmt: skip
        super().__init__(self.theme)

    def __missing__(self, slot: str) -> str:
        self[slot] = text = _DRAWS[slot](self.random, self.brief)
        return text

    def fresh(self) -> _Slots:
        self.clear()
        self.update(self.theme)
        return self


_DRAWS: Final[Mapping[str, Callable[[Random, Brief], str]]] = {
    "ward": lambda random, _: random.choice(words.WARDS),
    "role2": lambda random, brief: random.choice(words.ROLES).format(district=brief.district),
    "name2": lambda random, _: _person(random),
    "k": lambda random, _: str(random.randrange(2, 10)),
    "m": lambda random, _: str(random.randrange(3, 29)),
    "m2": lambda random, _: str(random.randrange(30, 39)),
    "n": lambda random, _: str(random.randrange(40, 990)),
    "n2": lambda random, _: str(random.randrange(1000, 1999)),
    "num": lambda random, _: str(random.randrange(1, 400)),
    "pct": lambda random, _: _decimal(random.randrange(410, 999)),
    "money": lambda random, _: f"{random.randrange(2, 90)}.{random.randrange(1, 10)}00.000",
    "date": lambda random, brief: _day(brief.published, -random.randrange(4)),
    "later": lambda random, brief: _day(brief.published, random.randrange(5, 60)),
}


def _blocks(slots: _Slots) -> list[Block]:
    """Three to eight paragraphs, and what news pages mix in between them."""
    random = slots.random
    texts = random.sample(words.PARAGRAPHS, random.randrange(2, 8))
    blocks: list[Block] = [_paragraph(slots, text) for text in texts]
    if random.random() < 0.30:
        _insert(random, blocks, _list(slots))
    if random.random() < 0.20:
        _insert(random, blocks, _table(slots))
    for number in range(random.choice((0, 0, 0, 1, 1, 2))):
        caption = random.choice(words.CAPTIONS).format_map(slots.fresh())
        _insert(random, blocks, [Picture(f"{slots.brief.folder}/anh-{number + 1}.png", caption)])
    blocks.append(_paragraph(slots, random.choice(words.CLOSINGS)))
    if random.random() < 0.20:
        paper = words.PAPER.format_map(slots.fresh())
        file = f"{slots.brief.folder}/{paper.replace('/', '-')}.pdf"
        blocks.append(Attachment(file, f"Tải về: Kế hoạch số {paper} (PDF)"))
    return blocks


def _insert(random: Random, blocks: list[Block], more: Sequence[Block]) -> None:
    # Behind a plain paragraph alone: between an intro and its list nothing may come.
    ends = [at for at, block in enumerate(blocks, 1)
            if isinstance(block, Paragraph) and not block.text.endswith(":")]  # fmt: skip
    at = random.choice(ends)
    blocks[at:at] = more


def _paragraph(slots: _Slots, template: str) -> Paragraph:
    text = template.format_map(slots.fresh())
    paper = _PAPER.search(text)
    return Paragraph(text, paper[0] if paper else "")


def _list(slots: _Slots) -> list[Block]:
    intro = slots.random.choice(words.INTROS).format_map(slots.fresh())
    items = slots.random.sample(words.BULLETS, slots.random.randrange(3, 6))
    return [Paragraph(intro), Bullets(tuple(item.format_map(slots) for item in items))]


def _table(slots: _Slots) -> list[Block]:
    random = slots.random
    heads = random.choice(words.TABLES)
    rows = [(_capital(ward), *(str(random.randrange(20, 900)) for _ in heads[2:]),
             _decimal(random.randrange(500, 1000)))
            for ward in random.sample(words.WARDS, random.randrange(3, 6))]  # fmt: skip
    return [_paragraph(slots, words.TABLE_INTRO), Table((heads, *rows))]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _day(published: datetime, later: int) -> str:
    when = published + timedelta(days=later)
    return f"{when.day}/{when.month}/{when.year}"


def _decimal(tenths: int) -> str:
    return f"{tenths // 10},{tenths % 10}"


def _person(random: Random) -> str:
    names = (words.SURNAMES, words.MIDDLES, words.GIVENS)
    return " ".join(random.choice(table) for table in names)


def _initials(random: Random) -> str:
    return ".".join(word[0] for word in _person(random).split()[random.randrange(2) :])
