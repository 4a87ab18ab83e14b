"""The commands, as a shell calls them: what they print where, and their exit codes."""

from __future__ import annotations

import http.server
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from use.sample import address

from govnews.cli import main
from govnews.collection import Collection

PAGE = """<html lang="vi"><head><title>Một bài</title></head><body><div id="tin">
<h1>Một bài về đường</h1><p>Đoạn thứ nhất của bài viết, đủ dài để là một đoạn văn.</p>
<p>Đoạn thứ hai của bài viết, cũng đủ dài để là một đoạn văn.</p></div></body></html>"""
LONGER_PAGE = PAGE.replace(
    "</div>",
    "<p>Đoạn thứ ba kể rằng con đường mới đã mở, người dân hai bên đường trồng thêm cây xanh, và "
    "phường sẽ lát lại vỉa hè trước mùa mưa năm sau.</p><p>Đoạn cuối nói rằng chợ đầu đường họp cả "
    "ngày, hàng quán dọn gọn vào trong, và xe tải chỉ được vào phố sau chín giờ tối.</p></div>",
)
SITE = """
name = "Phường Mẫu"
listings = ["http://mau.example/tin"]
article = '^/tin/(?P<key>\\d+)$'
[fields]
title = "h1"
body = "#tin"
"""


def run(*arguments: str | Path, **environment: str) -> Result:
    return CliRunner().invoke(main, list(map(str, arguments)), env=environment)


def test_data_stands_before_or_after_the_command_or_in_the_environment(folder: Path) -> None:
    expected = run("show", "--data", folder, "1").stdout
    assert "Đường phố sạch đẹp" in expected
    assert run("--data", folder, "show", "1").stdout == expected
    assert run("show", "1", GOVNEWS_DATA=str(folder)).stdout == expected
    assert run("--data", folder, "show", "1", GOVNEWS_DATA="/nowhere").stdout == expected


def test_show(folder: Path) -> None:
    shown = run("show", address(1), "--data", folder)
    assert shown.exit_code == 0
    for text in ("quan1/tintuc/1", "2021-01-19 07:00", "Quận ra quân.", "- Dương xỉ", "a.jpg"):
        assert text in shown.stdout
    assert json.loads(run("show", "1", "--data", folder, "--json").stdout)["author"] == "H.Y"


def test_show_evidence(folder: Path) -> None:
    shown = run("show", "1", "--data", folder, "--evidence").stdout
    assert "Date: 2021-01-19T07:00:00+07:00 (listing)" in shown
    assert "stated     css:h1           raw text" in shown
    told = json.loads(run("show", "1", "--data", folder, "--evidence", "--json").stdout)
    assert told["mentions"][0]["source"] == "listing"


def test_show_revision(folder: Path) -> None:
    assert "-5 độ" in run("show", "3", "--data", folder, "--revision", "1").stdout
    assert "-6 độ" in run("show", "3", "--data", folder).stdout
    absent = run("show", "3", "--data", folder, "--revision", "3")
    assert absent.exit_code == 2
    assert "It has 1 to 2" in absent.stderr


def test_search(folder: Path) -> None:
    found = run("search", "duong", "-dương", "--data", folder)
    assert found.stdout.startswith("Đường phố sạch đẹp\nquan1/tintuc/1 · 2021-01-19")
    assert found.stderr == "1 of 1 articles\n"
    assert "\x1b" not in found.stdout
    assert "-h" in run("search", "--help").stdout
    assert run("search", "duong", "-thuong", "--data", folder).stderr == "3 of 3 articles\n"


def test_search_in_colour_on_a_terminal(folder: Path) -> None:
    found = CliRunner().invoke(main, ["search", "đường", "--data", str(folder)], color=True)
    assert "\x1b[33m\x1b[1mĐường\x1b[0m phố" in found.stdout


def test_search_for_programs(folder: Path) -> None:
    (hit,) = json.loads(run("search", "lợi", "--json", "--data", folder).stdout)
    assert [hit["snippet"][start:end] for start, end in hit["hits"]] == ["Lợi", "lợi"]


