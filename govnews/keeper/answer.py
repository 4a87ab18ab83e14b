"""What becomes of an answer, whatever it was asked for; a crawl and a re-reading call the same."""

from __future__ import annotations

from govnews.archive import log
from govnews.keeper.files import keep_file
from govnews.keeper.probe import keep_probe
from govnews.keeper.visit import Visit, keep

_KEEP = {"file": keep_file, "probe": keep_probe}


def keep_answer(visit: Visit) -> str:
    """Keeps what an answer says, and logs how it was read; a word for what it was, to count by."""
    says = _KEEP.get(visit.row.kind, keep)(visit)
    log.add_reading(visit.db, visit.site, visit.capture_id, visit.reading, visit.said)
    return says
