"""The embedded portal, asked through real HTTP."""

from __future__ import annotations

import gzip
import http.client
import re
import signal
import socket
import subprocess
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from time import monotonic
from typing import Final, Self
from urllib.parse import quote, urlencode

import pytest
from lxml import html

from govnews.demo import (
    CATEGORIES,
    FAULTS,
    PAGER_FAULTS,
    VIETNAM,
    Asked,
    Category,
    Host,
    Link,
    Media,
    Portal,
    Weather,
    World,
    article_address,
    listing_addresses,
    spawn,
)
from govnews.demo.addresses import read
from govnews.demo.news import Brief, compose, headline
from govnews.demo.pager import HIDDEN

NEWS: Final = CATEGORIES[0]


@dataclass(frozen=True, slots=True)
class Got:
    """A response as received."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def tree(self) -> html.HtmlElement:
        return html.document_fromstring(self.text)


class Client:
    """One keep-alive connection to a portal."""

    def __init__(self, portal: Portal) -> None:
        self._link = http.client.HTTPConnection("127.0.0.1", portal.port, timeout=10)

    def ask(
        self,
        target: str,
        form: Mapping[str, str] | None = None,
        *,
        method: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> Got:
        body = None if form is None else urlencode(form)
        self._link.request(method or ("GET" if body is None else "POST"), target, body,
                           dict(headers or {}))  # fmt: skip
        response = self._link.getresponse()
        return Got(response.status, dict(response.getheaders()), response.read())

    def patience(self, seconds: float) -> None:
        self._link.timeout = seconds

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._link.close()


@pytest.fixture(scope="module")
def shared() -> Iterator[Portal]:
    """A portal that no test changes."""
    with Portal(150) as portal:
        yield portal


@pytest.fixture
def client(shared: Portal) -> Iterator[Client]:
    with Client(shared) as asking:
        yield asking


@pytest.fixture
def portal() -> Iterator[Portal]:
    """A portal to change."""
    with Portal(90) as own:
        yield own


@pytest.fixture
def own(portal: Portal) -> Iterator[Client]:
    with Client(portal) as asking:
        yield asking


def rows(got: Got, copy: str = "desktop") -> list[tuple[str, str, str]]:
    """Title, stamp and address of a listing's items."""
    return [
        (str(cell.findtext("a")), str(cell.findtext("span")), str(cell.find("a").get("href")))
        for cell in got.tree.cssselect(f"table.{copy} td.TitleFront")
    ]


def iso(stamp: str) -> str:
    """A stamp as the portal prints it, in ISO 8601."""
    found = re.fullmatch(r"\((\d\d:\d\d) - (\d\d)/(\d\d)/(\d{4})\)", stamp)
    assert found
    clock, day, month, year = found.groups()
    return f"{year}-{month}-{day}T{clock}:00+07:00"


def form_of(got: Got) -> dict[str, str]:
    hidden = got.tree.xpath("//form//input[@type='hidden']")
    return {str(one.get("name")): str(one.get("value")) for one in hidden}


def onward(got: Got) -> str | None:
    """The link behind the current page's number."""
    links = got.tree.xpath("//td[@class='phantrang']/span/following-sibling::a[1]/@href")
    return str(links[0]) if links else None


def follow(client: Client, address: str, got: Got) -> Got | None:
    link = onward(got)
    if link is None:
        return None
    event = re.fullmatch(r"javascript:__doPostBack\('(.*)','(.*)'\)", link)
    if not event:
        return client.ask(link)
    fields = {"__EVENTTARGET": event[1], "__EVENTARGUMENT": event[2]}
    return client.ask(address, form_of(got) | fields)


def walk(client: Client, address: str, most: int = 99) -> list[Got]:
    pages: list[Got] = []
    got: Got | None = client.ask(address)
    while got and len(pages) < most:
        assert got.status == 200
        pages.append(got)
        got = follow(client, address, got)
    return pages


# ── the texts ────────────────────────────────────────────────────────────────


def test_a_seed_is_a_world() -> None:
    assert list(World(80, 3).expected()) == list(World(80, 3).expected())
    assert list(World(80, 3).expected()) != list(World(80, 4).expected())


