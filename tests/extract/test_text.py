"""Bytes to text: whatever is declared, what was meant is read."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govnews.extract.text import clean, decode, is_binary

WORDS = "Hội chợ sách cũ mở cửa ở đường Nguyễn Huệ, Quận 1; mời bạn đọc ghé thăm đông đủ"
TONES = "\u0300\u0301\u0303\u0309\u0323"


def windows_1258(text: str) -> bytes:
    """Text in windows-1258: tones as marks of their own."""
    parts = []
    for letter in text:
        marks = unicodedata.normalize("NFD", letter)
        tone = "".join(mark for mark in marks if mark in TONES)
        base = unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in TONES))
        parts.append(base + tone)
    return "".join(parts).encode("cp1258")


@pytest.mark.parametrize(
    ("body", "content_type", "encoding", "is_fault"),
    [
        (WORDS.encode(), None, "utf-8", False),
        (WORDS.encode(), "text/html; charset=UTF-8", "utf-8", False),
        (WORDS.encode(), "text/html; charset=iso-8859-1", "utf-8", True),
        (b'<meta charset="windows-1252">' + WORDS.encode(), None, "utf-8", True),
        (b"\xef\xbb\xbf" + WORDS.encode(), None, "utf-8", False),
        (b"\xff\xfe" + WORDS.encode("utf-16-le"), None, "utf-16-le", False),
        (b"\xfe\xff" + WORDS.encode("utf-16-be"), None, "utf-16-be", False),
        (("<p>" + WORDS).encode("utf-16-le"), None, "utf-16-le", False),
        (windows_1258(WORDS), "text/html; charset=windows-1258", "cp1258", False),
        (windows_1258(WORDS), "text/html; charset=utf-8", "cp1258", True),
        (windows_1258(WORDS), None, "cp1258", False),
        (WORDS.encode() + b"\xff" + WORDS.encode(), None, "utf-8", True),
        (WORDS.encode()[:-1] + "ế".encode()[:2], None, "utf-8", True),
    ],
)
def test_encodings(body, content_type, encoding, is_fault):
    decoded = decode(body, content_type)
    assert decoded.encoding == encoding
    assert WORDS[:60] in clean(decoded.text)
    assert (decoded.fault is not None) == is_fault


def test_western_text_without_a_word_is_windows_1252():
    assert decode("café – thé".encode("cp1252")).text == "café – thé"


@given(body=st.binary(max_size=300), content_type=st.one_of(st.none(), st.text(max_size=30)))
def test_no_bytes_raise(body, content_type):
    is_binary(body, content_type)
    assert isinstance(decode(body, content_type).text, str)


@given(text=st.text(max_size=80))
def test_clean_text_is_what_the_archive_keeps(text):
    cleaned = clean(text)
    assert cleaned == unicodedata.normalize("NFC", cleaned)
    assert clean(cleaned) == cleaned
    assert not any(unicodedata.category(letter) == "Cc" for letter in cleaned)
    assert cleaned == cleaned.strip()


@pytest.mark.parametrize(
    ("body", "content_type", "answer"),
    [
        (b"%PDF-1.7", "text/html", True),
        (b"PK\x03\x04", None, True),
        (b"\x89PNG\r\n", None, True),
        (b"...", "application/pdf", True),
        (b'{"a": 1}', "application/json", True),
        (b" <html>", "application/octet-stream", False),
        (b"<p>", "text/html", False),
    ],
)
def test_binary(body, content_type, answer):
    assert is_binary(body, content_type) is answer
