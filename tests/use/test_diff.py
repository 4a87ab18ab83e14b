"""What changed between two texts, as people read it."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from govnews import Collection
from govnews.cli import main
from govnews.diff import Change, Difference, Piece, as_html, compare, shortened
from govnews.errors import UsageError

TEXT = st.text(st.sampled_from("ab đờ1/-,.\n "), max_size=40)


def run(*arguments: str) -> str:
    result = CliRunner().invoke(main, ["diff", *arguments])
    assert result.exit_code == 0, result.stderr
    return result.stdout


@given(TEXT, TEXT)
def test_the_pieces_are_both_texts(old: str, new: str) -> None:
    pieces = compare(old, new)
    assert "".join(piece.text for piece in pieces if piece.kind != "deleted") == new
    kept = "".join(piece.text for piece in pieces if piece.kind != "inserted")
    assert "".join(kept.split()) == "".join(old.split())
    assert (old == new) <= all(piece.kind == "same" for piece in pieces)


@pytest.mark.parametrize(
    ("old", "new", "pieces"),
    [
        (
            "giải ngân vốn đầu tư công",
            "giải ngân vốn đầu tư nước ngoài",
            "=giải ngân vốn đầu tư |-công|+nước ngoài",
        ),
        ("đường Lê Lợi", "đường Lê Lai", "=đường Lê |-Lợi|+Lai"),
        ("Công văn 19-CT/TU ngày 1/2/2021", "Công văn 19-CT/QU ngày 1/2/2021",
         "=Công văn |-19-CT/TU |+19-CT/QU |=ngày 1/2/2021"),
        ("một hai ba", "bốn hai năm", "-một hai ba|+bốn hai năm"),
        ("hòa", "hoà", "-hòa|+hoà"),
        ("", "mới", "+mới"),
        ("a\n\nb", "a\n\nb", "=a\n\nb"),
    ],
)  # fmt: skip
def test_whole_words_are_told(old: str, new: str, pieces: str) -> None:
    signs = {"same": "=", "deleted": "-", "inserted": "+"}
    told = "|".join(signs[piece.kind] + piece.text for piece in compare(old, new))
    assert told == pieces


def test_context_is_shortened() -> None:
    words = " ".join(map(str, range(50)))
    pieces = compare(f"{words} a {words} b {words}", f"{words} c {words} d {words}")
    told = "".join(piece.text for piece in shortened(pieces, 2))
    assert told == "… 48 49 a c 0 1 … 48 49 b d 0 1 …"


@given(TEXT, TEXT)
def test_html_is_escaped_and_holds_the_words(old: str, new: str) -> None:
    marked = compare(f"<b>{old}&", f"<i>{new}&")
    fragment = as_html(Difference("s/k", 1, 2, (Change("body", marked),)))
    assert set(re.findall(r"</?(\w+)", fragment)) <= {"h3", "p", "ins", "del", "br"}
    kept = re.sub(r"<del>.*?</del>", "", fragment.partition("<p>")[2]).replace("<br>", "\n")
    assert html.unescape(re.sub(r"</?(ins|p)>", "", kept)).split() == f"<i>{new}&".split()


def test_a_collection_compares_revisions(collection: Collection) -> None:
    difference = collection.diff("quan1/tintuc/3")
    assert (difference.article, difference.old, difference.new) == ("quan1/tintuc/3", 1, 2)
    assert [change.field for change in difference.changes] == ["body"]
    assert collection.diff(3, 2, 1).changes[0].pieces[0] == Piece("same", "-")
    assert collection.diff(3, 2, 2).changes == ()
    for old, new in ((None, None), (1, 2), (0, 1)):
        with pytest.raises(UsageError, match="It has 1 to 1"):
            collection.diff(1, old, new)


def test_diff_piped(folder: Path) -> None:
    told = run("quan1/tintuc/3", "--data", str(folder))
    assert "\n-[-5 độ; đầu vào tư liệu công khai, phát triển-]{+6 độ; phát biểu+}\n" in told
    assert "\x1b" not in told
    assert told == run("3", "1", "2", "--data", str(folder)) == run("3", "1", "--data", str(folder))
    assert "No difference" in run("3", "2", "2", "--data", str(folder))


def test_diff_for_programs(folder: Path) -> None:
    told = json.loads(run("3", "--json", "--data", str(folder)))
    assert (told["old"], told["new"]) == (1, 2)
    kept = [piece["text"] for piece in told["changes"]["body"] if piece["kind"] != "deleted"]
    assert "".join(kept) == "-6 độ; phát biểu"
    fragment = run("3", "--html", "--data", str(folder))
    assert "<ins>" in fragment
    assert "<del>" in fragment


def test_diff_of_an_unchanged_article_says_so(folder: Path) -> None:
    refused = CliRunner().invoke(main, ["diff", "1", "--data", str(folder)])
    assert refused.exit_code == 2
    assert "It has 1 to 1" in refused.stderr