def test_texts_are_distinct_and_clean() -> None:
    when = datetime(2021, 1, 20, 22, 17, tzinfo=VIETNAM)
    briefs = [Brief(1, order, when, "Quận Mẫu", "/x", order % 5 == 0) for order in range(10_000)]
    assert len({headline(brief) for brief in briefs}) == 10_000
    stories = [compose(brief) for brief in briefs[:800]]
    assert len({story.body for story in stories}) == 800
    for story in stories:
        text = f"{story.title}\n{story.summary}\n{story.body}"
        assert unicodedata.is_normalized("NFC", text)
        assert not re.search(r"[{}\xa0]|  ", text)


@pytest.mark.parametrize("articles", [0, 3, 300, 20_000])
def test_stamps_descend_with_the_id(articles: int) -> None:
    world = World(articles)
    world.add(5)
    for category in CATEGORIES:
        stamps = [world.heading(category.subsite, item)[1] for item in world.shelf(category)]
        assert stamps == sorted(stamps)
        assert not any(stamp.weekday() == 6 for stamp in stamps)


def test_an_item_id_occurs_in_two_subsites_as_different_articles() -> None:
    truths = {truth.key: truth for truth in World(50).expected()}
    assert len(truths) == 50
    assert truths["tintuc/1"].title != truths["thongbao/1"].title
    assert any(len(truth.sections) > 1 for truth in World(200).expected())


