"""Pure page to Reading: no network, no clock, no database."""

from govnews.extract.reading import read_page

__all__ = ["read_page"]
