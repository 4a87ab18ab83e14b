"""govnews: the archive of record for government news.

Public: `Collection`, `load_site`, `read_page`; each is loaded when it is first asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from govnews.collection import Collection
    from govnews.extract import read_page
    from govnews.sites import load_site

    __version__: str

__all__ = ["Collection", "__version__", "load_site", "read_page"]

_HOMES = {
    "Collection": "govnews.collection",
    "load_site": "govnews.sites",
    "read_page": "govnews.extract",
}


def __getattr__(name: str) -> object:
    if name == "__version__":
        return import_module("importlib.metadata").version("govnews")
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
