"""Where a crawl connects to, over what TLS, how fast, and how often."""

from __future__ import annotations

import json
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.resources import files
from ipaddress import IPv4Address, IPv6Address
from itertools import pairwise
from pathlib import Path
from threading import Thread

import pytest
from crawl.running import Crawler
from crawl.snapshot import damage, snapshot
from fastwarc.warc import ArchiveIterator as FastwarcIterator
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator as WarcioIterator
from yarl import URL

from govnews.demo import Asked, Portal, Tls, Weather
from govnews.demo.tls import secured
from govnews.network import RefusedError, judge, kind_of
from govnews.tls import cipher_suite

pytestmark = pytest.mark.slow

_SITE = files("govnews.sites").joinpath("demo.toml").read_text("utf-8")
_ADDRESS_INFO = """
import socket
def resolve(host, port, *rest, ask=socket.getaddrinfo, **named):
    name = host.decode() if isinstance(host, bytes) else host
    return ask("127.0.0.1" if name.endswith(".example") else host, port, *rest, **named)
socket.getaddrinfo = resolve
"""
"""Python that makes names of .example lead to loopback, for a process to begin with."""


def _sites(folder: Path, fetch: str = "", head: str = "", url: str = "") -> str:
    """A folder with demo's site file, changed: lines for [fetch], at its head, another URL."""
    text = f"{head}\n{_SITE}".replace("[fetch]", f"[fetch]\n{fetch}")
    if url:
        text = text.replace("http://www.quanmau.example", url)
    if "concurrency" in fetch:
        text = text.replace("concurrency = 8\n", "")
    (folder / "sites").mkdir(exist_ok=True)
    for name in ("demo", "mau"):  # without --base-url the first is the embedded portal
        (folder / "sites" / f"{name}.toml").write_text(text, "utf-8")
    return str(folder / "sites")


def _one(portal: Portal, fault: str, value: str | None = None) -> str:
    """Puts a fault on one article of the portal; the article's key."""
    one = sorted(portal.world.expected(), key=lambda one: one.key)[3]

    def is_it(asked: Asked) -> bool:
        return asked.wanted.subsite == one.subsite and asked.wanted.item == one.item

    portal.weather.add(Weather(fault, is_it, value=value))
    return one.key


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "0x7f.1"])
def test_a_site_file_leads_to_no_private_address(
    crawler: Crawler, portal: Portal, tmp_path: Path, host: str
) -> None:
    folder = _sites(tmp_path, url=f"http://{host}:{portal.port}")
    done = crawler.run("crawl", "mau", "--sites", folder)
    assert done.returncode == 1, done.stderr
    assert "--base-url" in done.stderr
    assert not list(portal.requests)
    kinds = dict(crawler.rows("SELECT kind, count(*) FROM problems GROUP BY kind"))
    assert kinds["private-address"] >= 4
    assert crawler.one("SELECT outcome FROM runs") == "failed"


def test_a_name_leads_to_no_private_address(
    crawler: Crawler, portal: Portal, tmp_path: Path
) -> None:
    (tmp_path / "sitecustomize.py").write_text(_ADDRESS_INFO)
    folder = _sites(tmp_path, url=f"http://www.quanmau.example:{portal.port}")
    done = crawler.run("crawl", "mau", "--sites", folder, PYTHONPATH=str(tmp_path))
    assert done.returncode == 1, done.stderr
    assert "www.quanmau.example leads to 127.0.0.1, which is loopback" in done.stderr
    assert not list(portal.requests)
    named = ("--base-url", f"http://www.quanmau.example:{portal.port}")
    assert crawler.run("crawl", "demo", *named, PYTHONPATH=str(tmp_path)).returncode == 0


