"""What the scripts of links, buttons and lists do: post back, send a form elsewhere, or go to an
address. Scripts are read, never run."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, NamedTuple
from urllib.parse import unquote

from lxml import etree

_QUOTED = r"""\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')\s*"""
_POSTBACK = re.compile(rf"__doPostBack\({_QUOTED}(?:,{_QUOTED})?\)")
_OPTIONS = re.compile(
    rf"WebForm_PostBackOptions\({_QUOTED},{_QUOTED},[^,]*,[^,]*(?:,{_QUOTED}(?:,[^,]*,\s*(\w+))?)?"
)
_SENDING = re.compile(rf"(?:RefreshPageTo\(\s*event\s*,|SubmitFormPost\(){_QUOTED}")
_LOCATION = r"(?:location(?:\.href)?\s*=|location\.(?:assign|replace)\(|STSNavigate\()"
_GOING = re.compile(rf"{_LOCATION}{_QUOTED}(\+\s*this\.)?")
_CHOOSING = re.compile(rf"{_LOCATION}\s*this\.")
_SUBMITTING = re.compile(
    r"\s*(?:javascript:)?\s*(?:this\.form|(?:document\.)?(?:\w+|forms\[[^\]]+\]))\.submit\(\)\s*;?\s*",
    re.IGNORECASE,
)
_NOTHING = re.compile(r"\s*(?:javascript:)?\s*return\s+false\s*;?\s*", re.IGNORECASE)
_CALL = re.compile(r"(?<![\w.])(?!void\b|return\b|if\b)[\w.$]+\s*\(", re.IGNORECASE)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.DOTALL)
_FORM = re.compile(
    r"theForm\s*=\s*document\.(?:forms\[\s*[\"']([^\"']+)[\"']\s*\]|(?:all\.)?(\w+)\s*;)",
    re.IGNORECASE,
)
_COLONS = re.compile(r"split\([\"']\$[\"']\)\.join\([\"']:[\"']\)")


class Action(NamedTuple):
    """What a script does.

    `postback` fills in event `target` and `argument` and sends the form, to `url` if there is one;
    `press` leaves the sending to the button itself; `send` sends the form to `url`, `submit` as it
    is; `go` opens `url`, `choose` the chosen value behind `url`; `nothing` keeps the click from
    having any effect.
    """

    does: Literal["postback", "press", "send", "submit", "go", "choose", "nothing"]
    url: str = ""
    target: str = ""
    argument: str = ""


class Definition(NamedTuple):
    """How the page defines `__doPostBack`: the name of the form that it sends, if it says so, and
    whether it writes `:` for `$` into the event target, as ASP.NET 1.1 did."""

    form: str = ""
    colons: bool = False


@lru_cache(maxsize=512)
def action_of(script: str) -> Action | None:
    """What a script in `onclick`, `onchange` or `href` does, None where it can't be told."""
    if not script:
        return None
    if _NOTHING.fullmatch(script):
        return Action("nothing")
    for text in (script, unquote(script), unescaped(script)):
        action = _postback(text) or _departure(text)
        if action:
            return action
    return Action("submit") if _SUBMITTING.fullmatch(script) else None


def calls_unknown(script: str) -> bool:
    """Whether a script calls something that may ask for a page in a way that is not known."""
    return action_of(script) is None and _CALL.search(script) is not None


def definition(root: etree._Element) -> Definition:
    """How the page's own scripts define `__doPostBack`."""
    for script in root.iter("script"):
        text = script.text or ""
        if "__doPostBack" in text and "__EVENTTARGET" in text:
            form = _FORM.search(text)
            name = form[1] or form[2] if form else ""
            return Definition(name, bool(_COLONS.search(text)))
    return Definition()


def unescaped(text: str) -> str:
    """A JavaScript string's text."""

    def letter(match: re.Match[str]) -> str:
        code = match[1] or match[2]
        return chr(int(code, 16)) if code else match[3]

    return _ESCAPE.sub(letter, text) if "\\" in text else text


def _postback(text: str) -> Action | None:
    options = _OPTIONS.search(text)
    if options:
        target, argument, url = (_string(options, n) for n in (1, 3, 5))
        return Action("press" if options[7] == "false" else "postback", url, target, argument)
    match = _POSTBACK.search(text)
    return Action("postback", "", _string(match, 1), _string(match, 3)) if match else None


def _departure(text: str) -> Action | None:
    sending = _SENDING.search(text)
    if sending:
        return Action("send", _string(sending, 1))
    going = _GOING.search(text)
    if going:
        return Action("choose" if going[3] else "go", _string(going, 1))
    return Action("choose") if _CHOOSING.search(text) else None


def _string(match: re.Match[str], group: int) -> str:
    return unescaped(match[group] or match[group + 1] or "")
