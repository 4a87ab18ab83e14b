"""What a saved page tells besides its fields: the rules, and what is no article."""

from __future__ import annotations

import json
from pathlib import Path

from extract.pages import SITE_PAGES

from govnews.extract import read_page
from govnews.sites import load_site

PAGES = sorted(SITE_PAGES.glob("*/*.html"))


def read(page: Path):
    expected = json.loads(page.with_suffix(".json").read_text("utf-8"))
    site = load_site(page.parent.name)
    return expected, read_page(page.read_bytes(), url=expected["url"], site=site)


def test_evidence_tells_the_rule_of_each_field():
    _, reading = read(SITE_PAGES / "quan1" / "reading-room.html")
    assert {entry.field: (entry.rule, entry.certainty) for entry in reading.evidence} == {
        "title": ("line-below-category", "inferred"),
        "summary": ("first-paragraph-bold", "inferred"),
        "body": ('xpath://div[starts-with(@class, "ExternalClass")]', "stated"),
        "author": ("last-line", "inferred"),
        "section": ("address", "stated"),
        "language": ("site", "stated"),
    }


def test_media_of_the_article_have_their_captions():
    _, reading = read(SITE_PAGES / "quan1" / "reading-room.html")
    assert [(m.kind, m.url[-13:], m.title) for m in reading.article.media] == [
        ("image", "phong-doc.jpg", "Một góc phòng đọc trong ngày đầu.")
    ]


def test_the_menu_leads_to_listings_and_the_pager_to_none():
    _, reading = read(SITE_PAGES / "quan1" / "reading-room.html")
    assert [(lead.kind, lead.title) for lead in reading.leads] == [("listing", "Tin tức")]
    _, listing = read(SITE_PAGES / "quan1" / "listing.html")
    assert listing.leads == ()


def test_places_tell_the_listing_from_the_sidebar():
    _, listing = read(SITE_PAGES / "quan1" / "listing.html")
    assert [m.place for m in listing.mentions] == ["listing", "listing", "listing", "link"]
    _, article = read(SITE_PAGES / "quan1" / "reading-room.html")
    assert [m.place for m in article.mentions] == ["related", "related", "link"]