# ── listings ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("pager", ["postback", "grid", "get"])
def test_the_pager_leads_to_every_article_once(pager: str) -> None:
    host = Host(pager=pager, per_page=3, window=4)
    with Portal(60, host=host) as portal, Client(portal) as asking:
        for category in host.categories:
            pages = walk(asking, category.address)
            assert len(pages) == max(1, -(-len(portal.world.shelf(category)) // 3))
            found = [read(address).item for got in pages for *_, address in rows(got)]
            assert found == list(reversed(portal.world.shelf(category)))


def test_a_category_has_its_own_pager() -> None:
    host = Host(categories=(Category("tintuc", "A & B", "get"), Category("tintuc", "C")))
    with Portal(90, host=host) as portal, Client(portal) as asking:
        assert "Page=2" in str(onward(asking.ask(host.categories[0].address)))
        assert "__doPostBack" in str(onward(asking.ask(host.categories[1].address)))


def test_every_item_stands_there_twice(client: Client) -> None:
    got = client.ask(NEWS.address)
    desktop, mobile = rows(got), rows(got, "mobile")
    assert [row[:2] for row in desktop] == [row[:2] for row in mobile]
    assert len(desktop) == 20 == len(got.tree.cssselect("td.tinHT img")) // 2
    for one, other in zip(desktop, mobile, strict=True):
        assert one[2] != other[2]
        assert read(one[2]).item == read(other[2]).item


def test_a_listing_tells_what_the_articles_do_not(shared: Portal, client: Client) -> None:
    for title, stamp, address in rows(client.ask(NEWS.address)):
        wanted = read(address)
        truth = shared.world.truth(wanted.subsite, wanted.item or 0)
        assert (title, iso(stamp)) == (truth.title, truth.published_at)
        assert stamp.strip("()") not in client.ask(address).text


@pytest.mark.parametrize("absent", HIDDEN)
def test_a_postback_without_a_hidden_field_is_refused(client: Client, absent: str) -> None:
    got = client.ask(NEWS.address)
    form = form_of(got) | {"__EVENTTARGET": "ctl00$m$g_posts$ctl00$rptPager$ctl01$lnkPage"}
    assert client.ask(NEWS.address, form).status == 200
    assert client.ask(NEWS.address, {k: v for k, v in form.items() if k != absent}).status == 500


def test_a_postback_that_no_page_could_have_sent_is_refused(client: Client) -> None:
    first = client.ask(NEWS.address)
    second = follow(client, NEWS.address, first)
    assert second is not None
    good = form_of(first) | {"__EVENTTARGET": "ctl00$m$g_posts$ctl00$rptPager$ctl01$lnkPage"}
    wrong = (
        {"__VIEWSTATE": good["__VIEWSTATE"][:-8] + "AAAAAAA="},
        {"__VIEWSTATE": "no base64"},
        {"__VIEWSTATE": form_of(second)["__VIEWSTATE"]},
        {"__EVENTTARGET": "ctl00$m$g_posts$ctl00$rptPager$ctl00$lnkPage"},
        {"__VIEWSTATEGENERATOR": "00000000"},
    )
    for fields in wrong:
        got = client.ask(NEWS.address, good | fields)
        assert got.status == 500
        assert "Server Error" in got.text
    assert client.ask(CATEGORIES[1].address, good).status == 500


def test_hidden_fields_change_and_the_state_is_chained(client: Client) -> None:
    first, again = client.ask(NEWS.address), client.ask(NEWS.address)
    assert form_of(first)["__REQUESTDIGEST"] != form_of(again)["__REQUESTDIGEST"]
    assert form_of(first)["__VIEWSTATE"] == form_of(again)["__VIEWSTATE"]
    pages = walk(client, NEWS.address)
    assert len({form_of(got)["__VIEWSTATE"] for got in pages}) == len(pages) > 2


def test_the_submit_button_searches(client: Client) -> None:
    form = form_of(client.ask(NEWS.address)) | {"ctl00$btnSearch": "Tìm kiếm"}
    got = client.ask(NEWS.address, form)
    assert got.status == 200
    assert not rows(got)


def test_the_calendar_leads_to_days(shared: Portal, client: Client) -> None:
    cells = client.ask(NEWS.address).tree.cssselect("table.RadCalendar td")
    assert len(cells) == 30
    for cell in cells:
        number, month, year = map(int, str(cell.get("title")).split("/"))
        day = date(year, month, number)
        href = str(cell.find("a").get("href"))
        expected = shared.world.on_day(NEWS, day)
        assert (href == "#") == (not expected)
        if expected:
            assert [read(row[2]).item for row in rows(client.ask(href))] == expected
    assert "Không có" in client.ask(NEWS.day(date(1999, 1, 1))).text


# ── articles ─────────────────────────────────────────────────────────────────


def text_of(element: html.HtmlElement) -> str:
    return str(element.text_content()).strip()


def block_of(element: html.HtmlElement) -> str:
    if element.tag == "ul":
        return "\n".join(f"- {text_of(item)}" for item in element)
    if element.tag == "table":
        lines = ("\t".join(map(text_of, row.iter("td"))) for row in element.iter("tr"))
        return "\n".join(lines)
    return text_of(element)


def link_of(row: html.HtmlElement) -> Link:
    wanted = read(str(row.find("a").get("href")))
    stamp = iso(str(row.findtext("span")))
    return Link(str(row.findtext("a")), f"{wanted.subsite}/{wanted.item}", stamp)


def test_the_truth_is_what_the_page_says(shared: Portal, client: Client) -> None:
    kinds: Counter[str] = Counter()
    for truth in shared.world.expected():
        tree = client.ask(truth.address).tree
        first, *blocks = tree.cssselect("div[class^=ExternalClass] > div > *")
        assert text_of(tree.cssselect("td.TitleNews")[0]) == truth.title
        assert text_of(first) == truth.summary
        assert first.find(".//b") is not None
        last = blocks[-1]
        author = text_of(last) if "text-align:right" in str(last.get("style")) else None
        assert author == truth.author
        texts = map(block_of, blocks[:-1] if author else blocks)
        assert "\n\n".join(filter(None, texts)) == truth.body
        related = [link_of(row) for row in tree.cssselect("td.tinkhac")]
        assert related == list(truth.related)
        images = [str(image.get("src")) for block in blocks for image in block.iter("img")]
        files = [str(link.get("href")) for block in blocks for link in block.iter("a")]
        assert images == [one.url for one in truth.media if one.kind == "image"]
        assert files == [one.url for one in truth.media if one.kind == "attachment"]
        assert f"Các {truth.section} đã đưa" in tree.text_content() or not related
        kinds.update(block.tag for block in blocks)
    assert kinds["ul"]
    assert kinds["table"]


def test_all_variations_of_an_address_are_one_article(client: Client) -> None:
    titles = {
        text_of(client.ask(article_address(NEWS, 5, style)).tree.cssselect("td.TitleNews")[0])
        for style in range(5)
    }
    short = client.ask("/tintuc/lists/posts/post.aspx?ItemID=5")
    assert titles == {text_of(short.tree.cssselect("td.TitleNews")[0])}
    assert len({article_address(NEWS, 5, style) for style in range(4)}) == 4


def test_the_traps_of_the_seed_page_are_there(client: Client) -> None:
    got = client.ask(article_address(NEWS, 40))
    for text in ("RadDatePicker", "Open the calendar popup.", "Xem bài viết theo ngày", "/noibo/"):
        assert text in got.text
    assert got.tree.cssselect("table.rightmenu a[href*='/thongbao/']")
    assert set(got.tree.xpath("//table[@class='menu']//a/@href")) >= {
        category.address for category in CATEGORIES
    }


def test_files_are_served(shared: Portal, client: Client) -> None:
    media = [one for truth in shared.world.expected() for one in truth.media]
    starts = {"image": b"\x89PNG\r\n", "attachment": b"%PDF-1.4"}
    by_kind: dict[str, Media] = {one.kind: one for one in media}
    for kind, start in starts.items():
        got = client.ask(by_kind[kind].url)
        assert got.status == 200
        assert got.body.startswith(start)
        assert "html" not in got.headers["Content-Type"]
    assert client.ask("/_layouts/LacVietBIO/fckUpload/tintuc/1/none.pdf").status == 404


# ── HTTP ─────────────────────────────────────────────────────────────────────


def test_plain_answers(shared: Portal, client: Client) -> None:
    assert b"Disallow: /noibo/" in client.ask("/robots.txt").body
    assert len(client.ask("/").tree.cssselect("td.tinmoi a")) == 20
    assert client.ask("/Pages/default.aspx").status == 200
    assert client.ask(article_address(NEWS, 99_999)).status == 404
    assert client.ask("/no/such/page").status == 404
    assert client.ask("/noibo/lists/posts/post.aspx").status == 403
    assert client.ask("/", method="DELETE").status == 405
    assert listing_addresses(shared.world) == [category.address for category in CATEGORIES]


def test_the_first_answer_sets_the_cookie(client: Client) -> None:
    cookie = client.ask("/").headers["Set-Cookie"]
    assert cookie.startswith("ASP.NET_SessionId=")
    assert "Set-Cookie" not in client.ask("/", headers={"Cookie": cookie}).headers


def test_head_has_no_body(client: Client) -> None:
    got = client.ask(NEWS.address, method="HEAD")
    assert got.status == 200
    assert not got.body
    assert got.headers["Content-Length"] == client.ask(NEWS.address).headers["Content-Length"]


def test_it_answers_as_a_proxy(client: Client) -> None:
    got = client.ask("http://quan1.example" + article_address(NEWS, 7))
    assert got.status == 200
    assert "TitleNews" in got.text


def test_what_is_no_http_is_refused(shared: Portal) -> None:
    with socket.create_connection(("127.0.0.1", shared.port), timeout=5) as link:
        link.sendall(b"good morning\r\n\r\n")
        assert link.recv(100).startswith(b"HTTP/1.1 400 ")


def test_gzip_and_validators() -> None:
    host, address = Host(gzip=True, validators=True), article_address(NEWS, 3)
    with Portal(30, host=host) as portal, Client(portal) as asking:
        got = asking.ask(address, headers={"Accept-Encoding": "gzip, deflate"})
        assert "TitleNews" in gzip.decompress(got.body).decode()
        assert "TitleNews" in asking.ask(address).text
        by_etag = {"If-None-Match": got.headers["ETag"]}
        by_date = {"If-Modified-Since": got.headers["Last-Modified"]}
        assert asking.ask(address, headers=by_etag).status == 304
        assert asking.ask(address, headers=by_date).status == 304
        portal.world.edit("tintuc", 3, title="Tiêu đề mới")
        assert asking.ask(address, headers=by_etag).status == 200
        assert asking.ask(address, headers=by_date).status == 200


def test_requests_are_logged_in_order(portal: Portal, own: Client) -> None:
    walk(own, NEWS.address)
    own.ask("/robots.txt", headers={"User-Agent": "test"})
    lines = [(asked.method, asked.page) for asked in portal.requests]
    assert lines == [("GET", 1), ("POST", 2), ("POST", 3), ("GET", None)]
    assert portal.requests.counts()["GET", NEWS.address, 1] == 1
    assert [asked.headers["user-agent"] for asked in portal.requests.matching("robots")] == ["test"]
    portal.requests.clear()
    assert len(portal.requests) == 0


# ── the world changes ────────────────────────────────────────────────────────


def test_an_edit_shows_on_page_and_in_truth(portal: Portal, own: Client) -> None:
    address = article_address(NEWS, 5)
    before = portal.world.truth("tintuc", 5)
    own.ask(address)
    portal.world.edit("tintuc", 5, title="Một & hai", body="Đoạn một.\n\nĐoạn hai.", author=None)
    truth = portal.world.truth("tintuc", 5)
    assert (truth.title, truth.body, truth.author) == ("Một & hai", "Đoạn một.\n\nĐoạn hai.", None)
    assert truth.summary == before.summary
    assert "Một &amp; hai" in own.ask(address).text
    with pytest.raises(TypeError):
        portal.world.edit("tintuc", 5, colour="red")
    with pytest.raises(KeyError):
        portal.world.edit("tintuc", 5000, title="Không có")


def test_delete_restore_add(portal: Portal, own: Client) -> None:
    world, address = portal.world, article_address(NEWS, 5)
    before = list(world.expected())
    world.delete("tintuc", 5)
    assert own.ask(address).status == 404
    assert len(list(world.expected())) == len(world) == 89
    world.restore("tintuc", 5)
    assert own.ask(address).status == 200
    assert list(world.expected()) == before
    names = world.add(2, NEWS)
    assert [read(row[2]).item for row in rows(own.ask(NEWS.address))][:2] == [
        item for _, item in reversed(names)
    ]
    assert len(world) == 92


def test_an_outage_ends_on_the_same_port() -> None:
    portal = Portal(5)
    with portal:
        url = portal.url
    with Client(portal) as asking, pytest.raises(ConnectionRefusedError):
        asking.ask("/")
    with portal, Client(portal) as asking:
        assert portal.url == url
        assert asking.ask("/").status == 200


# ── bad weather ──────────────────────────────────────────────────────────────

Check = Callable[[Client, str], None]


def says(status: int, text: str = "", **headers: str) -> Check:
    def check(client: Client, address: str) -> None:
        got = client.ask(address)
        assert got.status == status
        assert text in got.body.decode("latin-1", "replace")
        for name, value in headers.items():
            assert got.headers[name.replace("_", "-")].startswith(value)

    return check


def breaks(error: type[Exception]) -> Check:
    def check(client: Client, address: str) -> None:
        with pytest.raises(error):
            client.ask(address)

    return check


def is_empty(client: Client, address: str) -> None:
    assert client.ask(address).body == b""


def is_huge(client: Client, address: str) -> None:
    assert len(client.ask(address).body) > 3 * 2**20


def is_bomb(client: Client, address: str) -> None:
    got = client.ask(address)
    assert len(got.body) < 10_000
    assert len(gzip.decompress(got.body)) == 3 * 2**20


def is_broken(client: Client, address: str) -> None:
    with pytest.raises((OSError, EOFError)):
        gzip.decompress(client.ask(address).body)


def is_slow(client: Client, address: str) -> None:
    begun = monotonic()
    assert client.ask(address).status == 200
    assert monotonic() - begun > 0.1


def hangs(client: Client, address: str) -> None:
    client.patience(0.1)
    with pytest.raises(TimeoutError):
        client.ask(address)


def is_cut(client: Client, address: str) -> None:
    got = client.ask(address)
    assert got.body
    assert b"</html>" not in got.body


def ends_early(client: Client, address: str) -> None:
    got = client.ask(address)
    assert len(rows(got)) == 20
    assert onward(got) is None


def is_bare(client: Client, address: str) -> None:
    assert not rows(client.ask(address))


def goes_round(client: Client, address: str) -> None:
    pages = [rows(got) for got in walk(client, address, most=9)]
    assert len(pages) == 9
    assert len({page[0] for page in pages}) == 3
    assert pages[0] == pages[3] == pages[6]


def sticks(client: Client, address: str) -> None:
    pages = [rows(got) for got in walk(client, address, most=9)]
    assert len(pages) == 9
    assert all(page == pages[2] for page in pages[2:])


def begins_again(client: Client, address: str) -> None:
    pages = [rows(got) for got in walk(client, address, most=4)]
    assert len(pages) == 4
    assert all(page == pages[0] for page in pages)


CHECKS: Final[Mapping[str, tuple[Check, float | str | None]]] = {
    "error": (says(500, "Server Error"), None),
    "busy": (says(503, Retry_After="7"), 7),
    "throttled": (says(429, Retry_After="1"), None),
    "forbidden": (says(403), None),
    "empty": (is_empty, None),
    "reset": (breaks(ConnectionResetError), None),
    "truncated": (breaks(http.client.IncompleteRead), None),
    "crawl_delay": (says(200, "Crawl-delay: 0.5"), 0.5),
    "short_length": (is_cut, None),
    "long_length": (hangs, None),
    "charset": (says(200, "TitleFront", Content_Type="text/html; charset=iso-8859-1"), None),
    "broken_gzip": (is_broken, None),
    "bomb": (is_bomb, 3),
    "huge": (is_huge, 3),
    "redirect_loop": (says(302, Location=NEWS.address), None),
    "redirect_foreign": (says(302, Location="http://foreign.invalid/tintuc/"), None),
    "redirect_home": (says(302, Location="/Pages/default.aspx"), None),
    "soft_404": (says(200, "trang"), None),
    "login": (says(200, 'type="password"'), None),
    "challenge": (says(200, "document.cookie"), None),
    "slow": (is_slow, 0.15),
    "hang": (hangs, None),
    "no_pager": (ends_early, None),
    "no_items": (is_bare, None),
    "endless_pager": (goes_round, None),
    "stuck_pager": (sticks, None),
    "refused_pager": (begins_again, None),
}


def test_every_fault_is_tested() -> None:
    assert set(CHECKS) == {*FAULTS, *PAGER_FAULTS}


@pytest.mark.parametrize("fault", CHECKS)
def test_fault(portal: Portal, own: Client, fault: str) -> None:
    check, value = CHECKS[fault]
    portal.weather.add(Weather(fault, "Mode=2", value=value))
    check(own, NEWS.address)
    with Client(portal) as other:
        assert other.ask("/robots.txt").status == 200


def test_weather_passes(portal: Portal, own: Client) -> None:
    portal.weather.add(Weather("busy", lambda asked: asked.wanted.item == 5, times=2))
    statuses = [own.ask(article_address(NEWS, 5, style)).status for style in range(4)]
    assert statuses == [503, 503, 200, 200]
    portal.weather.add(Weather("error"))
    portal.weather.clear()
    assert own.ask("/").status == 200


def test_weather_may_meet_one_page_of_a_chain(portal: Portal, own: Client) -> None:
    def third(asked: Asked) -> bool:
        return asked.page == 2

    portal.weather.add(Weather("error", third))
    first = own.ask(NEWS.address)
    second = follow(own, NEWS.address, first)
    assert first.status == 200
    assert second is not None
    assert second.status == 500


def test_unknown_weather_is_refused() -> None:
    with pytest.raises(ValueError, match=r"no fault 'fog'; there are .*bomb"):
        Weather("fog")


# ── as a command ─────────────────────────────────────────────────────────────


def test_spawn_serves_until_its_block_ends() -> None:
    with spawn(5, 1, "--pager", "get") as url:
        port = int(url.rpartition(":")[2])
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        link.request("GET", "/tintuc/lists/posts/post.aspx?Mode=2&Category=" + quote(NEWS.name))
        assert b"TitleFront" in link.getresponse().read()
        link.close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=1)


def test_the_command_ends_on_sigterm() -> None:
    command = [sys.executable, "-m", "govnews.demo", "--articles", "5"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout
        assert child.stdout.readline().startswith("http://127.0.0.1:")
        child.send_signal(signal.SIGTERM)
        assert child.wait(timeout=5) == 0
