"""An archive of any size for benchmarks: the demo's news, made as long and as rich as real ones.

The demo knows a few hundred words, real news some thousands, most of them rare. So each article
has two more paragraphs, of syllables that are drawn as language draws them: the n-th most frequent
one as often as 1/n (Zipf).
"""

from __future__ import annotations

import hashlib
import inspect
import itertools
import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

from govnews.archive import articles, captures, index, schema
from govnews.archive.database import create_or_open, transaction
from govnews.archive.warc import WarcWriter, pack
from govnews.demo import Host, Truth, World, news, words
from govnews.items import Article, Capture
from govnews.sites import Site, load_site

DISTRICTS = {"demo": "Quận Mẫu", "demo2": "Quận Hai Mẫu", "demo3": "Quận Ba Mẫu"}
_SEEN = "2026-11-21T08:00:00Z"
_ONSETS = "b c ch d đ g gi h kh l m n ng nh ph qu r s t th tr v x".split()
_RIMES = (
    "a à á ả ạ ai ài ái ải ại am àm ám an àn án ang àng áng ao ào áo ay ày áy ăn ăng ằng ắc ân ần "
    "ấn ầu ây e ẻ em én eo ê ề ế ên ết i ì í ỉ iên iền iến iện iêu iều in ình ính o ò ó ỏ oan oàn "
    "oa oà on òn ong òng óng ô ồ ố ổ ôi ồi ội ôn ồn ông ồng ống ơ ờ ở ơi ời ới ơn u ù ú ủ uan uân "
    "ui un ung ùng ư ừ ử ưa ừa ước ường ương ượng ưu"
).split()
_SYLLABLES = [onset + rime for onset in _ONSETS for rime in _RIMES]
_MORE_WORDS = 240


def build(folder: Path, count: int) -> Path:
    """The folder's archive of so many articles, made anew where the code behind it changed."""
    target = folder / f"news-{count}-{_fingerprint()}"
    if not target.exists():
        making = folder / f"making-{os.getpid()}"
        _write(making, count)
        making.rename(target)
    return target


def _fingerprint() -> str:
    sources = "".join(inspect.getsource(module) for module in (index, schema, words, news))
    return hashlib.sha256((sources + Path(__file__).read_text("utf-8")).encode()).hexdigest()[:8]


def _write(folder: Path, count: int) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    db = create_or_open(folder)
    writer = WarcWriter(folder, "bench", "govnews benchmark")
    with transaction(db):
        for number, (name, district) in enumerate(DISTRICTS.items()):
            site = replace(load_site("demo"), id=name)
            db.execute("INSERT INTO sites VALUES (?, ?, ?, 'vi', ?)",
                       (name, district, site.url, site.timezone))  # fmt: skip
            run = db.execute(
                "INSERT INTO runs (site, started_at, outcome) VALUES (?, ?, 'complete')",
                (name, _SEEN),
            ).lastrowid
            capture = Capture(name, site.url, _SEEN, 200, body=name.encode())
            shown = captures.add(
                db, capture, captures.write(db, writer, capture, pack(capture)), run or 0
            )
            share = count // len(DISTRICTS) + (number < count % len(DISTRICTS))
            for article in _news(site, World(share, number, Host(district))):
                articles.keep(db, site, article, (), shown, _SEEN)
    writer.close()
    db.close()


def _news(site: Site, world: World) -> Iterator[Article]:
    random = Random(world.seed)
    weights = list(itertools.accumulate(1 / (20 + rank) for rank in range(len(_SYLLABLES))))
    syllables = Random(0).sample(_SYLLABLES, len(_SYLLABLES))
    for truth in world.expected():
        more = random.choices(syllables, cum_weights=weights, k=_MORE_WORDS)
        half = _MORE_WORDS // 2
        yield _article(site, truth, " ".join(more[:half]), " ".join(more[half:]))


def _article(site: Site, truth: Truth, *more: str) -> Article:
    return Article(
        truth.key,
        site.url.rstrip("/") + truth.address,
        title=truth.title,
        summary=truth.summary,
        body="\n\n".join((truth.body, *more)),
        author=truth.author,
        section=truth.section,
        language="vi",
        published_at=truth.published_at,
        published_source="article",
    )
