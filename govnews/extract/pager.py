"""A listing's pager: the way to the following page, found by what it says and where it leads.

Of all that looks like a pager the one counts that leads to other pages of this listing and stands
nearest to its items. One that leads nowhere proves nothing, for picture shows look the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import NamedTuple

from lxml import etree

from govnews.extract.addresses import counts_on, is_before, page_in_address
from govnews.extract.bars import Bar, find_boxes, position_in, read_bar
from govnews.extract.clicks import Click, click_on, request
from govnews.extract.controls import Control, is_hidden, read_controls
from govnews.extract.labels import LONGEST, Label, label_of, parts_of
from govnews.extract.page import Page, select
from govnews.extract.text import words_of
from govnews.extract.urls import absolute
from govnews.items import Pager, Target

_VAGUE = (Label.ONWARD, Label.FORWARD, Label.FAR)
_TITLE, _LIST, _MOST, _OWN = 15, 2, 1000, 2


class Way(NamedTuple):
    """The request that leads to the following page, and what the pager says of its length."""

    next: Target | None
    pager: Pager | None


class _Place(NamedTuple):
    """Where a box stands beside the listing's items, best first: `strange` in a list of other
    news; how far one has to climb from the items to find it below; above them."""

    strange: bool
    distance: int
    above: bool


def find_pager(page: Page, run: etree._Element | None = None) -> Way:
    """The pager of a listing whose items stand in `run`; neither where a page shows none."""
    way, sure = _best(page, run)
    target = _by_selector(page) or way.next or (None if sure else _declared(page))
    if target is None or way.next is not None:
        return way._replace(next=target)
    pager = way.pager or Pager(page_in_address(page.url))
    return Way(target, Pager(pager.current, pager.last, True, pager.numbered))


def _best(page: Page, run: etree._Element | None) -> tuple[Way, bool]:
    """The first pager that leads on or shows that there is no more, and whether it does."""
    found = Way(None, None)
    for bar in _bars(page, run):
        way, sure = _read(page, bar)
        if way.next is not None or sure:
            return way, True
        if found.pager is None:
            found = way
    if found.pager is None:
        texts = (line.text for line in page.lines if len(line.text) < LONGEST)
        told = next(filter(None, map(position_in, texts)), None)
        found = Way(None, Pager(*told, numbered=True) if told else None)
    return found, False


def _by_selector(page: Page) -> Target | None:
    """What the site's selector for the next page leads to."""
    for match in select(page.root, *page.site.pager.next):
        element = match.element
        inner = None if element is None else next(element.iter("a", "input", "button"), element)
        click = click_on(page, inner) if inner is not None else None
        if click is not None and (click.form is not None or click.url != page.url):
            return request(page, click)
    return None


def _declared(page: Page) -> Target | None:
    """The page that `rel=next` names."""
    for element in page.root.iter("link", "a"):
        if "next" in (element.get("rel") or "").lower().split():
            url = absolute(page.base, element.get("href") or "", page.site)
            seen = not any(map(is_hidden, (element, *element.iterancestors())))
            if seen and url and url != page.url and (page.site.generic or not page.site.key(url)):
                return Target(url)
    return None


def _bars(page: Page, run: etree._Element | None) -> Iterator[Bar]:
    """The page's pagers, the likeliest first."""
    controls = list(read_controls(page))
    known = {control.element: control for control in controls}
    around = {} if run is None else {e: n for n, e in enumerate([run, *run.iterancestors()])}
    above = {earlier for e in around for earlier in e.itersiblings(preceding=True)}
    articles = {link.element for link in page.links if link.key}
    boxes = {}
    for box, inside in find_boxes(page, controls).items():
        place = _place(box, around, above, articles)
        if place is not None:
            boxes[box] = _doubts(inside, place)
    for box in sorted(boxes, key=lambda box: boxes[box]):
        yield read_bar(box, known)


def _doubts(controls: list[Control], place: _Place) -> tuple[bool, bool, bool, int, int, bool]:
    """What speaks against a pager of these controls, the weightiest first."""
    live = [control for control in controls if control.click is not None]
    vague = all(control.label is Label.ONWARD for control in live)
    kin = max((control.kin for control in live), default=0)
    return not live, vague, place.strange, -kin, place.distance, place.above


def _place(
    box: etree._Element,
    around: dict[etree._Element, int],
    above: set[etree._Element],
    articles: set[etree._Element],
) -> _Place | None:
    """Where a box stands, None where it ends a list of something else than news."""
    strange, below = False, box
    for outer in (box, *box.iterancestors()):
        if outer in around:
            return _Place(strange, around[outer], below in above)
        if around and outer is not box:
            titles = [link in articles for link in _titles(outer, box)]
            if len(titles) >= _LIST and not any(titles):
                return None
            strange = strange or len(titles) >= _LIST
        below = outer
    return _Place(strange, len(around), False)


def _titles(outer: etree._Element, box: etree._Element) -> Iterator[etree._Element]:
    """The links within an element that are as long as titles and stand before a box in it."""
    for element in islice(outer.iter("*"), _MOST):
        if element is box:
            return
        if element.tag == "a" and _is_title(element):
            yield element


def _is_title(link: etree._Element) -> bool:
    text = words_of(link)
    return link.get("href") is not None and len(text) >= _TITLE and label_of(text) is None


