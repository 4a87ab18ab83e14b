"""`govnews verify`: an archive that lived is sound, and whatever is altered in it is named."""

from __future__ import annotations

import hashlib
import json
import random
import re
import shutil
import signal
import sqlite3
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from crawl.running import Crawler
from hypothesis import given, settings
from hypothesis import strategies as st

from govnews.archive.soundness import Damage
from govnews.cli import main
from govnews.demo import Portal, Weather
from govnews.demo.host import Host
from govnews.errors import ArchiveError
from govnews.verify import heads, verify

OLDEST = Path(__file__).parents[1] / "fixtures" / "archives" / "version-1"
DAYS = [f"2025-07-0{day}T08:00:00Z" for day in (1, 3, 5)]
BOOKKEEPING = {
    "frontier",
    "walked",
    "runs",
    "listings",
    "problems",
    "probes",
    "sites",
    "passages",
    "sketches",
    "stories_waiting",
}
"""What govnews keeps of its own work, and what is made again by itself: no part of the proof."""


def run(data: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["verify", "--data", str(data), *words])


def damage(data: Path, *published: str) -> list[str]:
    """What is damaged, in words."""
    found = verify(data, heads=published)
    return [str(finding) for finding in found if isinstance(finding, Damage)]


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A collection that saw edits, news, a deletion, a redirect, postbacks, files, and payloads
    that came again."""
    crawler = Crawler(tmp_path_factory.mktemp("lived") / "data")
    with Portal(articles=14, host=Host(per_page=6)) as portal:
        names = sorted((one.subsite, one.item) for one in portal.world.expected())
        assert crawler.crawl(portal, "--delay", "0", "--media", "all", GOVNEWS_NOW=DAYS[0]) == 0
        portal.world.edit(*names[0], body="Nội dung mới.\n\nĐoạn thứ hai của bài.")
        portal.world.edit(*names[1], title="Tiêu đề khác hẳn")
        portal.world.delete(*names[2])
        portal.world.add(2)
        lost = names[3][1]
        portal.weather.add(Weather("redirect_home", lambda asked: asked.wanted.item == lost))
        again = ("--delay", "0", "--revisit", "all")
        assert crawler.crawl(portal, *again, GOVNEWS_NOW=DAYS[1]) == 0
        portal.weather.clear()
        assert crawler.crawl(portal, *again, GOVNEWS_NOW=DAYS[2]) == 0
    for query in (
        "SELECT 1 FROM captures WHERE payload_capture_id IS NOT NULL",
        "SELECT 1 FROM captures WHERE method = 'POST'",
        "SELECT 1 FROM captures WHERE status = 302",
        "SELECT 1 FROM revisions WHERE number = 2",
        "SELECT 1 FROM articles WHERE gone_at IS NOT NULL",
        "SELECT 1 FROM media WHERE capture_id IS NOT NULL",
    ):
        assert crawler.rows(query), query
    return crawler.data


@pytest.fixture
def harmed(lived: Path, tmp_path: Path) -> Path:
    """A copy of it, to be harmed."""
    return Path(shutil.copytree(lived, tmp_path / "data"))


def _open(data: Path) -> closing[sqlite3.Connection]:
    """The archive for one who has no regard for its rules."""
    db = sqlite3.connect(data / "archive.db", isolation_level=None)
    for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        db.execute(f"DROP TRIGGER {name}")
    return closing(db)


def _alter(data: Path, *statements: str) -> None:
    with _open(data) as db:
        for statement in statements:
            assert db.execute(statement).rowcount, statement


def test_an_archive_that_lived_is_sound(lived: Path) -> None:
    done = run(lived)
    (head,) = heads(lived)
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout == f"sound\nlog {head.origin}: {head.entries} entries, head {head.hash}\n"
    told = json.loads(run(lived, "--json").stdout)
    assert (told["sound"], told["damage"], told["notes"]) == (True, [], [])
    assert told["logs"][0]["hash"] == head.hash


def _captures(crawler: Crawler) -> int:
    try:
        return int(crawler.one("SELECT count(*) FROM captures"))
    except sqlite3.OperationalError:  # it has only just begun
        return 0


def test_what_a_killed_crawl_leaves_is_sound_before_and_after_it_is_taken_up(
    tmp_path: Path,
) -> None:
    crawler = Crawler(tmp_path / "data")
    with Portal(articles=30) as portal:
        words = ("crawl", "demo", "--base-url", portal.url, "--delay", "0.02")
        for pages in (5, 15, 25):
            process = crawler.start(*words)
            while _captures(crawler) < pages:
                time.sleep(0.02)
            process.send_signal(signal.SIGKILL)
            process.communicate(timeout=60)
            assert damage(crawler.data) == []
        assert crawler.one("SELECT outcome FROM runs") == "running"
        torn = max((crawler.data / "warc").iterdir())
        torn.write_bytes(torn.read_bytes() + b"half a record")
        done = run(crawler.data)
        assert done.exit_code == 0
        assert f"{torn.name} at byte" in done.stdout
        assert crawler.crawl(portal, "--delay", "0") == 0, crawler.said
    assert run(crawler.data).stdout.startswith("sound\n")


def test_of_an_older_archive_it_says_what_the_log_can_not_prove(tmp_path: Path) -> None:
    old = Path(shutil.copytree(OLDEST, tmp_path / "old"))
    done = run(old)
    assert done.exit_code == 0, done.stdout
    assert "captures 1 to 36: 36 from before the log" in done.stdout
    crawler = Crawler(old)
    with Portal(articles=16) as portal:
        assert crawler.crawl(portal, "--delay", "0", "--revisit", "all") == 0
    assert run(old).exit_code == 0


def test_what_is_no_archive_can_not_be_checked(tmp_path: Path) -> None:
    assert run(tmp_path).exit_code == 1
    (tmp_path / "archive.db").write_bytes(b"no database at all, though as long as one" * 100)
    done = run(tmp_path)
    assert done.exit_code == 3
    assert "archive.db: file is not a database" in done.stdout


@dataclass(frozen=True)
class Record:
    """A record of a WARC file, by where it stands; `page` is where its capture's records begin."""

    file: str
    start: int
    end: int
    page: int


