"""Clicks: the request that following a link, pressing a button or choosing an option makes."""

from __future__ import annotations

from typing import NamedTuple

from lxml import etree

from govnews.extract.forms import (
    form_of,
    goal_of,
    is_stateful,
    main_form,
    method_of,
    send,
    successful,
    value_of,
)
from govnews.extract.page import Page
from govnews.extract.scripts import Action, action_of
from govnews.extract.urls import absolute
from govnews.items import Target


class Click(NamedTuple):
    """What a click asks for: an address alone, or a form sent to it.

    `event` is the target and the argument of a postback; `by` the button that is pressed or the
    option that is chosen; `bound` says that the page's own form is sent back to it, or to where
    the script says.
    """

    url: str
    form: etree._Element | None = None
    method: str = "GET"
    event: tuple[str, str] | None = None
    by: etree._Element | None = None
    bound: bool = False


def click_on(page: Page, element: etree._Element) -> Click | None:
    """What a click on an element asks for; None where that is nothing, or can't be known."""
    if is_disabled(element):
        return None
    if element.tag == "option":
        return _choice(page, element)
    action = action_of(element.get("onclick") or "")
    if action and action.does == "nothing":
        return None
    action = action or action_of(element.get("href") or "")
    if action and action.does != "press":
        return _scripted(page, action)
    if is_button(element):
        return _press(page, element, action)
    href = element.get("href")
    return _going(page, href) if href else None


def request(page: Page, click: Click) -> Target | None:
    """The request of a click, with all the fields that a browser would send."""
    if click.form is None:
        return Target(click.url)
    fields = list(successful(page, click.form, click.by, click.by))
    if click.event:
        told = dict(zip(("__EVENTTARGET", "__EVENTARGUMENT"), click.event, strict=True))
        known = {name for name, _ in fields}
        added = [pair for pair in told.items() if pair[0] not in known]
        fields = added + [(name, told.get(name, value)) for name, value in fields]
    return send(page, click.form, tuple(fields), click.url, click.method)


def is_button(element: etree._Element) -> bool:
    """Whether an element sends its form when it is pressed."""
    if element.tag == "button":
        return (element.get("type") or "submit").strip().lower() not in ("button", "reset")
    kind = (element.get("type") or "").strip().lower()
    return element.tag == "input" and kind in ("submit", "image")


def is_push_button(element: etree._Element) -> bool:
    """Whether an input is a button of any kind."""
    kind = (element.get("type") or "").strip().lower()
    return element.tag == "input" and kind in ("submit", "image", "button")


def is_disabled(element: etree._Element) -> bool:
    """Whether a control is switched off, by its attributes or by its class or its parent's."""
    parent = element.getparent()
    names = (element.get("class"), parent.get("class") if parent is not None else None)
    return (
        element.get("disabled") is not None
        or element.get("aria-disabled") == "true"
        or any("disabled" in (name or "").lower() for name in names)
    )


def _scripted(page: Page, action: Action) -> Click | None:
    """The click of a script that posts back, sends the form elsewhere, or opens an address."""
    if action.does == "go":
        return _going(page, action.url)
    form = main_form(page) if action.does in ("postback", "send") else None
    if form is None:
        return None
    url = absolute(page.base, action.url, page.site) if action.url else goal_of(page, form, None)
    if url is None:
        return None
    if action.does == "send":
        return Click(url, form, "POST")
    target = action.target.replace("$", ":") if page.postback.colons else action.target
    return Click(url, form, method_of(form, None), (target, action.argument), None, True)


def _press(page: Page, button: etree._Element, action: Action | None) -> Click | None:
    form = form_of(page, button)
    if form is None:
        return None
    said = action.url if action else ""
    url = absolute(page.base, said, page.site) if said else goal_of(page, form, button)
    if url is None:
        return None
    return Click(url, form, method_of(form, button), None, button, is_stateful(form))


def _choice(page: Page, option: etree._Element) -> Click | None:
    """What choosing an option of a list asks for."""
    chooser = next(option.iterancestors("select"))
    action = action_of(chooser.get("onchange") or "")
    if action is None or is_disabled(chooser):
        return None
    if action.does == "choose":
        return _going(page, action.url + value_of(option))
    if action.does == "postback":
        click = _scripted(page, action)
        return click._replace(by=option) if click else None
    form = form_of(page, chooser) if action.does == "submit" else None
    url = goal_of(page, form, None) if form is not None else None
    if form is None or url is None:
        return None
    return Click(url, form, method_of(form, None), None, option, is_stateful(form))


def _going(page: Page, href: str) -> Click | None:
    """A link's click, None where it leads to an article, off the site, or nowhere."""
    url = absolute(page.base, href, page.site)
    if url is None or not page.site.covers(url):
        return None
    return Click(url) if page.site.generic or page.site.key(url) is None else None
