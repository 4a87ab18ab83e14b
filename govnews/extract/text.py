"""Bytes to text, and text to the form that the archive keeps. Nothing here raises."""

from __future__ import annotations

import codecs
import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from lxml import etree

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_BINARY = re.compile(
    rb"%PDF-|\x89PNG|\xff\xd8\xff|GIF8[79]a|PK\x03\x04|\xd0\xcf\x11\xe0|\x1f\x8b|Rar!|7z\xbc\xaf"
    rb"|BM.{4}\0\0\0\0|RIFF|\0\0\0.ftyp|ID3|OggS|\x00\x00\x01\x00",
    re.DOTALL,
)
_BINARY_TYPE = re.compile(
    r"\s*(?:image|audio|video|font)/|\s*application/(?:pdf|zip|msword|octet-stream|x-rar"
    r"|vnd\.(?:ms-|openxml|rar)|x-7z|json\b)",
    re.IGNORECASE,
)
_CONTROLS = bytes(code for code in (*range(32), 127) if code not in (9, 10, 13))
_ENDS = re.compile(rb"</(?:body|html)\s*>", re.IGNORECASE)
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u2060\ufeff\ufffe\uffff]"
)
_SHORT = 200
_NO_CHARSETS = ("idna", "punycode", "unicode_escape", "raw_unicode_escape", "utf-7")
_MARK_1258 = re.compile(rb"[\xcc\xd2\xde\xec\xf2]")
_MARKED_1258 = re.compile(
    rb"[AEIOUYaeiouy\xc2\xca\xd4\xe2\xea\xf4\xc3\xe3\xd5\xf5\xdd\xfd][\xcc\xd2\xde\xec\xf2]"
)


class Decoded(NamedTuple):
    """A body as text: `encoding` is what it was read as, `fault` what did not fit, if aught."""

    text: str
    encoding: str
    fault: str | None = None


def is_binary(body: bytes, content_type: str | None) -> bool:
    """Whether a body is no text at all, by its first bytes or else by the declared type."""
    if _BINARY.match(body):
        return True
    declared = bool(content_type and _BINARY_TYPE.match(content_type))
    return declared and body.lstrip()[:1] != b"<"


def decode(body: bytes, content_type: str | None = None) -> Decoded:
    """A page's text: a byte order mark decides, then valid UTF-8, then what is declared.

    What is none of these is windows-1258 if its marks stand on vowels, else windows-1252.
    """
    declared = _declared(body, content_type)
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            text = body[len(mark) :].decode(encoding, "replace")
            return _told(text, encoding, declared)
    if b"\0" in body[:4]:
        wide = "utf-16-le" if body[1:2] == b"\0" else "utf-16-be"
        return _told(body.decode(wide, "replace"), wide, declared)
    try:
        text = body.decode("utf-8")
        return _told(text, "utf-8", "utf-8" if text.isascii() else declared)
    except UnicodeDecodeError:
        return _legacy(body, declared)


def clean(text: str) -> str:
    """A run of text as the archive keeps it: NFC, one space for any white space, trimmed."""
    return _short(text) if len(text) < _SHORT else _clean(text)


def _clean(text: str) -> str:
    folded = " ".join(text.split())
    if folded.isascii() and folded.isprintable():
        return folded
    composed = unicodedata.normalize("NFC", folded)
    return composed if composed.isprintable() else " ".join(_UNSEEN.sub("", composed).split())


_short = lru_cache(maxsize=4096)(_clean)


def words_of(element: etree._Element) -> str:
    """All words within an element, those that are hidden too."""
    return clean("".join(map(str, element.itertext())) if len(element) else element.text or "")


def to_source(text: str) -> bytes:
    """Text as the parser takes it: UTF-8 without control characters, LF line ends.

    The end tags of `body` and `html` are left out, since libxml2 drops what follows them, and
    portals are put together from parts that each end the page.
    """
    source = text.encode("utf-8", "replace").translate(None, _CONTROLS)
    source = _ENDS.sub(b"", source)
    return source.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in source else source


def _legacy(body: bytes, declared: str) -> Decoded:
    """A body that is no valid UTF-8."""
    text = body.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    sound = len(text) - len(text.encode("ascii", "ignore")) - broken
    if sound > 2 * broken:
        return _told(text, "utf-8", declared)._replace(text=text.rstrip("\ufffd"))
    marks = len(_MARK_1258.findall(body))
    vietnamese = marks >= 3 and len(_MARKED_1258.findall(body)) >= 0.8 * marks
    guesses = ["cp1258", "cp1252"] if vietnamese else ["cp1252"]
    trusted = [] if declared in ("", "utf-8", "cp1252") else [declared]
    for encoding in [*trusted, *guesses]:
        try:
            return _told(body.decode(encoding), encoding, declared)
        except (UnicodeDecodeError, LookupError):
            continue
    encoding = (trusted or guesses)[0]
    return _told(body.decode(encoding, "replace"), encoding, declared)


def _told(text: str, encoding: str, declared: str) -> Decoded:
    if "\ufffd" in text:
        count = text.count("\ufffd")
        return Decoded(text, encoding, f"{count} bytes or characters are no {encoding}")
    same = not declared or declared.split("-")[:2] == encoding.split("-")[:2]
    return Decoded(text, encoding, None if same else f"declared {declared}, but is {encoding}")


def _declared(body: bytes, content_type: str | None) -> str:
    """The declared encoding by Python's name for it, '' where none that is known is declared."""
    header = _HEADER_CHARSET.search(content_type or "")
    meta = _META_CHARSET.search(body, 0, 8192)
    labels = [header[1]] if header else []
    labels += [meta[1].decode("ascii", "replace")] if meta else []
    for label in labels:
        try:
            name = codecs.lookup(label).name
            "".encode(name)
        except (LookupError, ValueError, TypeError):
            continue
        if name not in _NO_CHARSETS:
            return "cp1252" if name in ("iso8859-1", "ascii") else name
    return ""
