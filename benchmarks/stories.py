"""How right stories are, and what they cost.

`make stories` writes benchmarks/stories.md: precision and recall on cases whose writers had not
seen how near texts are told (tests/fixtures/stories); the embedded portal's articles, which are
made of the same sentences and tell no story twice; and the processor time of an article in
archives of up to a million. A case is a JSON file: `kind`, `articles` (`id`, `title`, `body`), and
`same` and `different`, which are pairs of ids.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import platform
import sqlite3
import statistics
import struct
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from random import Random

from govnews.archive import stories
from govnews.archive.database import create_or_open, transaction
from govnews.archive.nearness import drawn
from govnews.archive.wording import Wording
from govnews.demo import World

_CASES = Path(__file__).parents[1] / "tests" / "fixtures" / "stories"
_NEW = 1920  # articles whose cost is measured
_CHARACTERS = 3000
_COPIED = 20  # one new article in so many is the copy of another
_FORMS, _FORM_HOLDERS = 3, 50_000  # passages that very many articles hold, and how many do
_ONSETS = "b c d đ gi h kh l m n ng nh ph qu r s t th tr v x".split()
_RIMES = "a à ai an ang anh ao ay ăn ân ây e em ê ên i iên in o on ông ơi u ưa".split()

Text = tuple[str, str | None, str]
Counted = dict[str, Counter[tuple[bool, bool]]]


def main() -> None:
    """Measures all of it and writes the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=Path, default=_CASES)
    parser.add_argument("--demo", type=int, default=20_000)
    parser.add_argument("--sizes", type=int, nargs="*", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--out", type=Path, default=Path(__file__).with_name("stories.md"))
    asked = parser.parse_args()
    made = (
        f"Python {platform.python_version()}, {os.cpu_count()} cores, "
        f"{time.strftime('%Y-%m-%d')}. Measure again: `make stories`."
    )
    parts = [
        f"# Stories\n\n{made}",
        *_quality(asked.cases),
        _demo(asked.demo),
        _speed(asked.sizes),
    ]
    asked.out.write_text("\n\n".join(parts) + "\n")
    print(asked.out.read_text())


def _quality(folder: Path) -> Iterator[str]:
    files = sorted(folder.glob("*.json"))
    if not files:
        yield f"No cases stand in {folder.name}/."
        return
    counted: Counted = defaultdict(Counter)
    wrong = []
    for file in files:
        case = json.loads(file.read_text("utf-8"))
        story = _stories([(one["title"], None, one["body"]) for one in case["articles"]])
        at = {one["id"]: place for place, one in enumerate(case["articles"])}
        for is_same, pairs in ((True, case["same"]), (False, case["different"])):
            for one, other in pairs:
                joined = story[at[one]] is not None and story[at[one]] == story[at[other]]
                counted[case["kind"]][is_same, joined] += 1
                if joined != is_same:
                    wrong.append(f"`{file.stem}`: {one} and {other}")
    yield f"{len(files)} cases, each in an archive of its own:\n\n{_quality_table(counted)}"
    if wrong:
        yield "Told wrong: " + "; ".join(wrong) + "."


def _quality_table(counted: Counted) -> str:
    everything: Counter[tuple[bool, bool]] = sum(counted.values(), Counter())
    rows = [
        "| kind | pairs of one story | found | recall | pairs of two | joined | precision |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for kind, pairs in [*sorted(counted.items()), ("all", everything)]:
        found, missed = pairs[True, True], pairs[True, False]
        joined, apart = pairs[False, True], pairs[False, False]
        cells = (
            kind,
            found + missed,
            found,
            _share(found, found + missed),
            joined + apart,
            joined,
            _share(found, found + joined),
        )
        rows.append(f"| {' | '.join(map(str, cells))} |")
    return "\n".join(rows)


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f}" if whole else "–"


def _demo(count: int) -> str:
    texts = ((one.title, one.summary, one.body) for one in World(count, 1).expected())
    joined = sum(story is not None for story in _stories(texts))
    return (
        f"Of {count:,} articles of the embedded portal, all made of the same sentences with other "
        f"figures and names, {joined:,} are in a story; none should be."
    )


def _stories(texts: Iterable[Text]) -> list[int | None]:
    """The story of each of these articles in an archive that holds them all."""
    with tempfile.TemporaryDirectory() as folder, closing(_archive(Path(folder))) as db:
        _add(db, texts)
        while stories.relate(db):
            pass
        return [row[0] for row in db.execute("SELECT story_id FROM articles ORDER BY id")]


def _archive(folder: Path) -> sqlite3.Connection:
    db = create_or_open(folder)
    db.execute("INSERT INTO sites VALUES ('a', 'a', NULL, 'vi', 'Asia/Ho_Chi_Minh')")
    return db


def _add(db: sqlite3.Connection, texts: Iterable[Text]) -> None:
    """Articles that wait to be related."""
    first = db.execute("SELECT coalesce(max(id), 0) + 1 FROM articles").fetchone()[0]
    with transaction(db):
        for number, text in enumerate(texts, first):
            db.execute(
                """INSERT INTO articles (id, site, key, url, title, summary, body, first_seen_at,
                       last_seen_at, revision, text_sha256, url_weight, own_url)
                   VALUES (?, 'a', ?, ?, ?, ?, ?, '2026', '2026', 1, '', 0, '')""",
                (number, str(number), str(number), *text),
            )
            stories.await_relating(db, number)


def _speed(sizes: list[int]) -> str:
    rows = [
        "| articles before | lowest batch | median | highest | bytes an article |",
        "| ---: | ---: | ---: | ---: | ---: |",
        *(_measured(size) for size in sizes),
    ]
    return (
        f"Processor time in ms of relating an article of {_CHARACTERS:,} characters, in batches of "
        f"{stories.AT_ONCE}, SQL and commits included; one in {_COPIED} is a copy of another. The "
        "archives are real files; what was there before is articles of which there are but numbers "
        "as if they were drawn from a text, and "
        f"{_FORMS} passages in all are held by up to {_FORM_HOLDERS:,}:\n\n" + "\n".join(rows)
    )


def _measured(size: int) -> str:
    texts = list(_news(_NEW))
    with tempfile.TemporaryDirectory() as folder, closing(_archive(Path(folder))) as db:
        room = _fill(db, size, texts)
        _add(db, texts)
        costs = []
        while True:
            start = time.process_time()
            if not stories.relate(db):
                break
            costs.append((time.process_time() - start) / stories.AT_ONCE * 1000)
        copies = db.execute("SELECT count(DISTINCT story_id) FROM articles").fetchone()[0]
    assert copies == _NEW // _COPIED, f"{copies} copies were found"
    cells = (min(costs), statistics.median(costs), max(costs))
    return f"| {size:,} | {' | '.join(f'{cost:.2f}' for cost in cells)} | {room:.0f} |"


def _fill(db: sqlite3.Connection, size: int, texts: list[Text]) -> float:
    """Articles of which nothing is there but what was drawn; the bytes that this takes of each."""
    with transaction(db):
        db.executemany(
            """INSERT INTO articles (id, site, key, url, first_seen_at, last_seen_at, revision,
                   text_sha256, url_weight, own_url)
               VALUES (?, 'a', ?, '', '2026', '2026', 1, '', 0, '')""",
            ((number, str(number)) for number in range(1, size + 1)),
        )
    before = db.execute("PRAGMA page_count").fetchone()[0]
    random = Random(size)
    forms = [drawn(Wording(text[0], text[2])).passages[0] for text in texts[:_FORMS]]
    with transaction(db):
        passages = []
        for number in range(1, size + 1):
            mine = sorted({random.randrange(-(2**31), 2**31) for _ in range(12)})
            if number <= _FORM_HOLDERS:
                mine = sorted({*mine[: 12 - _FORMS], *forms})
            passages += [(passage, number) for passage in mine]
            packed = struct.pack(f"<{len(mine)}i", *mine)
            row = (number, random.randrange(50, 2000), random.getrandbits(63), packed)
            db.execute("INSERT INTO sketches VALUES (?, ?, ?, ?)", row)
        random.shuffle(passages)
        half = len(passages) // 2  # one half in order, the other not: as a tree grows in use
        db.executemany("INSERT INTO passages VALUES (?, ?)", sorted(passages[:half]))
        db.executemany("INSERT INTO passages VALUES (?, ?)", passages[half:])
    pages = db.execute("PRAGMA page_count").fetchone()[0] - before
    return float(pages * db.execute("PRAGMA page_size").fetchone()[0] / size)


def _news(count: int) -> Iterator[Text]:
    """Articles of the embedded portal, made as long as asked by syllables that are drawn as
    language draws them."""
    random = Random(1)
    syllables = [onset + rime for onset in _ONSETS for rime in _RIMES]
    random.shuffle(syllables)
    weights = list(itertools.accumulate(1 / (20 + rank) for rank in range(len(syllables))))
    texts: list[Text] = []
    for number, one in enumerate(World(count, 1).expected()):
        if number % _COPIED == _COPIED - 1:
            title, _, body = texts[number - 5]
            texts.append((title, "Theo cổng thông tin điện tử.", body))
            continue
        body = one.body
        while len(one.title) + len(one.summary) + len(body) < _CHARACTERS:
            words = random.choices(syllables, cum_weights=weights, k=random.randrange(12, 25))
            body += f"\n{words[0].title()} {' '.join(words[1:])} {random.randrange(2, 1000)}."
        texts.append((one.title, one.summary, body))
    yield from texts


if __name__ == "__main__":
    main()
