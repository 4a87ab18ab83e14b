"""One process at a time changes what a collection holds of a site."""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep
from typing import IO

from govnews.errors import SiteBusyError

_PATIENCE = 10.0


def lock_site(folder: Path, site: str, holder: int) -> IO[str]:
    """The lock of a site in a collection, held by the process `holder` while the file is open.

    The keeper of a crawl that was killed may still be writing its last page: it is waited for.
    Raises SiteBusyError where another process is at work.
    """
    (folder / "locks").mkdir(exist_ok=True)
    file = (folder / "locks" / site).open("a+")
    deadline = monotonic() + _PATIENCE
    while True:
        with suppress(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        file.seek(0)
        other = file.read().strip()
        if _alive(other) or monotonic() > deadline:
            raise SiteBusyError(
                f"{site} is being crawled into {folder}, or read again, by process "
                f"{other or 'unknown'}. Wait for it to end, or stop it"
            )
        sleep(0.1)
    file.seek(0)
    file.truncate()
    file.write(str(holder))
    file.flush()
    return file


def _alive(holder: str) -> bool:
    if not holder.isdigit():
        return False
    try:
        os.kill(int(holder), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not Path(f"/proc/{holder}/stat").exists() or _state(holder) != "Z"


def _state(process: str) -> str:
    with suppress(OSError):
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    return "Z"
