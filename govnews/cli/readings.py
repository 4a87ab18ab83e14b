"""Readings as JSON, and saved pages read again and held against what was expected of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import govnews
from govnews.errors import SiteFileError
from govnews.extract import read_page
from govnews.items import Article, Reading
from govnews.sites import Site, load_site

_BUNDLED = Path(govnews.__file__).parents[1] / "tests" / "fixtures" / "sites"
_CIRCUMSTANCES = ("content_type", "captured_at")
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Checked:
    """A saved page, and in what its reading differs from what was expected."""

    page: str
    differences: tuple[str, ...]


def as_object(reading: Reading, site: Site) -> dict[str, Any]:
    """A reading for programs, in the words of the contract."""
    article = reading.article
    return {
        "article": None if article is None else _article_object(article, site),
        "mentions": [asdict(mention) for mention in reading.mentions],
        "next": None if reading.next is None else asdict(reading.next),
        "leads": [asdict(lead) for lead in reading.leads],
        "problems": [asdict(problem) for problem in reading.problems],
        "evidence": [asdict(evidence) for evidence in reading.evidence],
    }


def saved_pages(name: str, folder: Path | None) -> list[Path]:
    """The saved pages of a site: in a folder of its name beside the user's site files, and in a
    checkout of govnews."""
    places = [_BUNDLED / name, *([folder / name] if folder else [])]
    return sorted(page for place in places for page in place.glob("*.html"))


def check_site(name: str, folder: Path | None) -> Iterator[Checked]:
    """Each saved page of a site, and in what its reading differs from the JSON beside it.

    A site file that can't be used, and a site without a saved page, are differences too.
    """
    try:
        site = load_site(name, folder)
    except SiteFileError as error:
        yield Checked(f"{name}.toml", (str(error),))
        return
    pages = saved_pages(name, folder)
    if not pages and site.listings:
        cure = f"Put one into {folder or _BUNDLED}/{name}/"
        yield Checked(f"{name}/", (f"there is no saved page. {cure}",))
    for page in pages:
        yield Checked(f"{name}/{page.name}", _check_page(site, page))


def _check_page(site: Site, page: Path) -> tuple[str, ...]:
    beside = page.with_suffix(".json")
    try:
        expected = json.loads(beside.read_text("utf-8"))
        url = expected["url"]
    except (OSError, ValueError, TypeError, KeyError) as error:
        cure = f"Write into {beside.name} the page's url and what is to be read from it"
        return (f"nothing is expected of it ({error!r}). {cure}",)
    circumstances = {name: expected.pop(name) for name in _CIRCUMSTANCES if name in expected}
    reading = read_page(page.read_bytes(), url, site, **circumstances)
    values = as_object(reading, site)
    whole = {"url": url, "kind": reading.kind, "section": reading.section}
    return tuple(_differences("", expected, whole | values | (values["article"] or {})))


def _differences(path: str, expected: Any, read: Any) -> Iterator[str]:
    if isinstance(expected, dict) and isinstance(read, dict):
        for name, value in expected.items():
            yield from _differences(f"{path}.{name}" if path else name, value, read.get(name))
    elif isinstance(expected, list) and isinstance(read, list | tuple):
        if len(expected) != len(read):
            yield f"{path}: {len(expected)} expected, {len(read)} read"
        for number, (value, other) in enumerate(zip(expected, read, strict=False)):
            yield from _differences(f"{path}[{number}]", value, other)
    elif expected != read:
        yield f"{path}: expected {_around(expected, read)}, read {_around(read, expected)}"


def _around(value: Any, other: Any) -> str:
    """A value; of a long text the place where it parts from the other."""
    if not isinstance(value, str) or len(value) <= _SHOWN:
        return json.dumps(value, ensure_ascii=False)
    pairs = enumerate(zip(value, str(other), strict=False))
    parting = next((place for place, (one, two) in pairs if one != two), len(str(other)))
    start = max(parting - _SHOWN // 2, 0)
    return f"…{json.dumps(value[start : start + _SHOWN], ensure_ascii=False)}… at {parting}"


def _article_object(article: Article, site: Site) -> dict[str, Any]:
    values = {"site": site.id, **asdict(article)}
    lists = {name: values.pop(name) for name in ("related_links", "media")}
    source = values.pop("published_source")
    day_alone = article.published_at is not None and len(article.published_at) <= len("2021-01-20")
    precision = article.published_at and ("day" if day_alone else "minute")
    return values | {"published_precision": precision, "published_source": source} | lists
