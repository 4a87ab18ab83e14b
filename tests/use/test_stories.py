"""Stories: articles of nearly the same text, whatever their order of arrival and their site."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections import defaultdict
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from crawl.running import Crawler
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from use.sample import FIRST, SECOND, THIRD
from use.shelf import news, put, shelf

from govnews import Collection
from govnews.archive import articles, stories
from govnews.archive.database import create_or_open
from govnews.archive.nearness import drawn, near
from govnews.archive.wording import Wording
from govnews.cli import main
from govnews.demo import Portal
from govnews.items import Article
from govnews.sites import load_site

OLDEST = Path(__file__).parents[1] / "fixtures" / "archives" / "version-1"
OPENING = (
    "Sáng 14/3, phường Bến Sen khánh thành hẻm 47 sau ba tháng mở rộng; dự lễ có Phó Chủ tịch quận "
    "Lê Quang Khôi cùng bà con khu phố 5."
)
LENGTH = (
    "Hẻm dài 312 mét, trước đây có chỗ chỉ rộng 1,8 mét, xe cứu thương và xe chữa cháy không vào "
    "được. Nhờ 46 hộ tự nguyện hiến 428 mét vuông đất, mặt hẻm nay rộng 4,5 mét, có cống thoát "
    "nước mới và 60 cây xanh. Kinh phí là 3,2 tỷ đồng, ngân sách quận chi 1,9 tỷ."
)
VOICES = (
    "Bà Ngô Hạ Đan, người hiến nhiều đất nhất, kể gia đình bàn bạc hơn một tháng mới quyết định: "
    "lúc đầu con bà cũng tiếc, nhưng nhớ hồi nhà bên cháy mà xe chữa cháy phải đậu ngoài đường "
    "lớn, cả nhà đồng ý liền. Ông Khôi đề nghị phường giữ gìn công trình, đừng để lòng hẻm thành "
    "chỗ buôn bán."
)
RELEASE = f"{OPENING}\n\n{LENGTH}\n\n{VOICES}"
FAIR = (
    "Tối qua tại công viên Bờ Kè, thành phố mở tuần lễ sách với khu sách thiếu nhi, khu sách cũ và "
    "một góc đọc cho người khiếm thị. Xe buýt thư viện sẽ đưa sách về các trường vùng ven. Chị Võ "
    "Khánh Nghi, giáo viên mầm non, thích nhất góc đổi sách: mỗi em mang đến một quyển và chọn một "
    "quyển khác mang về. Cuối tuần còn có tọa đàm về dịch thuật và đêm thơ nhạc bế mạc."
)


def notice(day: str, figure: int) -> str:
    return (
        f"Văn phòng quận thông báo lịch tiếp công dân: từ 8 giờ đến 11 giờ 30, ngày {day}, tại số "
        "12 đường Lê Văn Cầu. Công dân đến khiếu nại, tố cáo mang theo giấy tờ tùy thân, đơn và "
        "tài liệu có liên quan; nhiều người cùng một nội dung thì cử người đại diện trình bày. Khi "
        "Chủ tịch bận việc đột xuất, buổi tiếp dời sang ngày khác và được báo trên cổng thông tin "
        f"của quận. Tháng trước có {figure} lượt người đến."
    )


SAME = {
    "word for word": RELEASE,
    "another first line": f"Cổng thông tin quận vừa cho biết một tin vui:\n\n{LENGTH}\n\n{VOICES}",
    "a dateline and a byline": f"(Bến Sen, 15/3/2025) {RELEASE}\n\nTin, ảnh: Thu Trầm",
    "its first half": f"{OPENING}\n\n{LENGTH}",
    "its paragraphs turned around": f"{VOICES}\n\n{LENGTH}\n\n{OPENING}",
    "other Unicode, tones, quotes and case": RELEASE.replace("hòa", "hoà").upper(),
    "one figure corrected": RELEASE.replace("428", "418"),
    "words edited here and there": RELEASE.replace("cứu thương", "cấp cứu")
    .replace("giữ gìn", "gìn giữ")
    .replace("hơn một tháng", "cả tháng trời"),
}
OTHER = {
    "another ward and other people": RELEASE.replace("Bến Sen", "Gò Mây")
    .replace("Lê Quang Khôi", "Đỗ Thiên Vỹ")
    .replace("Ngô Hạ Đan", "Bùi Nhật Yên")
    .replace("Ông Khôi", "Ông Vỹ"),
    "other figures": RELEASE.replace("312", "298")
    .replace("46", "51")
    .replace("428", "377")
    .replace("4,5", "3,5"),
    "another number of a street": RELEASE.replace("hẻm 47", "hẻm 74"),
    "a third of it": LENGTH,
    "another text": FAIR,
}


def relate(db: sqlite3.Connection) -> None:
    """As a crawl does before it ends."""
    while stories.relate(db):
        pass


def groups(db: sqlite3.Connection) -> dict[str, set[str]]:
    """The members of each story by its first."""
    found = defaultdict(set)
    for first, member in db.execute(
        """SELECT s.key, a.key FROM articles a JOIN articles s ON s.id = a.story_id"""
    ):
        found[first].add(member)
    return dict(found)


@pytest.mark.parametrize("text", SAME.values(), ids=SAME.keys())
def test_one_story(tmp_path: Path, text: str) -> None:
    first, second = news(1, "Hẻm 47 rộng thênh thang", RELEASE), news(2, "Tin trong ngày", text)
    with shelf(tmp_path, second, first, news(3, "Tuần lễ sách", FAIR)) as db:
        relate(db)
        assert groups(db) == {"tintuc/1": {"tintuc/1", "tintuc/2"}}


@pytest.mark.parametrize("text", OTHER.values(), ids=OTHER.keys())
def test_two_stories(tmp_path: Path, text: str) -> None:
    with shelf(tmp_path, news(1, "Hẻm 47", RELEASE), news(2, "Hẻm 47", text)) as db:
        relate(db)
        assert groups(db) == {}


def test_a_form_that_is_filled_again_is_another_story(tmp_path: Path) -> None:
    weeks = [notice(f"{day}/5/2025", 31 + day % 7) for day in range(1, 29, 7)]
    texts = [news(item, "Lịch tiếp công dân", text) for item, text in enumerate(weeks, 1)]
    with shelf(tmp_path, *texts, news(9, "Lịch tiếp dân tuần này", weeks[2])) as db:
        relate(db)
        assert groups(db) == {"tintuc/3": {"tintuc/3", "tintuc/9"}}


def test_a_story_does_not_join_what_an_article_puts_together(tmp_path: Path) -> None:
    other = f"{FAIR}\n\n{notice('7/5/2025', 31)}"
    both = news(3, "Tin cuối tuần", f"{RELEASE}\n\n{other}")
    with shelf(tmp_path, news(1, "Hẻm 47", RELEASE), news(2, "Tuần lễ sách", other), both) as db:
        relate(db)
        assert groups(db) == {"tintuc/1": {"tintuc/1", "tintuc/3"}}


def test_what_is_too_short_makes_no_story(tmp_path: Path) -> None:
    captions = [news(item, "Ảnh", "Quang cảnh lễ khánh thành (ảnh)") for item in range(1, 4)]
    with shelf(tmp_path, *captions, Article("tintuc/4", "http://a.example/4")) as db:
        relate(db)
        assert groups(db) == {}


def test_the_first_that_was_seen_names_a_story_of_several_sites(tmp_path: Path) -> None:
    sites = {name: replace(load_site("quan1"), id=name) for name in ("a", "b", "c", "d")}
    seen = {"a": SECOND, "b": FIRST, "c": THIRD, "d": FIRST}
    with shelf(tmp_path) as db:
        for name, site in sites.items():
            db.execute(
                "INSERT INTO sites VALUES (?, ?, NULL, 'vi', 'Asia/Ho_Chi_Minh')", (name,) * 2
            )
            for item in (8, 7):
                text = news(item, f"Tin của {name}", RELEASE)
                articles.keep(db, site, text, (), 1, seen[name])
                relate(db)
        firsts = db.execute(
            """SELECT DISTINCT s.site, s.key FROM articles a
               LEFT JOIN articles s ON s.id = a.story_id"""
        )
        assert [tuple(first) for first in firsts] == [("b", "tintuc/7")]
    with Collection(tmp_path) as collection:
        assert {article.story for article in collection.articles()} == {"b/tintuc/7"}
        others = collection.story("a/tintuc/7")
        assert [member.article for member in others][:2] == ["b/tintuc/7", "b/tintuc/8"]
        assert "a/tintuc/7" not in {member.article for member in others}
        assert len(others) == 7


def test_show_names_the_others(tmp_path: Path) -> None:
    with shelf(
        tmp_path, news(1, "Hẻm 47", RELEASE), news(2, "Mở hẻm", SAME["its first half"])
    ) as db:
        relate(db)
    shown = CliRunner().invoke(main, ["show", "quan1/tintuc/1", "--data", str(tmp_path)])
    assert "The same story\n  - quan1/tintuc/2 · Mở hẻm" in shown.stdout
    told = CliRunner().invoke(main, ["show", "2", "--json", "--data", str(tmp_path)])
    assert json.loads(told.stdout)["story"] == "quan1/tintuc/1"
    assert [one["article"] for one in json.loads(told.stdout)["same_story"]] == ["quan1/tintuc/1"]


def test_an_edit_joins_and_parts(tmp_path: Path) -> None:
    short, long = f"{OPENING}\n\n{LENGTH}", f"{RELEASE}\n\n{FAIR}"
    with shelf(tmp_path, news(1, "Một", short), news(2, "Hai", RELEASE)) as db:
        put(db, news(3, "Ba", long))
        relate(db)
        assert groups(db) == {"tintuc/1": {"tintuc/1", "tintuc/2", "tintuc/3"}}
        put(db, news(2, "Hai", notice("7/5/2025", 31)))
        relate(db)
        assert groups(db) == {}
        put(db, news(1, "Một", RELEASE))
        relate(db)
        assert groups(db) == {"tintuc/1": {"tintuc/1", "tintuc/3"}}


def test_a_page_that_says_the_same_again_costs_nothing(tmp_path: Path) -> None:
    with shelf(tmp_path, news(1, "Một", RELEASE)) as db:
        relate(db)
        put(db, news(1, "Một", RELEASE))
        assert not stories.relate(db)


def test_nothing_is_altered_by_it(tmp_path: Path) -> None:
    kept = "SELECT id, url, title, body, revision, text_sha256, last_seen_at FROM articles"
    with shelf(tmp_path, news(1, "Một", RELEASE), news(2, "Hai", RELEASE)) as db:
        before = [tuple(row) for row in db.execute(kept)]
        relate(db)
        assert groups(db)
        assert [tuple(row) for row in db.execute(kept)] == before


def test_articles_of_an_old_archive_get_their_stories(tmp_path: Path) -> None:
    old = Path(shutil.copytree(OLDEST, tmp_path / "old"))
    with closing(sqlite3.connect(old / "archive.db")) as db:
        first, second = db.execute("SELECT min(key), max(key) FROM articles").fetchone()
        copied = "SELECT body FROM articles WHERE key = ?"
        db.execute(f"UPDATE articles SET body = ({copied}) WHERE key = ?", (first, second))
        db.commit()
    with closing(create_or_open(old)) as db:
        relate(db)
        assert list(groups(db).values()) == [{first, second}]


def test_a_crawl_finds_a_copy_and_nothing_else_among_articles_of_one_make(tmp_path: Path) -> None:
    crawler = Crawler(tmp_path / "data")
    with Portal(articles=300) as portal:
        one, other = list(portal.world.expected())[50:250:199]
        portal.world.edit(other.subsite, other.item, title="Tin trong ngày", body=one.body)
        assert crawler.crawl(portal) == 0, crawler.said
        assert crawler.one("SELECT count(*) FROM stories_waiting") == 0
        kept = "SELECT key FROM articles WHERE story_id IS NOT NULL"
        assert {key for (key,) in crawler.rows(kept)} == {one.key, other.key}
        portal.world.edit(other.subsite, other.item, body=FAIR)
        assert crawler.crawl(portal, "--revisit", "all") == 0, crawler.said
        assert crawler.rows(kept) == []


TEXTS = (
    *SAME.values(),
    *OTHER.values(),
    f"{RELEASE}\n\n{FAIR}",
    f"{FAIR}\n\n{RELEASE}",
    f"{VOICES}\n\n{FAIR}",
    notice("7/5/2025", 31),
    notice("14/5/2025", 28),
    "(ảnh)",
)
KEPT = st.tuples(st.integers(1, 7), st.sampled_from(TEXTS))


def by_definition(texts: dict[int, str], most_holders: int) -> set[frozenset[str]]:
    """The stories of these texts, found by comparing each with each."""
    wordings = {item: Wording("Tin", text) for item, text in texts.items()}
    passages = {item: set(drawn(wording).passages) for item, wording in wordings.items()}
    held = [number for each in passages.values() for number in each]
    parts = {item: frozenset({f"tintuc/{item}"}) for item in texts}
    for one in texts:
        for other in texts:
            shared = {n for n in passages[one] & passages[other] if held.count(n) <= most_holders}
            if shared and near(wordings[one], wordings[other]):
                joined = parts[one] | parts[other]
                parts |= {item: joined for item, part in parts.items() if part & joined}
    return {part for part in parts.values() if len(part) > 1}


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(st.one_of(KEPT, st.none()), max_size=16),
    most_holders=st.sampled_from([2, 3, 200]),
)
def test_after_any_history_stories_are_those_of_the_texts(
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    steps: list[tuple[int, str] | None],
    most_holders: int,
) -> None:
    monkeypatch.setattr(stories, "MOST_HOLDERS", most_holders)
    monkeypatch.setattr(stories, "AT_ONCE", 2)
    texts: dict[int, str] = {}
    with shelf(tmp_path_factory.mktemp("history")) as db:
        for step in steps:
            if step is None:
                relate(db)
            else:
                item, text = step
                texts[item] = text
                put(db, news(item, "Tin", text))
        relate(db)
        found = groups(db)
        assert {frozenset(one) for one in found.values()} == by_definition(texts, most_holders)
        assert all(first == min(members) for first, members in found.items())