def _records(data: Path) -> list[Record]:
    """All records of the collection, found by their own frames."""
    found = []
    for path in sorted((data / "warc").iterdir()):
        content, start, page, kind = path.read_bytes(), 0, 0, ""
        while start < len(content):
            member = zlib.decompressobj(31)
            text = member.decompress(content[start:])
            end = len(content) - len(member.unused_data)
            if kind not in ("", "warcinfo", "request"):
                page = start
            kind = re.findall(r"WARC-Type: (\w+)", text[:200].decode())[0]
            found.append(Record(path.name, start, end, page))
            start = end
    return found


def _rewrite(data: Path, file: str, change: Callable[[bytearray], None]) -> None:
    path = data / "warc" / file
    content = bytearray(path.read_bytes())
    change(content)
    path.write_bytes(content)


@settings(max_examples=30, deadline=None)
@given(place=st.floats(0, 1, exclude_max=True), record=st.integers(0), bit=st.integers(0, 7))
def test_a_flipped_bit_in_a_warc_file_is_named_by_its_record(
    lived: Path, place: float, record: int, bit: int
) -> None:
    all_records = _records(lived)
    hit = all_records[record % len(all_records)]
    at = hit.start + int(place * (hit.end - hit.start))

    def flip(content: bytearray) -> None:
        content[at] ^= 1 << bit

    _rewrite(lived, hit.file, flip)
    try:
        named = {line.partition(":")[0] for line in damage(lived)}
    finally:
        _rewrite(lived, hit.file, flip)
    assert named <= {f"warc/{hit.file} at byte {start}" for start in (hit.start, hit.page)}
    assert named


def _cut(start: int, end: int) -> Callable[[bytearray], None]:
    def cut(content: bytearray) -> None:
        del content[start:end]

    return cut


@pytest.mark.parametrize("seed", range(6))
def test_a_record_that_is_taken_out_is_missed(harmed: Path, seed: int) -> None:
    record = random.Random(seed).choice(_records(harmed))
    _rewrite(harmed, record.file, _cut(record.start, record.end))
    assert any(line.startswith(f"warc/{record.file} at byte") for line in damage(harmed))


