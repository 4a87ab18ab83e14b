"""Site files: every one has saved pages that read as reviewed, and a wrong one is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from govnews.cli.readings import check_site
from govnews.errors import SiteFileError, UsageError
from govnews.sites import list_sites, load_site

GOOD = """
name = "Phường Mẫu"
listings = ["http://www.phuongmau.example/tin-tuc"]
article = '/tin-tuc/[^/]+-\\d+\\.html$'
"""


@pytest.mark.parametrize("name", list_sites())
def test_saved_pages_read_as_reviewed(name: str) -> None:
    """A site without a saved page fails here, with the place to put one."""
    for checked in check_site(name, None):
        assert checked.differences == (), checked.page


def _write(folder: Path, text: str, name: str = "mau") -> Path:
    (folder / f"{name}.toml").write_text(text, "utf-8")
    return folder


def test_a_few_lines_make_a_site(tmp_path: Path) -> None:
    site = load_site("mau", _write(tmp_path, GOOD))
    assert site.url == "http://www.phuongmau.example/"
    assert site.key("http://phuongmau.example/tin-tuc/le-hoi-12.html?utm_source=x") == (
        "tin-tuc/le-hoi-12.html"
    )
    assert site.key("http://www.phuongmau.example/gioi-thieu") is None
    assert site.key("http://elsewhere.example/tin-tuc/le-hoi-12.html") is None
    assert site.is_listing("http://www.phuongmau.example/tin-tuc")


def test_own_files_add_to_the_bundled_ones_and_override_them(tmp_path: Path) -> None:
    _write(tmp_path, GOOD)
    _write(tmp_path, GOOD.replace("Phường Mẫu", "Mine"), "quan1")
    assert {"mau", "demo", "quan1", "any"} <= set(list_sites(tmp_path))
    assert load_site("quan1", tmp_path).name == "Mine"
    assert load_site("quan1").name != "Mine"


def test_a_family_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "families").mkdir()
    (tmp_path / "families" / "ward.toml").write_text('language = "vi"\n[fetch]\ndelay = 3\n')
    site = load_site("mau", _write(tmp_path, f'family = "ward"\n{GOOD}\n[fetch]\ntimeout = 9\n'))
    assert (site.language, site.fetch.delay, site.fetch.timeout) == ("vi", 3.0, 9.0)


@pytest.mark.parametrize(
    ("line", "key", "cure"),
    [
        ("nmae = 'x'", "nmae", "name"),
        ("[fetch]\ndelya = 1", "fetch.delya", "Did you mean delay?"),
        ("[fetch]\ndelay = '1'", "fetch.delay", "a number"),
        ("[fetch]\ndelay = -1", "fetch.delay", "0 or more"),
        ("[fetch]\nconcurrency = 0", "fetch.concurrency", "1 or more"),
        ("[fetch]\nconcurrency = true", "fetch.concurrency", "a whole number"),
        ("[fetch]\nmost_requests = 1", "fetch.most_requests", "robots.txt is the first"),
        ("[fetch]\ntls = 'none'", "fetch.tls", "verified, unverified, legacy"),
        ("[fields]\ntitle = 'h1['", "fields.title", "CSS"),
        ("[fields]\ntitle = 'xpath://h1['", "fields.title", "XPath"),
        ("[fields]\ntitle = 3", "fields.title", "a list of texts"),
        ("[fields]\ntitle = ''", "fields.title", "leave the key out"),
        ("[listing]\npath = '('", "listing.path", "position"),
        ("timezone = 'Asia/Saigonn'", "timezone", "Asia/Ho_Chi_Minh"),
        ("ended = 'soon'", "ended", "2025-07-01"),
        ("hosts = 'a', 'b'", "", "that line"),
        ("family = 'unknown'", "family", "lacviet-sharepoint"),
        ("url = 'ftp://x.example'", "url", "http://"),
        ("[expect]\ntitle = 3", "expect.title", "0 to 1"),
    ],
)
def test_a_wrong_file_is_refused_by_file_key_and_cure(
    tmp_path: Path, line: str, key: str, cure: str
) -> None:
    lines = GOOD if line.startswith("[") else f"{line}\n{GOOD}"
    text = f"{lines}\n{line}" if line.startswith("[") else lines
    with pytest.raises(SiteFileError) as refused:
        load_site("mau", _write(tmp_path, text))
    assert "mau.toml" in str(refused.value)
    assert refused.value.key == key
    assert cure in str(refused.value)


@pytest.mark.parametrize(
    ("article", "key", "cure"),
    [
        ("path = '('", "article.path", "position"),
        ("path = 'x'\nkey = '{item}'", "article.key", "Known here: none"),
        ("path = '(?P<a>x)'\nkey = '{b}'", "article.key", "Known here: a"),
        ("path = 'x'\nkey = '{'", "article.key", "braces"),
    ],
)
def test_a_wrong_address_rule_is_refused(tmp_path: Path, article: str, key: str, cure: str) -> None:
    text = f'name = "x"\nlistings = ["http://x.example/"]\n[article]\n{article}\n'
    with pytest.raises(SiteFileError, match=cure) as refused:
        load_site("mau", _write(tmp_path, text))
    assert refused.value.key == key


def test_names_that_are_no_site(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="quan1"):
        load_site("quan-1")
    with pytest.raises(SiteFileError, match="small letters"):
        load_site("Quận 1", _write(tmp_path, GOOD, "Quận 1"))
    with pytest.raises(UsageError, match="no such folder"):
        load_site("mau", tmp_path / "missing")


CASES = st.sampled_from([str.lower, str.upper, str.title, str])
CATEGORIES = st.sampled_from(
    [
        "Tin+t%E1%BB%A9c",
        "C%E1%BA%A3i%20c%C3%A1ch",
        "V%C4%83n+h%C3%B3a+%E2%80%93+X%C3%A3+h%E1%BB%99i",
    ]
)


@given(
    subsite=st.sampled_from(["tintuc", "thongbao", "a/b"]),
    item=st.integers(1, 10**6),
    category=CATEGORIES,
    case=CASES,
    order=st.permutations([0, 1, 2, 3]),
    name=st.sampled_from(["ItemID", "itemid", "ID"]),
)
def test_one_article_has_one_identity(
    subsite: str, item: int, category: str, case: object, order: list[int], name: str
) -> None:
    site = load_site("quan1")
    parts = [f"Source=/{subsite}", f"Category={category}", f"{name}={item}", "Mode=1"]
    path = case(f"/{subsite}/lists/posts/post.aspx")  # type: ignore[operator]
    query = "&".join(parts[place] for place in order)
    assert site.key(f"http://www.quan1.hochiminhcity.gov.vn{path}?{query}") == f"{subsite}/{item}"
    assert site.key(f"http://quan1.hochiminhcity.gov.vn:80{path}?ItemID={item}") == (
        f"{subsite}/{item}"
    )


@given(st.text())
@example("//[")
@example("http://[")
@example("http://x.example:port/")
def test_no_address_whatever_raises(text: str) -> None:
    for name in ("quan1", "any"):
        site = load_site(name)
        site.key(text)
        site.is_listing(text)
        site.own(text)
        site.key(f"http://www.quan1.hochiminhcity.gov.vn/{text}")
