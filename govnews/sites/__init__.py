"""Sites: one TOML file a portal, and the strict loader."""

from govnews.sites.loader import as_xpath, list_sites, load_site
from govnews.sites.site import Site

__all__ = ["Site", "as_xpath", "list_sites", "load_site"]