def test_search_by_date_and_facets(folder: Path) -> None:
    newest = run("search", "duong", "--sort", "date", "--json", "--data", folder)
    assert [hit["id"] for hit in json.loads(newest.stdout)] == [2, 1, 4]
    facets = json.loads(run("search", "duong", "--facets", "--json", "--data", folder).stdout)
    assert facets["month"] == [
        {"value": "2021-01", "articles": 2},
        {"value": None, "articles": 1},
    ]
    table = run("search", "--facets", "--changed", "--data", folder).stdout
    assert "site   articles\nquan1         1\n\nsection" in table


@pytest.mark.parametrize(
    ("flag", "ids"),
    [("--gone", [4]), ("--present", [3, 2, 1]), ("--changed", [3]), ("--unchanged", [2, 1, 4])],
)
def test_search_by_state(folder: Path, flag: str, ids: list[int]) -> None:
    found = json.loads(run("search", flag, "--json", "--data", folder).stdout)
    assert [hit["id"] for hit in found] == ids


def test_export_to_a_file_and_to_stdout(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "news.jsonl"
    written = run("export", file, "--data", folder, "--words", "duong")
    assert (written.stdout, written.exit_code) == ("", 0)
    assert "3 articles exported" in written.stderr
    assert [json.loads(line)["id"] for line in file.read_text("utf-8").splitlines()] == [1, 2, 4]
    piped = run("export", "-", "--format", "json", "--data", folder, "--gone")
    assert [row["id"] for row in json.loads(piped.stdout)] == [4]
    assert run("export", "--data", folder).exit_code == 2


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("search", "x", "--data", "/nowhere"), 1, "Error: /nowhere holds no archive yet"),
        (("export", "a.xls"), 2, "no format"),
        (("show", "quan1/absent"), 2, "govnews search WORDS"),
        (("search", "--since", "soon"), 2, "is no day"),
        (("search", "--site", "absent"), 2, "It holds: quan1"),
        (("extract", "absent", "page.html"), 2, "no site is called"),
        (("extract", "any", "/absent.html", "--url", "http://a.example/"), 2, "can't be read"),
        (("extract", "any", "page.html"), 2, "--url"),
        (("extract", "any", "http://127.0.0.1:9/"), 1, "can't be fetched"),
        (("sites", "--sites", "/nowhere"), 2, "no such folder"),
        (("absent",), 2, "No such command"),
        (("show",), 2, "Missing argument"),
    ],
)
def test_errors_name_the_cure_and_have_their_code(
    folder: Path, arguments: tuple[str, ...], code: int, message: str
) -> None:
    result = run(*arguments, GOVNEWS_DATA=str(folder))
    assert result.exit_code == code
    assert message in result.stderr
    assert result.stdout == ""


def test_an_interrupt_is_130(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Collection, "search", interrupted)
    assert run("search", "x", "--data", folder).exit_code == 130


def test_every_command_has_help_with_an_example() -> None:
    listed = run("--help").stdout
    for name in ("sites", "extract", "search", "show", "diff", "export"):
        assert f"\n  {name} " in listed
        assert f"govnews {name} " in run(name, "--help").stdout


def test_sites(folder: Path, tmp_path: Path) -> None:
    listed = run("sites", "--data", folder)
    assert "quan1" in listed.stdout
    assert "2025-07-01         4  2026-11-21  incomplete         2" in listed.stdout
    empty = json.loads(run("sites", "--json", "--data", tmp_path).stdout)
    assert {"quan1": 0}.items() <= {row["id"]: row["articles"] for row in empty}.items()


