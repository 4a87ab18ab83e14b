"""Scrapy's settings: polite, exact, and without the stock parts that lose pages.

Redirects, retries and duplicates are the frontier's business; compression is undone by the
keeper, after the evidence is saved; so the stock middlewares for them are off.
"""

from __future__ import annotations

import os
from importlib.metadata import version
from typing import Any

CONTACT = os.environ.get("GOVNEWS_CONTACT", "")

BOT_NAME = "govnews"
USER_AGENT = (
    f"govnews/{version('govnews')} (archive of government news{CONTACT and f'; +{CONTACT}'})"
)

SPIDER_LOADER_CLASS = "govnews.spiders.loader.SiteLoader"
SCHEDULER = "govnews.scheduler.FrontierScheduler"
ITEM_PIPELINES = {"govnews.pipelines.KeepPipeline": 100}

DOWNLOAD_HANDLERS: dict[str, str | None] = {
    "http": "govnews.downloader.EvidenceHandler",
    "https": "govnews.downloader.EvidenceHandler",
    "data": None,
    "file": None,
    "ftp": None,
    "s3": None,
}
_STOCK = "scrapy.downloadermiddlewares"
DOWNLOADER_MIDDLEWARES: dict[str, int | None] = {
    "govnews.middlewares.RobotsMiddleware": 100,
    "govnews.middlewares.CookieMiddleware": 700,
    f"{_STOCK}.offsite.OffsiteMiddleware": None,
    f"{_STOCK}.robotstxt.RobotsTxtMiddleware": None,
    f"{_STOCK}.httpauth.HttpAuthMiddleware": None,
    f"{_STOCK}.defaultheaders.DefaultHeadersMiddleware": None,
    f"{_STOCK}.useragent.UserAgentMiddleware": None,
    f"{_STOCK}.retry.RetryMiddleware": None,
    f"{_STOCK}.redirect.MetaRefreshMiddleware": None,
    f"{_STOCK}.redirect.RedirectMiddleware": None,
    f"{_STOCK}.httpcompression.HttpCompressionMiddleware": None,
    f"{_STOCK}.cookies.CookiesMiddleware": None,
    f"{_STOCK}.httpcache.HttpCacheMiddleware": None,
    f"{_STOCK}.stats.DownloaderStats": None,
}
SPIDER_MIDDLEWARES_BASE: dict[str, int | None] = {}
STATS_CLASS = "scrapy.statscollectors.DummyStatsCollector"
EXTENSIONS_BASE: dict[str, int | None] = {}

ROBOTSTXT_OBEY = True
TWISTED_REACTOR_ENABLED = False
REMOTE_CONTROL_ENABLED = False
TELNETCONSOLE_ENABLED = False
CONCURRENT_ITEMS = 1
DOWNLOAD_DELAY_JITTER = 0
DOWNLOAD_MAXSIZE = 50_000_000
LOG_LEVEL = "WARNING"

GOVNEWS_DATA = os.environ.get("GOVNEWS_DATA", "data")
GOVNEWS_SITES = os.environ.get("GOVNEWS_SITES")
GOVNEWS_BASE_URL: str | None = None
GOVNEWS_MAX_REQUESTS = 0
GOVNEWS_OPTIONS: dict[str, Any] = {}
