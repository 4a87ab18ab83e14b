"""The spider loader: each site file is a spider of its name."""

from __future__ import annotations

from typing import Self

from scrapy import Request, Spider
from scrapy.settings import BaseSettings

from govnews.errors import UsageError
from govnews.sites import list_sites, load_site
from govnews.spiders.portal import spider_for


class SiteLoader:
    """What `scrapy list` and `scrapy crawl` ask for spiders."""

    def __init__(self, settings: BaseSettings) -> None:
        self._folder: str | None = settings.get("GOVNEWS_SITES")
        self._base_url: str | None = settings.get("GOVNEWS_BASE_URL")

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> Self:
        """Scrapy's way to make one."""
        return cls(settings)

    def load(self, spider_name: str) -> type[Spider]:
        """The spider of a site; raises KeyError for a name that is none."""
        try:
            site = load_site(spider_name, self._folder)
        except UsageError as error:
            raise KeyError(str(error)) from None
        return spider_for(site.at(self._base_url))

    def list(self) -> list[str]:
        """The names of all sites that can be crawled."""
        names = list_sites(self._folder)
        return [name for name in names if load_site(name, self._folder).listings]

    def find_by_request(self, request: Request) -> list[str]:  # type: ignore[valid-type]
        """The sites that an address belongs to."""
        names = self.list()
        return [name for name in names if load_site(name, self._folder).covers(request.url)]
