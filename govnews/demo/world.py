"""Which articles exist on the portal, what a test changed about them, and the truth."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right, insort
from calendar import monthrange
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache
from random import Random
from threading import RLock
from typing import Any, Final

from govnews.demo.addresses import UPLOADS, Category, article_address
from govnews.demo.host import Host
from govnews.demo.news import Brief, compose, headline
from govnews.demo.story import Paragraph, Story, media
from govnews.demo.truth import Link, Truth

VIETNAM: Final = timezone(timedelta(hours=7))
NEWEST: Final = date(2025, 6, 30)  # a Monday, the last day of the districts


class World:
    """The articles of a portal; safe to change from one thread while another serves it.

    An article is named by its subsite and its ItemID; ItemIDs count from 1 in each subsite,
    oldest first. Changing what does not exist raises KeyError.
    """

    def __init__(self, articles: int, seed: int = 1, host: Host | None = None) -> None:
        self.seed = seed
        self.host = host or Host()
        self.version = 0
        self.lock = RLock()
        self._random = Random(seed)
        self._first = articles
        self._count = 0
        self._edits: dict[tuple[str, int], dict[str, Any]] = {}
        self._editions: Counter[tuple[str, int]] = Counter()
        self._deleted: set[tuple[str, int]] = set()
        subsites = dict.fromkeys(category.subsite for category in self.host.categories)
        # Arrays of small numbers, for 100,000 articles should cost neither memory nor a wait.
        self._orders = {subsite: array("L") for subsite in subsites}
        self._places = {subsite: array("L") for subsite in subsites}
        self._shelves = {category: array("L") for category in self.host.categories}
        self._notices = sum(1 << at for at, category in enumerate(self.host.categories)
                            if category.name.startswith("Thông báo"))  # fmt: skip
        self._brief = lru_cache(maxsize=4096)(self._written)
        for _ in range(articles):
            self._place()

    def edit(self, subsite: str, item: int, *, body: str | None = None, **fields: Any) -> None:
        """Change an article: `title summary blocks author published` of its Story, or `body`.

        `body` is plain text, a blank line between paragraphs; `published` is in VIETNAM's time,
        and neither the calendar nor the order of the listings follows it.
        """
        if body is not None:
            fields["blocks"] = tuple(Paragraph(text) for text in body.split("\n\n"))
        with self.lock:
            replace(self.story(subsite, item), **fields)  # refuses a field that is none
            self._editions[subsite, item] += 1
            self._edits[subsite, item] = self._edits.get((subsite, item), {}) | fields
            self.version += 1

    def delete(self, subsite: str, item: int) -> None:
        """Take an article from the portal; its address answers 404."""
        with self.lock:
            for category in self.categories(subsite, item):
                self._shelves[category].remove(item)
            self._deleted.add((subsite, item))
            self.version += 1

    def restore(self, subsite: str, item: int) -> None:
        """Bring a deleted article back to its place."""
        with self.lock:
            self._deleted.remove((subsite, item))
            for category in self.categories(subsite, item):
                insort(self._shelves[category], item)
            self.version += 1

    def add(self, number: int = 1, category: Category | None = None) -> list[tuple[str, int]]:
        """Publish newest articles, in `category` or all over; gives their names."""
        with self.lock:
            self.version += 1
            return [self._place(category) for _ in range(number)]

    def __len__(self) -> int:
        return self._count - len(self._deleted)

    def __contains__(self, name: tuple[str, int]) -> bool:
        subsite, item = name
        return 0 < item <= len(self._orders.get(subsite, ())) and name not in self._deleted

    def story(self, subsite: str, item: int) -> Story:
        """The article's present text."""
        story, edits = compose(self._known(subsite, item)), self._edits.get((subsite, item))
        return replace(story, **edits) if edits else story

    def heading(self, subsite: str, item: int) -> tuple[str, datetime]:
        """Title and stamp alone, which cost less than the story."""
        brief, edits = self._known(subsite, item), self._edits.get((subsite, item), {})
        return edits.get("title") or headline(brief), edits.get("published", brief.published)

    def edition(self, subsite: str, item: int) -> int:
        """How many times an article was edited."""
        return self._editions[subsite, item]

    def categories(self, subsite: str, item: int) -> list[Category]:
        """The categories that an article stands in, the deciding one first."""
        if (subsite, item) not in self:
            raise KeyError((subsite, item))
        bits = self._places[subsite][item - 1]
        return [category for at, category in enumerate(self.host.categories) if bits >> at & 1]

    def category(self, subsite: str, name: str) -> Category | None:
        """The category of this display name, in any case."""
        return next((category for category in self.host.categories
                     if (category.subsite, category.name.lower()) == (subsite, name.lower())),
                    None)  # fmt: skip

    def shelf(self, category: Category) -> array[int]:
        """The ItemIDs of a category, oldest first."""
        return self._shelves[category]

    def on_day(self, category: Category, day: date) -> list[int]:
        """The ItemIDs of a category's articles of a day, newest first."""
        return self._between(category, day, day)[::-1].tolist()

    def days(self, category: Category, month: date) -> frozenset[date]:
        """The days of a month, given by its first day, on which a category has news."""
        end = month.replace(day=monthrange(month.year, month.month)[1])
        found = self._between(category, month, end)
        return frozenset(self._day(category.subsite, item) for item in found)

    def _between(self, category: Category, first: date, last: date) -> array[int]:
        shelf = self._shelves[category]

        def day(item: int) -> date:
            return self._day(category.subsite, item)

        return shelf[bisect_left(shelf, first, key=day) : bisect_right(shelf, last, key=day)]

    def _day(self, subsite: str, item: int) -> date:
        return self._published(self._orders[subsite][item - 1]).date()

    def related(self, subsite: str, item: int) -> list[int]:
        """The three to six earlier news of the deciding category, newest first."""
        if not self.host.related:
            return []
        shelf = self._shelves[self.categories(subsite, item)[0]]
        at = bisect_left(shelf, item)
        return shelf[max(0, at - 3 - item % 4) : at][::-1].tolist()

    def truth(self, subsite: str, item: int) -> Truth:
        """All that is to be known of one article."""
        with self.lock:
            story, categories = self.story(subsite, item), self.categories(subsite, item)
            return Truth(
                subsite, item, f"{subsite}/{item}", article_address(categories[0], item),
                story.title, story.summary, story.body, story.author,
                tuple(category.name for category in categories), story.published.isoformat(),
                tuple(self._link(subsite, other) for other in self.related(subsite, item)),
                tuple(media(story)),
            )  # fmt: skip

    def expected(self) -> Iterator[Truth]:
        """The truth of every article of the portal, by subsite and ItemID."""
        for subsite, orders in self._orders.items():
            for item in range(1, len(orders) + 1):
                if (subsite, item) in self:
                    yield self.truth(subsite, item)

    def _link(self, subsite: str, item: int) -> Link:
        title, published = self.heading(subsite, item)
        return Link(title, f"{subsite}/{item}", published.isoformat())

    def _place(self, category: Category | None = None) -> tuple[str, int]:
        """Publish the next article: mostly in the first categories, now and then in two."""
        many, drawn = self.host.categories, self._random.random() ** 2
        if not category:
            category = many[self._count if self._count < len(many) else int(drawn * len(many))]
        both = {category}
        if self._random.random() < 0.08:
            both |= {next(other for other in many[::-1] if other.subsite == category.subsite)}
        subsite = category.subsite
        self._orders[subsite].append(self._count)
        self._places[subsite].append(sum(1 << at for at, one in enumerate(many) if one in both))
        self._count += 1
        item = len(self._orders[subsite])
        for one in both:
            self._shelves[one].append(item)
        return subsite, item

    def _known(self, subsite: str, item: int) -> Brief:
        if (subsite, item) not in self:
            raise KeyError((subsite, item))
        return self._brief(subsite, item)

    def _written(self, subsite: str, item: int) -> Brief:
        """An article's brief, which no edit alters."""
        order = self._orders[subsite][item - 1]
        notice = bool(self._places[subsite][item - 1] & self._notices)
        folder = f"{UPLOADS}/{subsite}/{item}"
        return Brief(self.seed, order, self._published(order), self.host.name, folder, notice)

    def _published(self, order: int) -> datetime:
        """Several a day, fifteen years at most, none on Sundays, none before an older one."""
        a_day = max(4, self._first // 5000)
        days, later = divmod(self._first - 1 - order, a_day)
        slot, width = a_day - 1 - later, 14 * 60 // a_day
        minute = slot * width + (order * 7919 + self.seed) % width
        day = NEWEST - timedelta(days=days + (days + 5) // 6)
        return datetime.combine(day, time(7), VIETNAM) + timedelta(minutes=minute)


def listing_addresses(world: World) -> list[str]:
    """Where a crawl of the whole portal begins: every category's listing, in order."""
    return [category.address for category in world.host.categories]