def _read(page: Page, bar: Bar) -> tuple[Way, bool]:
    """What a bar says, and whether that is sure."""
    if bar.alone is not None:
        target = _first(page, bar.controls[bar.alone :])
        last = None if target else bar.current
        return Way(target, Pager(bar.current, last, target is not None, numbered=True)), True
    if not (bar.numbers or _speaks(page, bar)):
        return Way(None, None), False
    current = bar.current if bar.current is not None else _assumed(page, bar)
    over = bar.ended or (bar.last is not None and current is not None and current >= bar.last)
    target = None if over else _following(page, bar, current)
    beyond = [n.value for n in bar.numbers if n.control and current and n.value > current]
    live = any(control.click is not None for control in bar.controls)
    sure = over or (live and not beyond and (current is not None or not bar.numbers))
    numbered = bool(bar.numbers) or bar.last is not None
    last = _last(bar, current, target, beyond)
    return Way(target, Pager(current, last, target is not None, numbered)), sure


def _speaks(page: Page, bar: Bar) -> bool:
    """Whether a bar without numbers is a pager: it says so in words, or has arrows both ways or
    beside a position, and is no picture show, whose arrows lead nowhere."""
    said = {control.label for control in bar.controls}
    if Label.NEXT in said and not (bar.mixed and len(said) == 1 and not _says_page(bar)):
        return True
    live = [control for control in bar.controls if control.click is not None]
    arrows = len(said & {Label.BACK, Label.FORWARD, Label.FAR, Label.LAST}) > 1
    if live and (arrows or (bar.last is not None and bool(said))):
        return True
    back = any(control.label is Label.BACK and control.kin > _OWN for control in live)
    return back or any(_goes_on(page, control) for control in live)


def _says_page(bar: Bar) -> bool:
    """Whether a bar's words are of pages and nothing else."""
    words = (parts_of(words_of(control.element)) for control in bar.controls)
    return any(word & {"trang", "page"} for word in words)


def _goes_on(page: Page, control: Control) -> bool:
    """Whether a word or sign that may mean much leads to this listing's address, counted on."""
    if control.label not in _VAGUE or control.click is None or control.kin < _OWN:
        return False
    target = request(page, control.click)
    return target is not None and target.method == "GET" and counts_on(page.url, target.url)


def _assumed(page: Page, bar: Bar) -> int | None:
    """The current page where the pager marks none: the one that the address names, or the first
    where that alone is no link."""
    stated = page_in_address(page.url)
    for control in bar.linked:
        url = control.click.url if control.click and control.click.form is None else None
        if url and stated is not None and stated == page_in_address(url):
            return control.number
    if stated is not None:
        return stated
    first = next(iter(bar.linked), None)
    scripted = any(c.click is not None and c.click.form is not None for c in bar.linked)
    return 1 if first is not None and (first.number == 2 or not scripted) else None


def _following(page: Page, bar: Bar, current: int | None) -> Target | None:
    """The next number, or else the dots behind the last, or else the word or arrow."""
    words = [control for control in _worded(page, bar) if _leads_on(page, bar, control, current)]
    if current is None:
        return _first(page, words)
    after = [n.control for n in bar.numbers if n.control and n.value == current + 1]
    beyond = any(number.control and number.value > current for number in bar.numbers)
    dots = [] if beyond else _dots(bar)
    return _first(page, chain(after, dots, words))


def _dots(bar: Bar) -> list[Control]:
    """The dots behind the last number."""
    last = max((n for n, c in enumerate(bar.controls) if c.label is Label.NUMBER), default=-1)
    return [c for c in bar.controls[last + 1 :] if c.label is Label.MORE]


def _worded(page: Page, bar: Bar) -> list[Control]:
    """The words and arrows that lead on; `»` only where no single arrow is shown."""
    for labels in ((Label.NEXT, Label.FORWARD), (Label.FAR,)):
        found = [control for label in labels for control in bar.controls if control.label is label]
        if found:
            return found
    return [control for control in bar.controls if _goes_on(page, control)]


def _leads_on(page: Page, bar: Bar, control: Control, current: int | None) -> bool:
    """Whether a word or arrow leads to no page that the bar or its address shows to be before."""
    click = control.click
    if click is None or (click.form is None and is_before(page.url, click.url)):
        return False
    known = [n for n in bar.numbers if n.control and current is not None and n.value <= current]
    if any(number.control and number.control.click == click for number in known):
        return False
    page_sent = _page_sent(click)
    counted = all(_page_sent(c.click) == c.number for c in bar.linked if c.click)
    return not (page_sent and current and counted and bar.linked and page_sent <= current)


def _page_sent(click: Click) -> int | None:
    """The number that a postback has for its argument."""
    argument = click.event[1] if click.event else ""
    return int(argument) if argument.isdecimal() else None


def _first(page: Page, controls: Iterable[Control]) -> Target | None:
    clicks = (control.click for control in controls if control.click is not None)
    return next(filter(None, (request(page, click) for click in clicks)), None)


def _last(bar: Bar, current: int | None, target: Target | None, beyond: list[int]) -> int | None:
    """The number of the last page, where the pager shows it."""
    if bar.last is not None:
        return bar.last
    numbers = [number.value for number in bar.numbers if number.control is not None]
    if target is None:
        shown = [c.number for c in bar.linked if c.may_lead_on and (c.number or 0) > (current or 0)]
        return max(filter(None, shown), default=current)
    known = [control.click for control in bar.linked]
    ends = (c for c in bar.controls if c.label in (Label.MORE, Label.FAR, Label.LAST))
    more = any(end.click not in known for end in ends)
    return max(numbers) if numbers and not more else None