@pytest.mark.parametrize("proxied", [False, True])
def test_a_redirect_leads_to_no_private_address(
    crawler: Crawler, portal: Portal, tmp_path: Path, proxied: bool
) -> None:
    """Not even where the site file names the host, nor by a proxy, which may be on loopback."""
    with Portal(articles=10) as inside:
        place = f"127.0.0.1:{inside.port}"
        key = _one(portal, "redirect_foreign", f"http://{place}")
        folder = _sites(tmp_path, head=f'hosts = ["{place}"]')
        words = ("--sites", folder) if proxied else ("--sites", folder, "--base-url", portal.url)
        proxy = {"http_proxy": portal.url} if proxied else {}
        done = crawler.run("crawl", "mau", *words, **proxy)
        assert done.returncode == 3, done.stderr
        assert not list(inside.requests)
    ((kind, message),) = crawler.rows("SELECT kind, message FROM problems WHERE kind != 'listing'")
    assert kind == "private-address"
    assert place.partition(":")[0] in message
    assert crawler.one("SELECT count(*) FROM articles") == 59
    assert crawler.one("SELECT state FROM frontier WHERE key = ?", f"article:{key}") == "failed"


_NETWORKS = (
    *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
    *("172.16.0.0/12", "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4"),
)
_PRIVATE = st.sampled_from(_NETWORKS).flatmap(lambda one: st.ip_addresses(v=4, network=one))
_SPELLINGS = (
    str,
    lambda ip: str(int(ip)),
    lambda ip: hex(int(ip)),
    lambda ip: f"0{int(ip):o}",
    lambda ip: ".".join(hex(byte) for byte in ip.packed),
    lambda ip: f"{ip.packed[0]}.{int(ip) & 0xFFFFFF}",
    lambda ip: f"[{_within('::ffff:0:0', int(ip))}]",
    lambda ip: f"[{_within('64:ff9b::', int(ip))}]",
    lambda ip: f"[{_within('2002::', int(ip) << 80)}]",
)


def _within(network: str, bits: int) -> IPv6Address:
    return IPv6Address(int(IPv6Address(network)) | bits)


@given(ip=_PRIVATE, spelling=st.sampled_from(_SPELLINGS), port=st.integers(1, 65535))
def test_a_private_address_is_one_in_every_spelling(
    ip: IPv4Address, spelling: str, port: int
) -> None:
    url = URL(f"http://{spelling(ip)}:{port}/", encoded=True)  # type: ignore[operator]
    with pytest.raises(RefusedError, match="--base-url"):
        judge(url, ("127.0.0.1", 0))
    judge(url, (url.raw_host, port))


@given(st.ip_addresses(v=4))
def test_an_address_within_another_is_what_it_leads_to(ip: IPv4Address) -> None:
    number = int(ip)
    within = [
        _within("::ffff:0:0", number),
        _within("64:ff9b::", number),
        _within("2002::", number << 80),
    ]
    assert {kind_of(str(one)) for one in within} == {kind_of(str(ip))}


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "64:ff9b::8.8.8.8"])
def test_a_public_address_is_of_no_kind(address: str) -> None:
    assert kind_of(address) is None


def _trust(portal: Portal, folder: Path) -> dict[str, str]:
    """The environment of a process that takes the portal's certificate for good."""
    (folder / "authorities.pem").write_bytes(portal.certificate)
    return {"SSL_CERT_FILE": str(folder / "authorities.pem")}


@pytest.mark.parametrize(
    ("tls", "allowed", "reason", "cure"),
    [
        (Tls(host="khac.example"), "verified", "not valid for", "unverified"),
        (Tls(since=400), "verified", "certificate has expired", "unverified"),
        (Tls(old=True), "unverified", "it hangs up", "legacy"),
    ],
)
def test_bad_tls_is_refused_with_the_cure(
    crawler: Crawler, tmp_path: Path, tls: Tls, allowed: str, reason: str, cure: str
) -> None:
    with Portal(articles=10, tls=tls) as portal:
        folder = _sites(tmp_path, f'tls = "{allowed}"')
        assert crawler.crawl(portal, "--sites", folder, **_trust(portal, tmp_path)) == 1
        assert not list(portal.requests)
    assert reason in crawler.said
    assert f'tls = "{cure}" under [fetch]' in crawler.said
    assert crawler.one("SELECT count(*) FROM captures") == 0
    assert crawler.one("SELECT outcome FROM runs") == "failed"


