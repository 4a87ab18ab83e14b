"""Markup to the contract's plain text."""

from __future__ import annotations

import pytest
from lxml import etree

from govnews.extract.lines import join
from govnews.extract.walk import read_lines


def text_of(markup: str) -> str | None:
    body = etree.fromstring(markup, etree.HTMLParser()).find("body")
    assert body is not None
    return join(list(read_lines(body).all))


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>một</p><p>hai</p>", "một\n\nhai"),
        ("<p> một\n \t&nbsp; hai </p>", "một hai"),
        ("<div>một<p>hai</p>ba</div>", "một\n\nhai\n\nba"),
        ("<p>một<br>hai<br><br>ba</p>", "một\nhai\n\nba"),
        ("<p>m<b>ộ</b>t <i>hai</i></p>", "một hai"),
        ("<ul><li>một</li><li>hai <ul><li>ba</li></ul></li></ul>bốn", "- một\n- hai\n- ba\n\nbốn"),
        ("<ol><li><p>một</p></li><li>hai<br>ba</li></ol>", "- một\n- hai ba"),
        ("<table><tr><th>A<th>B<tr><td>1<td><p>hai</p></table>x", "A\tB\n1\thai\n\nx"),
        ("<table><tr><td>a</td><td></td><td>c</td></tr></table>", "a\t\tc"),
        ("<table><tr><td>một</td></tr><tr><td>hai</td></tr></table>", "một\n\nhai"),
        ("<table><tr><td><table><tr><td>a<td>b</table><td>c</table>", "a\tb\n\nc"),
        ("<p>một</p><script>x</script><style>y</style><!-- z --><p>hai</p>", "một\n\nhai"),
        ("<p>a<span style='DISPLAY : none'>x</span>b</p>", "ab"),
        ("<p>a<span hidden>x</span>b</p><input type=hidden value=x>", "ab"),
        ("<div class='RadPicker RadPicker_Default'>x</div>a", "a"),
        ("<p>a\u200bb\u00adc</p>", "abc"),
        ("<figure><img src=a><figcaption>chú thích</figcaption></figure>", "chú thích"),
        ("<p>&nbsp;</p>", None),
        ("", None),
    ],
)
def test_plain_text(markup, text):
    assert text_of(f"<html><body>{markup}</body></html>") == text


def test_cells_with_long_paragraphs_lay_out_a_page():
    story = "Một câu dài vừa phải để đo. " * 8
    markup = f"<table><tr><td><p>{story}</p><p>{story}</p></td><td>bên</td></tr></table>"
    assert text_of(f"<body>{markup}</body>") == f"{story.strip()}\n\n{story.strip()}\n\nbên"


def test_marked_elements_have_their_lines():
    root = etree.fromstring("<body><p>a</p>b <span>c</span> d</body>", etree.HTMLParser())
    span = root.find(".//span")
    assert span is not None
    lines = read_lines(root, marks=[span])
    assert [line.text for line in lines.all] == ["a", "b", "c", "d"]
    assert lines.spans[span] == range(2, 3)