def test_a_broken_site_file_is_a_warning_of_sites(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text('nam = "x"')
    listed = run("sites", "--sites", tmp_path, "--data", tmp_path)
    assert listed.exit_code == 3
    assert "bad.toml: name: missing" in listed.stderr
    assert "quan1" in listed.stdout


@pytest.fixture
def my_sites(tmp_path: Path) -> Path:
    """A folder with one site, one saved page of it and what is expected of that."""
    (tmp_path / "mau.toml").write_text(SITE, "utf-8")
    (tmp_path / "mau").mkdir()
    (tmp_path / "mau" / "bai.html").write_text(PAGE, "utf-8")
    expected = {"url": "http://mau.example/tin/1", "key": "1", "title": "Một bài về đường"}
    (tmp_path / "mau" / "bai.json").write_text(json.dumps(expected), "utf-8")
    return tmp_path


def test_sites_check_holds_saved_pages_against_expectations(my_sites: Path) -> None:
    checked = run("sites", "--sites", my_sites, "check", "mau")
    assert (checked.stdout, checked.exit_code) == ("mau/bai.html: ok\n", 0)
    expected = {"url": "http://mau.example/tin/1", "title": "Hai bài", "media": [], "nothing": 1}
    (my_sites / "mau" / "bai.json").write_text(json.dumps(expected), "utf-8")
    checked = run("sites", "check", "mau", "--sites", my_sites)
    assert checked.exit_code == 3
    assert 'title: expected "Hai bài", read "Một bài về đường"' in checked.stdout
    assert "nothing: expected 1, read null" in checked.stdout
    assert "media" not in checked.stdout


def test_sites_check_wants_pages_expectations_and_a_site_file(my_sites: Path) -> None:
    (my_sites / "mau" / "bai.json").unlink()
    assert "nothing is expected" in run("sites", "check", "mau", "--sites", my_sites).stdout
    (my_sites / "mau" / "bai.html").unlink()
    bare = run("sites", "check", "mau", "--sites", my_sites, "--json")
    assert "no saved page" in json.loads(bare.stdout)[0]["differences"][0]
    (my_sites / "broken.toml").write_text(SITE + "x = 1", "utf-8")
    broken = run("sites", "check", "broken", "--sites", my_sites)
    assert broken.exit_code == 3
    assert "unknown key" in broken.stdout


def test_extract_a_file(my_sites: Path) -> None:
    page = my_sites / "mau" / "bai.html"
    read = run("extract", "mau", page, "--url", "http://mau.example/tin/1", "--sites", my_sites)
    reading = json.loads(read.stdout)
    assert list(reading) == ["article", "mentions", "next", "leads", "problems", "evidence"]
    assert (reading["article"]["site"], reading["article"]["key"]) == ("mau", "1")
    assert reading["article"]["title"] == "Một bài về đường"
    assert reading["article"]["published_precision"] is None


@pytest.fixture
def portal() -> Iterator[str]:
    """A server with one page, /tin/1, and a robots.txt that forbids /private."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            agent = self.headers["User-Agent"].startswith("govnews/")
            known = {"/tin/1": LONGER_PAGE, "/robots.txt": "User-agent: *\nDisallow: /private"}
            text = known.get(self.path) if agent else None
            self.send_response(200 if text else 404)
            self.end_headers()
            self.wfile.write((text or "").encode())

        def log_message(self, format: str, *_: object) -> None:  # noqa: A002 -- its name above
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_extract_an_address(portal: str) -> None:
    reading = json.loads(run("extract", "any", f"{portal}/tin/1").stdout)
    assert reading["article"]["title"] == "Một bài về đường"
    assert reading["article"]["url"] == f"{portal}/tin/1"
    for path, message in (("private", "robots.txt forbids"), ("absent", "answered 404")):
        refused = run("extract", "any", f"{portal}/{path}")
        assert refused.exit_code == 1
        assert message in refused.stderr


def test_a_reader_that_leaves_early_makes_no_noise(folder: Path) -> None:
    code = "from govnews.cli import main; main()"
    command = [sys.executable, "-c", code, "export", "--format", "csv", "--data", str(folder)]
    read_end, write_end = os.pipe()
    os.close(read_end)
    done = subprocess.run(
        command, stdout=write_end, stderr=subprocess.PIPE, timeout=60, check=False
    )
    os.close(write_end)
    assert done.stderr == b""


def test_python_m_govnews(folder: Path) -> None:
    command = [sys.executable, "-m", "govnews", "search", "đường", "--data", str(folder)]
    done = subprocess.run(command, capture_output=True, timeout=60, check=False)
    assert "Đường phố".encode() in done.stdout
