"""Which form each control belongs to, as browsers have it (HTML Standard, 4.10.17.3 and 13.2.6).

A form opens at its start tag unless another is open, and is over at the next end tag, whatever the
tree of broken markup looks like; a control belongs to the form that is open at its own tag, or else
to the one around it. The order of tags is that of the source, for the tree has lost the end tags.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

CONTROLS = ("input", "select", "textarea", "button")
Owners = dict[etree._Element, "etree._Element | None"]

_TAG = re.compile(
    r"<!--.*?(?:-->|$)|<(script|style|title|iframe|noscript)\b.*?(?:</\1|$)"
    r"|<(/?form|input|select|textarea|button)(?=[\s/>])",
    re.DOTALL | re.IGNORECASE,
)
_TEXT_END = re.compile(r"</textarea|$", re.IGNORECASE)


def owners(root: etree._Element, source: str) -> Owners:
    """The form of each control of a page whose `source` this is, None for one without; by the tree
    alone where source and tree do not agree. What only browsers without scripts see is left out."""
    unseen = {inner for outer in root.iter("noscript") for inner in outer.iter("*")}
    elements = [element for element in root.iter("form", *CONTROLS) if element not in unseen]
    forms = [element for element in elements if element.tag == "form"]
    found = _by_source(elements, source) if len(forms) > 1 else {}
    inner = {form: found[form] for form in forms if found.get(form, form) is not form}
    for control in elements:
        name = control.get("form")
        if control.tag == "form":
            continue
        if name is not None:
            found[control] = next((form for form in forms if form.get("id") == name), None)
        elif found.get(control) is None:
            found[control] = _around(control, inner)
    return found


def _by_source(elements: list[etree._Element], source: str) -> Owners:
    """For each form and control the form that is open at its tag."""
    tags = list(_tags(source))
    if [tag for tag in tags if tag != "/form"] != [element.tag for element in elements]:
        return {}
    found: Owners = {}
    form: etree._Element | None = None
    rest = iter(elements)
    for tag in tags:
        if tag == "/form":
            form = None
            continue
        element = next(rest)
        form = element if tag == "form" and form is None else form
        found[element] = form
    return found


def _tags(source: str) -> Iterator[str]:
    """The tags of forms and controls in their order, without those in comments and texts."""
    position = 0
    while match := _TAG.search(source, position):
        position = match.end()
        tag = (match[2] or "").lower()
        if tag:
            yield tag
        if tag == "textarea" and (end := _TEXT_END.search(source, position)):
            position = end.end()


def _around(control: etree._Element, inner: Owners) -> etree._Element | None:
    """The form around a control at whose tag none is open. A form that an inner one's end tag has
    closed goes on within the element that this tag stood in, and no further."""
    below = control
    for outer in control.iterancestors():
        if outer.tag == "form" and outer not in inner:
            closing = [form for form, owner in inner.items() if owner is outer]
            early = closing and not any(e is below for e in closing[0].iterancestors())
            return None if early else outer
        below = outer
    return None