@pytest.mark.parametrize(
    ("tls", "allowed", "trusted", "note"),
    [
        (Tls(), "verified", True, None),
        (Tls(), "legacy", True, None),
        (Tls(since=400), "unverified", True, "TLSv1.3, certificate not verified: certificate has"),
        (Tls(), "unverified", False, "TLSv1.3, certificate not verified: self"),
        (Tls(old=True), "legacy", True, "TLSv1, allowed as legacy: it hangs up"),
        (Tls(old=True), "legacy", False, "TLSv1, certificate not verified: self"),
    ],
)
def test_what_was_allowed_is_kept_with_each_capture(
    crawler: Crawler, tmp_path: Path, tls: Tls, allowed: str, trusted: bool, note: str | None
) -> None:
    with Portal(articles=10, tls=tls) as portal:
        folder = _sites(tmp_path, f'tls = "{allowed}"')
        trust = _trust(portal, tmp_path) if trusted else {}
        assert crawler.crawl(portal, "--sites", folder, **trust) == 0, crawler.said
    assert crawler.one("SELECT count(*) FROM articles") == 10
    notes = [note for (note,) in crawler.rows("SELECT DISTINCT tls FROM captures")]
    assert len(notes) == 1
    assert (notes[0] or "").startswith(note or "")
    (file,) = (crawler.data / "warc").iterdir()
    with file.open("rb") as stream:
        heads = [one.rec_headers for one in WarcioIterator(stream) if one.rec_type == "response"]
    version = "tls/1.0" if tls.old else "tls/1.3"
    for head in heads:
        layers = [value for name, value in head.headers if name == "WARC-Protocol"]
        assert layers == ["http/1.1", version]
        assert head["WARC-Cipher-Suite"].startswith("TLS_")
        assert json.loads(head["WARC-JSON-Metadata"] or '{"tls": null}') == {"tls": notes[0]}
    with file.open("rb") as stream:
        records = [dict(one.headers) for one in FastwarcIterator(stream)]
    assert sum("WARC-Cipher-Suite" in one for one in records) == len(heads)
    assert damage(crawler.data) == []


@contextmanager
def _old_server() -> Iterator[int]:
    """A server that knows TLS 1.0 alone, and says so as servers do, by an alert."""
    context, _ = secured(Tls(old=True))

    def serve(link: socket.socket) -> None:
        with suppress(OSError):  # the test has closed it
            while True:
                client, _ = link.accept()
                with client, suppress(OSError):
                    context.wrap_socket(client, server_side=True).close()

    with socket.create_server(("127.0.0.1", 0)) as link:
        Thread(target=serve, args=(link,), daemon=True).start()
        yield link.getsockname()[1]
        link.shutdown(socket.SHUT_RDWR)


def test_a_server_that_knows_old_tls_alone_is_told_from_one_that_is_down(crawler: Crawler) -> None:
    with _old_server() as port:
        done = crawler.run("crawl", "demo", "--base-url", f"https://127.0.0.1:{port}")
    assert done.returncode == 1
    assert "does not agree on safe TLS: " in done.stderr
    assert 'tls = "legacy" under [fetch]' in done.stderr
    assert crawler.one("SELECT count(*) FROM problems WHERE kind = 'tls'") >= 4


