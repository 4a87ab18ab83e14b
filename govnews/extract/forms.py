"""Forms as a browser sends them: their successful controls and the request that sends them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from urllib.parse import urlencode, urlsplit, urlunsplit

from lxml import etree

from govnews.extract.owners import CONTROLS
from govnews.extract.page import Page
from govnews.extract.urls import absolute
from govnews.items import Form, Target
from govnews.sites.identity import clean_url

_UNSENT = frozenset(("submit", "image", "button", "reset"))
_ONE_LINE = frozenset("text search tel url email password number".split())
_SPACE = re.compile(r"[ \t\n\f\r]+")
_BREAK = re.compile(r"\r\n?|\n")


def form_of(page: Page, control: etree._Element) -> etree._Element | None:
    """The form that a button or a list belongs to; where broken markup has put it outside all, the
    form of an ASP.NET page."""
    form = page.owners.get(control)
    if form is not None or control.get("form") is not None:
        return form
    main = main_form(page)
    return main if main is not None and is_stateful(main) else None


def main_form(page: Page) -> etree._Element | None:
    """The form that `__doPostBack` sends: the one that the page's script names, or else the first
    with a view state, or else the only one."""
    forms = list(page.root.iter("form"))
    named = page.postback.form
    for form in forms:
        if named and named in (form.get("name"), form.get("id")):
            return form
    stateful = (form for form in forms if is_stateful(form))
    return next(stateful, forms[0] if len(forms) == 1 else None)


def is_stateful(form: etree._Element) -> bool:
    """Whether a form is a page of ASP.NET Web Forms: it carries the page's view state."""
    names = (field.get("name") or "" for field in form.iter("input"))
    return any(name.startswith("__VIEWSTATE") for name in names)


def send(page: Page, form: etree._Element, fields: Form, url: str, method: str) -> Target | None:
    """The request of a form with these fields, sent to an absolute address."""
    if method == "POST":
        return Target(url, "POST", fields)
    parts = urlsplit(url)
    asked = clean_url(page.url, urlunsplit(parts._replace(query=urlencode(fields), fragment="")))
    return Target(asked) if asked else None


def goal_of(page: Page, form: etree._Element, button: etree._Element | None) -> str | None:
    """Where a form is sent to, by this button: the page itself unless something else is said."""
    said = button.get("formaction") if button is not None else None
    wanted = (said or form.get("action") or "").strip()
    return absolute(page.base, wanted, page.site) if wanted else page.url


def method_of(form: etree._Element, button: etree._Element | None) -> str:
    """How a form is sent, by this button: `GET` or `POST`."""
    said = button.get("formmethod") if button is not None else None
    return "POST" if (said or form.get("method") or "").strip().lower() == "post" else "GET"


def successful(
    page: Page,
    form: etree._Element,
    pressed: etree._Element | None = None,
    chosen: etree._Element | None = None,
) -> Iterator[tuple[str, str]]:
    """The name and value pairs of a form's successful controls in document order (HTML Standard,
    4.10.22.4), line ends as CR LF; of its buttons only the pressed one, of lists in which an option
    has been `chosen` that one."""
    barred = _barred(page)
    owned = (c for c in page.root.iter(*CONTROLS) if page.owners.get(c) is form or c is pressed)
    controls = [control for control in owned if control not in barred]
    checked = {c.get("name"): c for c in controls if c.get("checked") is not None and _is_radio(c)}
    for control in controls:
        name = control.get("name") or ""
        if control is pressed:
            yield from _pressed(control, name)
        elif name and (not _is_radio(control) or checked.get(name) is control):
            values = _values(control, chosen)
            yield from ((name, _BREAK.sub("\r\n", value)) for value in values)


def _pressed(button: etree._Element, name: str) -> Iterator[tuple[str, str]]:
    if _kind(button) == "image":
        prefix = f"{name}." if name else ""
        yield f"{prefix}x", "1"
        yield f"{prefix}y", "1"
    elif name:
        yield name, button.get("value") or ""


def _kind(control: etree._Element) -> str:
    """The type of an input, '' for another control."""
    return (control.get("type") or "text").strip().lower() if control.tag == "input" else ""


def _is_radio(control: etree._Element) -> bool:
    return _kind(control) == "radio"


def _values(control: etree._Element, chosen: etree._Element | None) -> Iterator[str]:
    kind = _kind(control)
    if control.tag == "select":
        yield from _chosen(control, chosen)
    elif control.tag == "textarea":
        yield "".join(map(str, control.itertext())).removeprefix("\n")
    elif kind in ("checkbox", "radio"):
        if control.get("checked") is not None:
            yield control.get("value", "on")
    elif kind == "file":
        yield ""  # no file is chosen, and its name is empty
    elif kind and kind not in _UNSENT:
        value = control.get("value") or ""
        yield _BREAK.sub("", value) if kind in _ONE_LINE else value


def _chosen(control: etree._Element, chosen: etree._Element | None) -> Iterator[str]:
    """The values of the selected options; a list that shows one option has its first selected
    where none is."""
    options = list(control.iter("option"))
    selected = [option for option in options if option.get("selected") is not None]
    if chosen in options:
        selected = [chosen]
    elif control.get("multiple") is None:
        shown = (control.get("size") or "1").strip()
        enabled = [option for option in options if not _is_off(option)]
        selected = selected[-1:] or (enabled[:1] if shown in ("0", "1") else [])
    yield from (value_of(option) for option in selected if not _is_off(option))


def value_of(option: etree._Element) -> str:
    """What an option sends: its value, or else its text without superfluous white space."""
    value = option.get("value")
    if value is not None:
        return value
    return _SPACE.sub(" ", "".join(map(str, option.itertext()))).strip(" ")


def _is_off(option: etree._Element) -> bool:
    groups = option.iterancestors("optgroup")
    return any(element.get("disabled") is not None for element in (option, *groups))


def _barred(page: Page) -> set[etree._Element]:
    """The controls that are switched off, alone or with a group outside whose heading they are."""
    controls = page.root.iter(*CONTROLS)
    barred = {control for control in controls if control.get("disabled") is not None}
    for group in page.root.iter("fieldset"):
        if group.get("disabled") is not None:
            headings = group.iterchildren("legend")
            free = {c for heading in islice(headings, 1) for c in heading.iter(*CONTROLS)}
            barred |= set(group.iter(*CONTROLS)) - free
    return barred
