"""The documentation of site files names every key, and its example loads."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass
from pathlib import Path

from govnews.sites import Site, load_site

TEXT = (Path(__file__).parents[2] / "docs" / "site-files.md").read_text("utf-8")


def _keys() -> set[str]:
    site = load_site("any")
    keys = set()
    for field in fields(Site):
        value = getattr(site, field.name)
        inner = [f"{field.name}.{one.name}" for one in fields(value)] if is_dataclass(value) else []
        keys |= set(inner or [field.name])
    return keys - {"id", "base_url"}


def test_every_key_is_documented_and_no_other() -> None:
    listed = [line.split("|")[1] for line in TEXT.splitlines() if line.startswith("| `")]
    assert set(re.findall(r"`([^`]+)`", " ".join(listed))) == _keys()


def test_the_example_loads(tmp_path: Path) -> None:
    example = re.search(r"```toml\n(.+?)```", TEXT, re.DOTALL)
    assert example
    (tmp_path / "mau.toml").write_text(example[1], "utf-8")
    site = load_site("mau", tmp_path)
    assert site.key("http://www.phuongmau.example/tin-tuc/le-hoi-12.html")
