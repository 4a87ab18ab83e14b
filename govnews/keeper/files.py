"""What an answer means where an article's file was asked for."""

from __future__ import annotations

from govnews.archive import attachments, frontier
from govnews.items import Capture
from govnews.keeper.again import backoff, has_tries
from govnews.keeper.visit import RETRIED, Visit, redirected

_MAGIC = (b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"Rar!", b"7z\xbc\xaf", b"{\\rtf")
"""How files begin that servers call pages: PDF, ZIP with OOXML, OLE, RAR, 7z, RTF."""
_TRUNCATED = {
    "disconnect": "the connection broke before the file's end",
    "time": "the file's end did not come in time",
    "length": "larger than fetch.largest_file of the site file allows",
}


def keep_file(visit: Visit) -> str:
    """Keeps what the address of a file answers; a word for what it was, to count by.

    What the server says that it has not, or that is too large, is not asked for again.
    """
    capture, row = visit.capture, visit.row
    if 300 <= capture.status < 400:
        return redirected(visit)
    passing = capture.status in RETRIED or capture.truncated in ("disconnect", "time")
    if passing and has_tries(row, capture):
        frontier.again(visit.db, row.id, backoff(visit.site, row, capture))
        return "retried"
    fault = _fault(capture)
    if fault is None:
        attachments.captured(visit.db, row.key.removeprefix("file:"), visit.capture_id)
    else:
        visit.problem("file", fault)
    (frontier.failed if passing else frontier.done)(visit.db, row.id)
    return "file" if fault is None else "failed"


def _fault(capture: Capture) -> str | None:
    """Why an answer is not the file, None where it is."""
    if capture.status != 200:
        return f"status {capture.status}"
    if capture.truncated:
        return _TRUNCATED[capture.truncated]
    if not capture.body:
        return "the body holds nothing"
    is_page = (capture.header("Content-Type") or "").lower().startswith("text/html")
    if is_page and not capture.body.startswith(_MAGIC):
        return "a page came in place of the file"
    return None