@pytest.mark.parametrize(
    ("name", "registered"),
    [
        ("TLS_AES_256_GCM_SHA384", "TLS_AES_256_GCM_SHA384"),
        ("ECDHE-RSA-AES128-GCM-SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
        ("ECDHE-ECDSA-CHACHA20-POLY1305", "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"),
        ("DHE-RSA-AES256-CCM8", "TLS_DHE_RSA_WITH_AES_256_CCM_8"),
        ("ECDHE-ARIA128-GCM-SHA256", "TLS_ECDHE_RSA_WITH_ARIA_128_GCM_SHA256"),
        ("CAMELLIA256-SHA", "TLS_RSA_WITH_CAMELLIA_256_CBC_SHA"),
        ("DES-CBC3-SHA", "TLS_RSA_WITH_3DES_EDE_CBC_SHA"),
        ("EDH-RSA-DES-CBC3-SHA", "TLS_DHE_RSA_WITH_3DES_EDE_CBC_SHA"),
        ("RC4-MD5", "TLS_RSA_WITH_RC4_128_MD5"),
    ],
)
def test_cipher_suites_have_the_names_of_the_registry(name: str, registered: str) -> None:
    assert cipher_suite(name) == registered


@pytest.mark.parametrize("fault", ["throttled", "busy"])
def test_a_portal_that_wants_rest_has_it(
    crawler: Crawler, portal: Portal, tmp_path: Path, fault: str
) -> None:
    portal.weather.add(Weather(fault, "ItemID", times=1, value=2))
    folder = _sites(tmp_path, "concurrency = 1")
    assert crawler.crawl(portal, "--sites", folder) == 0, crawler.said
    moments = [one.at for one in portal.requests]
    first = next(one.at for one in portal.requests if one.wanted.item)
    assert moments[moments.index(first) + 1] >= first + 2
    assert crawler.one("SELECT count(*) FROM articles") == 60


def test_the_rest_outlives_the_process(crawler: Crawler, portal: Portal, tmp_path: Path) -> None:
    portal.weather.add(Weather("throttled", "ItemID", times=1, value=5))
    words = ("--base-url", portal.url, "--sites", _sites(tmp_path, "concurrency = 1"))
    process = crawler.start("crawl", "demo", *words)
    kept = "SELECT count(*) FROM captures WHERE status = 429"
    while not list(portal.requests.matching("ItemID")) or not crawler.one(kept):
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=20)
    assert process.returncode == 130
    asked = list(portal.requests)
    assert crawler.crawl(portal, *words[2:]) == 0, crawler.said
    assert list(portal.requests)[len(asked)].at >= asked[-1].at + 5


def test_a_throttled_portal_loses_no_article(crawler: Crawler, portal: Portal) -> None:
    portal.weather.add(Weather("throttled", "ItemID", times=20, value=1))
    assert crawler.crawl(portal) == 0, crawler.said
    assert crawler.one("SELECT count(*) FROM articles") == 60


def test_a_portal_that_wants_rest_for_ever_is_left_alone(crawler: Crawler, portal: Portal) -> None:
    portal.weather.add(Weather("busy", lambda asked: "robots" not in asked.line, value=1))
    assert crawler.crawl(portal) == 3
    assert "the portal wants rest again and again" in crawler.said
    assert crawler.one("SELECT count(*) FROM problems WHERE kind = 'resting'") == 1
    assert len(portal.requests) <= 1 + 5 * 8
    portal.weather.clear()
    assert crawler.crawl(portal) == 0, crawler.said
    assert crawler.one("SELECT count(*) FROM articles") == 60


def test_runs_with_a_ceiling_come_to_the_end_that_one_run_has(
    crawler: Crawler, portal: Portal, tmp_path: Path
) -> None:
    for _ in range(20):
        portal.requests.clear()
        assert crawler.crawl(portal, "--max-requests", "12") == 0, crawler.said
        assert len(portal.requests) <= 12
        outcome, ending = crawler.rows("SELECT outcome, ending FROM runs ORDER BY id DESC")[0]
        if outcome == "complete":
            break
        assert (outcome, ending) == ("incomplete", "ceiling")
        assert "the ceiling of requests was reached (12 requests)" in crawler.said
    assert outcome == "complete"
    assert crawler.one("SELECT count(*) FROM runs") > 5
    calm = Crawler(tmp_path / "calm")
    assert calm.crawl(portal) == 0
    assert snapshot(crawler.data) == snapshot(calm.data)
    portal.requests.clear()
    assert crawler.crawl(portal) == 0
    assert "nothing new" in crawler.said


