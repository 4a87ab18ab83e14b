"""The way through a listing: page numbers a window at a time, sealed into hidden fields.

As in ASP.NET the server keeps nothing: what page a postback comes from, and so what its
event means, stands in the __VIEWSTATE that it brings along. Each is chained to the one it
was reached from.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import blake2b
from typing import Final

from govnews.demo.addresses import Category
from govnews.demo.world import World

GENERATOR: Final = "5A1C8B37"
CLIENT_STATE: Final = "ctl00_m_g_date_ctl00_RadDatePicker1_ClientState"
HIDDEN: Final = (
    "__EVENTTARGET",
    "__EVENTARGUMENT",
    "__REQUESTDIGEST",
    "__VIEWSTATE",
    "__VIEWSTATEGENERATOR",
    "__EVENTVALIDATION",
    "MSOTlPn_View",
    CLIENT_STATE,
)


class PostbackError(Exception):
    """A form that this page cannot have sent; the message is ASP.NET's."""


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a listing: `items` newest first; without a `pager` nothing leads on."""

    category: Category
    page: int
    last: int
    items: tuple[int, ...]
    style: str
    window: int
    chain: str = ""
    pager: bool = True


@dataclass(frozen=True, slots=True)
class Step:
    """A link of the pager, and the page that it leads to."""

    label: str
    page: int
    target: str
    argument: str


@dataclass(frozen=True, slots=True)
class State:
    """What a __VIEWSTATE holds."""

    address: str
    page: int
    last: int
    chain: str


def turn(world: World, category: Category, page: int, chain: str = "") -> Listing:
    """The listing's page `page`, counted from 1; past the end it is empty."""
    shelf, host = world.shelf(category), world.host
    end = len(shelf) - (page - 1) * host.per_page
    items = shelf[max(0, end - host.per_page) : max(0, end)][::-1]
    last = min(host.reach, max(1, -(-len(shelf) // host.per_page)))
    style = category.pager or host.pager
    return Listing(category, page, last, tuple(items), style, host.window, chain)


def steps(page: int, last: int, window: int, style: str) -> list[Step]:
    """The links beside the current page; `...` leads into the window before or behind."""
    first = (page - 1) // window * window + 1
    pages = [(str(number), number) for number in range(first, min(first + window, last + 1))]
    if first > 1:
        pages.insert(0, ("...", first - 1))
    if first + window <= last:
        pages.append(("...", first + window))
    return [Step(label, number, *_event(style, at, number))
            for at, (label, number) in enumerate(pages) if number != page]  # fmt: skip


def _event(style: str, at: int, page: int) -> tuple[str, str]:
    if style == "grid":
        return "ctl00$m$g_posts$ctl00$grvPosts", f"Page${page}"
    # By place, not by page: the same control means another page in the next window.
    return f"ctl00$m$g_posts$ctl00$rptPager$ctl{at:02d}$lnkPage", ""


def seal(listing: Listing) -> tuple[str, str]:
    """The __VIEWSTATE and __EVENTVALIDATION of a page."""
    state = State(listing.category.address, listing.page, listing.last, listing.chain)
    inside = json.dumps(asdict(state)).encode()
    viewstate = b64encode(b"\xff\x01\x0f" + inside + _mac(inside)).decode()
    return viewstate, b64encode(b"\xff\x01\x16" + _mac(viewstate.encode())).decode()


def follow(form: Mapping[str, str], world: World, category: Category) -> Listing:
    """The page that a postback leads to.

    Raises PostbackError where a hidden field is absent, where the state is not one that
    this listing gave out, and where its page had no such link.
    """
    absent = [name for name in HIDDEN if name not in form]
    if absent or not form["__REQUESTDIGEST"].startswith("0x"):
        raise PostbackError("The security validation for this page is invalid.")
    state = _unseal(form)
    if state.address != category.address or form["__VIEWSTATEGENERATOR"] != GENERATOR:
        raise PostbackError("Validation of viewstate MAC failed.")
    style = category.pager or world.host.pager
    event = form["__EVENTTARGET"], form["__EVENTARGUMENT"]
    for step in steps(state.page, state.last, world.host.window, style):
        if (step.target, step.argument) == event:
            chain = _mac(form["__VIEWSTATE"].encode()).hex()
            return turn(world, category, step.page, chain)
    raise PostbackError("Invalid postback or callback argument.")


def _unseal(form: Mapping[str, str]) -> State:
    viewstate = form["__VIEWSTATE"]
    try:
        inside = b64decode(viewstate, validate=True)[3:]
        validation = b64decode(form["__EVENTVALIDATION"], validate=True)[3:]
        state, mac = inside[:-8], inside[-8:]
        if _mac(state) != mac or validation != _mac(viewstate.encode()):
            raise ValueError("another page's state")
        return State(**json.loads(state))
    except ValueError as error:
        raise PostbackError("Validation of viewstate MAC failed.") from error


def _mac(data: bytes) -> bytes:
    return blake2b(data, digest_size=8, key=b"govnews demo").digest()
