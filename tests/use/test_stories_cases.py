"""How right stories are, on cases whose writers had not seen how near texts are told."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from use.shelf import news, shelf

from govnews.archive import stories

CASES = Path(__file__).parents[1] / "fixtures" / "stories"


def test_stories_do_not_get_worse(tmp_path: Path) -> None:
    """`make stories` tells of each kind of case. Lower these numbers on purpose alone."""
    told: Counter[tuple[bool, bool]] = Counter()
    for file in CASES.glob("*.json"):
        case = json.loads(file.read_text("utf-8"))
        numbers = {one["id"]: number for number, one in enumerate(case["articles"], 1)}
        texts = [news(numbers[one["id"]], one["title"], one["body"]) for one in case["articles"]]
        with shelf(tmp_path / file.stem, *texts) as db:
            while stories.relate(db):
                pass
            story = dict(db.execute("SELECT id, story_id FROM articles").fetchall())
        for is_same in (True, False):
            for one, other in case["same" if is_same else "different"]:
                first, second = story[numbers[one]], story[numbers[other]]
                told[is_same, first is not None and first == second] += 1
    assert told[True, True] >= 107, told
    assert told[False, True] <= 10, told