def test_a_ceiling_of_the_site_file_is_not_as_asked(
    crawler: Crawler, portal: Portal, tmp_path: Path
) -> None:
    folder = _sites(tmp_path, "most_requests = 12")
    for most, code, requests in ((None, 3, 12), ("20", 3, 12), ("9", 0, 9)):
        portal.requests.clear()
        words = ("--max-requests", most) if most else ()
        assert crawler.crawl(portal, "--sites", folder, *words) == code
        assert len(portal.requests) == requests
    assert crawler.crawl(portal) == 0, crawler.said
    assert crawler.one("SELECT count(*) FROM articles") == 60


def test_a_slow_portal_is_asked_one_by_one(crawler: Crawler, tmp_path: Path) -> None:
    with Portal(articles=24, weather=[Weather("slow", "ItemID", value=0.3)]) as portal:
        folder = _sites(tmp_path, "autothrottle = true")
        assert crawler.crawl(portal, "--sites", folder) == 0, crawler.said
        moments = [one.at for one in portal.requests if one.wanted.item]
    assert len(moments) == 24
    assert moments[-1] - moments[8] > 0.15 * (24 - 9)  # else eight at once, in half of that


def test_a_failing_portal_is_asked_ever_more_slowly(crawler: Crawler, tmp_path: Path) -> None:
    with Portal(articles=20, weather=[Weather("error", "Source", times=3)]) as portal:
        folder = _sites(tmp_path, "autothrottle = true\nconcurrency = 1")
        assert crawler.crawl(portal, "--sites", folder) == 0, crawler.said
        moments = [one.at for one in portal.requests.matching("Source")]
    gaps = [after - before for before, after in pairwise(moments)]
    assert gaps[0] > 0.9
    assert gaps[1] > 1.9
    assert gaps[2] > 3.9


@pytest.mark.parametrize("throttle", ["true", "false"])
def test_the_delay_is_never_shorter_than_robots_txt_wants(
    crawler: Crawler, portal: Portal, tmp_path: Path, throttle: str
) -> None:
    portal.weather.add(Weather("crawl_delay", "robots.txt", value=0.3))
    folder = _sites(tmp_path, f"autothrottle = {throttle}")
    assert crawler.crawl(portal, "--sites", folder, "--limit", "4") == 0, crawler.said
    moments = [one.at for one in portal.requests][1:]
    assert moments[-1] - moments[0] > 0.29 * (len(moments) - 1)


def test_a_portal_that_takes_no_connection(crawler: Crawler, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as link, suppress(BlockingIOError):
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:  # they fill the line, and nobody lets them in
            one.setblocking(False)
            one.connect_ex(link.getsockname())
        words = ("--sites", _sites(tmp_path, "timeout = 1"))
        base = f"http://127.0.0.1:{link.getsockname()[1]}"
        done = crawler.run("crawl", "demo", "--base-url", base, *words)
        for one in waiting:
            one.close()
    assert done.returncode == 1
    assert "no answer within 1 seconds" in done.stderr
    assert crawler.one("SELECT outcome FROM runs") == "failed"


@pytest.mark.parametrize(
    ("fault", "problem", "message", "captured"),
    [
        ("hang", "unreachable", "no answer within 1 seconds", False),
        ("long_length", "truncated", "the page's end did not come in time", True),
        ("short_length", "unreachable", "the answer is not as HTTP wants it", False),
    ],
)
def test_an_answer_that_is_no_whole_one(
    crawler: Crawler,
    portal: Portal,
    tmp_path: Path,
    fault: str,
    problem: str,
    message: str,
    captured: bool,
) -> None:
    key = _one(portal, fault)
    assert crawler.crawl(portal, "--sites", _sites(tmp_path, "timeout = 1")) == 3, crawler.said
    query = "SELECT message, capture_id IS NOT NULL FROM problems WHERE kind = ?"
    ((said, has_capture),) = crawler.rows(query, problem)
    assert said.startswith(message)
    assert bool(has_capture) is captured
    assert crawler.one("SELECT count(*) FROM articles WHERE key = ?", key) == 0
    assert crawler.one("SELECT count(*) FROM articles") == 59
    portal.weather.clear()
    assert crawler.crawl(portal) == 0, crawler.said