@pytest.mark.parametrize("seed", range(6))
def test_records_that_change_places_are_told(harmed: Path, seed: int) -> None:
    records = _records(harmed)
    one = random.Random(seed).randrange(1, len(records) - 1)
    first, second = records[one], records[one + 1]
    if first.file != second.file:
        first, second = records[one - 1], records[one]

    def swap(content: bytearray) -> None:
        both = content[second.start : second.end] + content[first.start : first.end]
        content[first.start : second.end] = both

    _rewrite(harmed, first.file, swap)
    named = [line for line in damage(harmed) if line.startswith(f"warc/{first.file} at byte")]
    assert named


def test_a_record_that_is_written_anew_with_right_digests_is_told(harmed: Path) -> None:
    record = next(one for one in reversed(_records(harmed)) if one.start == one.page)

    def write(content: bytearray) -> None:
        member = zlib.compressobj(0, zlib.DEFLATED, 31)
        text = zlib.decompress(content[record.start : record.end], 31)
        content[record.start : record.end] = member.compress(text) + member.flush()

    _rewrite(harmed, record.file, write)
    assert damage(harmed)


def test_files_that_end_early_are_gone_or_are_strange_are_named(harmed: Path) -> None:
    files = sorted((harmed / "warc").iterdir())
    lost = len(_records(harmed))
    files[0].unlink()
    content = files[1].read_bytes()
    files[1].write_bytes(content[: len(content) // 2])
    files[2].write_bytes(files[2].read_bytes() + b"more")
    (harmed / "warc" / "strange.warc.gz").write_bytes(b"what is this")
    named = damage(harmed)
    assert sum(files[0].name in line for line in named) == 1
    assert any(re.match(rf"warc/{files[0].name}: it is missing, with \d+ captures", line)
               for line in named)  # fmt: skip
    assert any(f"the file ends at byte {len(content) // 2}, with" in line for line in named)
    assert f"warc/{files[2].name} at byte {files[2].stat().st_size - 4}" in str(named)
    assert "warc/strange.warc.gz: 12 bytes that no capture names" in named
    assert len(named) < lost


def _columns(data: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(data / "archive.db")) as db:
        return db.execute(
            """SELECT t.name, c.name FROM pragma_table_list t, pragma_table_info(t.name) c
               WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' ORDER BY 1, 2"""
        ).fetchall()


def _altered(value: Any) -> Any:
    if value is None:
        return "x"
    if isinstance(value, int):
        return value + 1
    return f"{value[:-1]}{'0' if value[-1:] != '0' else '1'}"


def _update(db: sqlite3.Connection, table: str, column: str, chance: random.Random) -> bool:
    """Gives one row another value in a column: one like it, or another row's; whether it could."""
    keys = {"related_links": "article_id, position", "media": "article_id, position"}
    key = keys.get(table, "site, key" if table == "aliases" else "rowid")
    query = f"SELECT {key}, {column} FROM {table} WHERE {column} IS NOT NULL"
    rows = db.execute(query).fetchall() or db.execute(query[:-12]).fetchall()
    if not rows:
        return False
    *name, value = chance.choice(rows)
    others = [row[-1] for row in rows if row[-1] != value]
    new = chance.choice([_altered(value), *others[:1]])
    where = " AND ".join(f"{part} = ?" for part in key.split(", "))
    try:
        db.execute(f"UPDATE {table} SET {column} = ? WHERE {where}", (new, *name))
    except sqlite3.IntegrityError:
        return False
    return True


def test_an_altered_value_in_any_column_is_told(lived: Path, tmp_path: Path) -> None:
    chance, data = random.Random(7), tmp_path / "data"
    shutil.copytree(lived, data)
    right = (data / "archive.db").read_bytes()
    unseen, tried = [], 0
    for table, column in _columns(data):
        if table in BOOKKEEPING or table.startswith("articles_index"):
            continue
        (data / "archive.db").write_bytes(right)
        with _open(data) as db:
            altered = _update(db, table, column, chance)
        tried += altered
        if altered and not damage(data):
            unseen.append(f"{table}.{column}")
    assert unseen == []
    assert tried > 80


@pytest.mark.parametrize(
    "table",
    [
        "captures",
        "articles",
        "revisions",
        "related_links",
        "media",
        "mentions",
        "evidence",
        "observations",
        "log",
        "origins",
    ],
)
def test_a_row_that_is_taken_out_is_missed(harmed: Path, table: str) -> None:
    if table in ("related_links", "media"):
        which = f"(article_id, position) = (SELECT article_id, max(position) FROM {table})"
    else:
        which = f"rowid = (SELECT rowid FROM {table} ORDER BY random() LIMIT 1)"
    _alter(harmed, f"DELETE FROM {table} WHERE {which}")
    assert damage(harmed)


def _content(data: Path) -> dict[str, list[tuple[bytes, ...]]]:
    """Every value of the tables that are proven, as bytes."""
    with closing(sqlite3.connect(data / "archive.db")) as db:
        db.text_factory = bytes
        tables = {table for table, _ in _columns(data)} - BOOKKEEPING
        return {
            table: sorted(db.execute(f"SELECT * FROM {table}").fetchall(), key=repr)
            for table in tables
            if not table.startswith("articles_index")
        }


def test_a_flipped_bit_in_the_database_is_told_or_does_no_harm(lived: Path, tmp_path: Path) -> None:
    chance, data = random.Random(11), tmp_path / "data"
    shutil.copytree(lived, data)
    right, content = (data / "archive.db").read_bytes(), _content(lived)
    told = 0
    for _ in range(40):
        flipped = bytearray(right)
        flipped[chance.randrange(len(right))] ^= 1 << chance.randrange(8)
        (data / "archive.db").write_bytes(flipped)
        if damage(data):
            told += 1
        else:
            assert _content(data) == content
    assert told > 12


def _entries(data: Path) -> Iterator[tuple[int, str]]:
    with closing(sqlite3.connect(data / "archive.db")) as db:
        yield from db.execute("SELECT number, entry FROM log ORDER BY number").fetchall()


def test_an_entry_that_is_taken_out_altered_or_moved_breaks_the_chain(harmed: Path) -> None:
    ((origin, *_),) = [(head.origin, head) for head in heads(harmed)]
    right = (harmed / "archive.db").read_bytes()
    for statements, named in (
        (("DELETE FROM log WHERE number = 40",), f"log {origin} 40: missing; the next one is 41"),
        (("UPDATE log SET entry = replace(entry, 'GET', 'PUT') WHERE number = 2",), "2: it does"),
        (
            (
                "UPDATE log SET number = 0 WHERE number = 50",
                "UPDATE log SET number = 50 WHERE number = 51",
                "UPDATE log SET number = 51 WHERE number = 0",
            ),
            f"log {origin} 50: it does not follow from the entry before it",
        ),
    ):
        (harmed / "archive.db").write_bytes(right)
        _alter(harmed, *statements)
        assert any(named in line for line in damage(harmed)), named


def test_a_chain_that_is_forged_as_a_whole_has_another_head(harmed: Path) -> None:
    (published,) = heads(harmed)
    _alter(
        harmed,
        "UPDATE captures SET url = url || '&forged' WHERE id = 2",
        """UPDATE log SET entry = replace(entry, '","fetched_at"', '&forged","fetched_at"')
           WHERE capture_id = 2 AND entry LIKE '{"capture"%'""",
    )
    before = ""
    with _open(harmed) as db:
        for number, entry in _entries(harmed):
            before = hashlib.sha256(f"{before}\n{entry}".encode()).hexdigest()
            db.execute("UPDATE log SET hash = ? WHERE number = ?", (before, number))
    assert not [line for line in damage(harmed) if line.startswith("log")]
    assert heads(harmed)[0].hash != published.hash
    done = run(harmed, "--head", published.hash)
    assert done.exit_code == 3
    assert f"no entry has the hash {published.hash}" in done.stdout


def test_a_head_that_was_published_stays_in_a_log_that_grows(harmed: Path) -> None:
    (published,) = heads(harmed)
    with Portal(articles=14) as portal:
        Crawler(harmed).crawl(portal, "--delay", "0")
    assert heads(harmed)[0].entries > published.entries
    assert damage(harmed, published.hash) == []


def test_the_log_can_not_be_altered_by_mistake(harmed: Path) -> None:
    with closing(sqlite3.connect(harmed / "archive.db")) as db:
        for statement in ("UPDATE log SET entry = ''", "DELETE FROM log"):
            with pytest.raises(sqlite3.IntegrityError, match="never altered"):
                db.execute(statement)


def test_repair_makes_again_what_the_rest_tells_and_says_what_is_left(harmed: Path) -> None:
    evidence = {path: path.read_bytes() for path in (harmed / "warc").iterdir()}
    log = list(_entries(harmed))
    with closing(sqlite3.connect(harmed / "archive.db")) as db:
        media = db.execute("SELECT * FROM media ORDER BY 1, 2").fetchall()
    _alter(
        harmed,
        "INSERT INTO articles_index (rowid, text) VALUES (999, 'lạ')",
        "UPDATE related_links SET target_id = 999 WHERE target_id IS NOT NULL AND position = 0",
        "UPDATE media SET capture_id = 999 WHERE capture_id IS NOT NULL",
        "UPDATE articles SET story_id = 999 WHERE id = 1",
    )
    assert run(harmed).exit_code == 3
    done = run(harmed, "--repair")
    assert (done.exit_code, done.stdout.partition("\n")[0]) == (0, "sound")
    assert "Made again: the full-text index, references." in done.stderr
    with closing(sqlite3.connect(harmed / "archive.db")) as db:
        assert db.execute("SELECT * FROM media ORDER BY 1, 2").fetchall() == media
    _alter(harmed, "UPDATE articles SET title = 'Khác' WHERE id = 2", "DELETE FROM captures")
    left = run(harmed, "--repair", "--json")
    assert left.exit_code == 3
    named = [one["record"] for one in json.loads(left.stdout)["damage"]]
    assert any(name.startswith("articles demo/") for name in named)
    assert any(name.startswith("log entry ") for name in named)
    assert {path: path.read_bytes() for path in (harmed / "warc").iterdir()} == evidence
    assert list(_entries(harmed)) == log


def test_other_processes_find_the_same(harmed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from govnews import verify as module
    from govnews.archive import witness

    record = _records(harmed)[-1]
    _rewrite(harmed, record.file, _cut(record.start + 30, record.end))
    alone = damage(harmed)
    monkeypatch.setattr(witness, "_PART", 10_000)
    assert [str(finding) for finding in module.verify(harmed, processes=2)] == alone


def test_an_archive_that_can_not_be_opened_is_no_damage(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="holds no archive"):
        list(verify(tmp_path))


def test_a_reference_names_what_it_cites(lived: Path) -> None:
    shown = CliRunner().invoke(main, ["show", "1", "--cite", "--data", str(lived)])
    told = CliRunner().invoke(main, ["show", "1", "--cite", "--json", "--data", str(lived)])
    said = json.loads(told.stdout)
    parts = ("title", "publisher", "url", "captured_at", "payload_sha256", "text_sha256")
    assert all(said[part] in shown.stdout for part in parts)
    assert said["published_at"][:10] in shown.stdout
    assert shown.stdout.count("\n") == 1


def test_a_revision_is_cited_by_the_capture_that_showed_it(lived: Path) -> None:
    crawler = Crawler(lived)
    ((name, digest),) = crawler.rows(
        """SELECT a.site || '/' || a.key, c.payload_sha256 FROM revisions r
           JOIN articles a ON a.id = article_id JOIN captures c ON c.id = capture_id
           WHERE number = 1 AND a.title = 'Tiêu đề khác hẳn'"""
    )
    words = ["show", name, "--cite", "--data", str(lived)]
    first = CliRunner().invoke(main, [*words, "--revision", "1"]).stdout
    assert digest in first
    assert "Tiêu đề khác hẳn" not in first
    assert "Tiêu đề khác hẳn" in CliRunner().invoke(main, words).stdout
