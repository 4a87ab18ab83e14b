"""Where an export goes: the standard output, or a file that is whole or not there."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from govnews.errors import GovnewsError, UsageError


@contextmanager
def destination(file: Path | None) -> Iterator[BinaryIO]:
    """A stream of bytes to `file`, or to the standard output for None.

    A file gets its name when all is written; until then its old content stays. Raises UsageError
    where it can't be made, GovnewsError where the disk fails.
    """
    if file is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    target = file.resolve()
    try:
        if target.exists() and not target.is_file():  # a pipe or a device takes no other's place
            with target.open("wb") as stream:
                yield stream
        else:
            yield from _replaced(target)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError, PermissionError) as error:
        raise UsageError(f"{file} can't be written: {error.strerror}. Name another") from error
    except BrokenPipeError:
        raise
    except OSError as error:
        raise GovnewsError(f"{file} can't be written: {error.strerror}. Make room") from error


def _replaced(target: Path) -> Iterator[BinaryIO]:
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as stream:
            yield stream
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
