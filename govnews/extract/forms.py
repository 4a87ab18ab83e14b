"""Forms as a browser sends them: what a press of a button or a `__doPostBack` asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote, urlencode, urlsplit, urlunsplit

from lxml import etree

from govnews.extract.text import words_of
from govnews.extract.urls import absolute
from govnews.items import Form, Target
from govnews.sites import Site
from govnews.sites.identity import clean_url

_QUOTED = r"""\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')\s*"""
_POSTBACK = re.compile(rf"__doPostBack\({_QUOTED}(?:,{_QUOTED})?\)")
_WITH_OPTIONS = re.compile(
    rf"WebForm_PostBackOptions\({_QUOTED},{_QUOTED},[^,]*,[^,]*(?:,{_QUOTED})?"
)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.DOTALL)
_UNSENT = frozenset(("submit", "image", "button", "reset", "file"))
_CONTROLS = ("input", "select", "textarea", "button")


def postback(script: str) -> tuple[str, str, str] | None:
    """Event target, argument and action of the postback in a script, None where none is."""
    for text in (script, unquote(script), _unescaped(script)):
        for pattern in (_WITH_OPTIONS, _POSTBACK):
            match = pattern.search(text)
            if match:
                parts = [match[n] or match[n + 1] or "" for n in range(1, pattern.groups, 2)]
                target, argument, action = (_unescaped(part) for part in (*parts, "", "")[:3])
                return target, argument, action
    return None


def post_back(
    element: etree._Element, script: str, base: str, url: str, site: Site
) -> Target | None:
    """The request that a link's `__doPostBack` makes, None where there is no form to send."""
    event = postback(script)
    form = form_of(element) if event else None
    if event is None or form is None:
        return None
    target, argument, action = event
    told = {"__EVENTTARGET": target, "__EVENTARGUMENT": argument}
    fields = [(name, told.get(name, value)) for name, value in successful(form)]
    known = {name for name, _ in fields}
    added = [pair for pair in told.items() if pair[0] not in known]
    return send(form, (*added, *fields), action or None, base, url, site)


def press(button: etree._Element, base: str, url: str, site: Site) -> Target | None:
    """The request that pressing a submit button makes; an image is pressed at (1, 1)."""
    form = form_of(button)
    if form is None or button.get("disabled") is not None:
        return None
    fields = tuple(successful(form, button))
    return send(form, fields, button.get("formaction"), base, url, site)


def send(
    form: etree._Element, fields: Form, action: str | None, base: str, url: str, site: Site
) -> Target | None:
    """The request of a form with these fields; without an action it goes to the page itself."""
    wanted = (action or form.get("action") or "").strip()
    goal = absolute(base, wanted, site) if wanted else url
    if goal is None:
        return None
    if (form.get("method") or "get").strip().lower() == "post":
        return Target(goal, "POST", fields)
    parts = urlsplit(goal)
    asked = clean_url(url, urlunsplit(parts._replace(query=urlencode(fields), fragment="")))
    return Target(asked) if asked else None


def form_of(element: etree._Element) -> etree._Element | None:
    """The form that a control belongs to. Where broken markup has put it outside all, the one
    with a view state, or else the only one."""
    root = element.getroottree().getroot()
    name = element.get("form")
    for outer in element.iterancestors("form"):
        if not name:
            return outer
    forms = list(root.iter("form"))
    if name:
        return next((form for form in forms if form.get("id") == name), None)
    stateful = (form for form in forms if _has_state(form))
    return next(stateful, forms[0] if len(forms) == 1 else None)


def successful(
    form: etree._Element, pressed: etree._Element | None = None
) -> Iterator[tuple[str, str]]:
    """The name and value pairs of a form's successful controls in document order (HTML 4.01,
    17.13.2); of its buttons only the pressed one."""
    disabled = _disabled(form)
    for control in form.iter(*_CONTROLS):
        name = control.get("name") or ""
        if control is pressed:
            yield from _pressed(control, name)
        elif name and control not in disabled:
            yield from ((name, value) for value in _values(control))


def _pressed(button: etree._Element, name: str) -> Iterator[tuple[str, str]]:
    if (button.get("type") or "").lower() == "image":
        prefix = f"{name}." if name else ""
        yield f"{prefix}x", "1"
        yield f"{prefix}y", "1"
    elif name:
        yield name, button.get("value") or ""


def _values(control: etree._Element) -> Iterator[str]:
    if control.tag == "select":
        yield from _chosen(control)
    elif control.tag == "textarea":
        yield "".join(map(str, control.itertext())).removeprefix("\n").replace("\n", "\r\n")
    elif control.tag == "input":
        kind = (control.get("type") or "text").strip().lower()
        if kind in ("checkbox", "radio"):
            if control.get("checked") is not None:
                yield control.get("value", "on")
        elif kind not in _UNSENT:
            yield control.get("value") or ""


def _chosen(select: etree._Element) -> Iterator[str]:
    """The selected options; a list of one choice shows its first where none is selected."""
    options = [option for option in select.iter("option") if option.get("disabled") is None]
    selected = [option for option in options if option.get("selected") is not None]
    if select.get("multiple") is None:
        selected = selected[-1:] or options[:1]
    for option in selected:
        value = option.get("value")
        yield words_of(option) if value is None else value


def _disabled(form: etree._Element) -> set[etree._Element]:
    """The controls that are switched off, alone or with their whole group."""
    groups = (group for group in form.iter("fieldset") if group.get("disabled") is not None)
    grouped = {control for group in groups for control in group.iter(*_CONTROLS)}
    return grouped | {c for c in form.iter(*_CONTROLS) if c.get("disabled") is not None}


def _has_state(form: etree._Element) -> bool:
    return any(
        (control.get("name") or "").startswith("__VIEWSTATE") for control in form.iter("input")
    )


def _unescaped(text: str) -> str:
    def letter(match: re.Match[str]) -> str:
        code = match[1] or match[2]
        return chr(int(code, 16)) if code else match[3]

    return _ESCAPE.sub(letter, text) if "\\" in text else text
