"""`python -m govnews.demo`: the portal in the foreground; its URL is the first line."""

from __future__ import annotations

import argparse
import signal
import sys
from threading import Event, Thread

from govnews.demo import Host, Portal


def main() -> None:
    """Serve until SIGTERM, SIGINT or, where asked for, the end of standard input."""
    options = _options()
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if options.until_eof:
        Thread(target=_watch, args=(stop,), daemon=True).start()
    host = Host(pager=options.pager, gzip=options.gzip, validators=options.validators)
    portal = Portal(options.articles, options.seed, host=host, port=options.port, remember=0)
    with portal:
        sys.stdout.write(f"{portal.url}\n")
        sys.stdout.flush()
        stop.wait()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m govnews.demo", description=__doc__)
    parser.add_argument("--articles", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--pager", choices=("postback", "grid", "get"), default="postback")
    parser.add_argument("--gzip", action="store_true", help="compress for those who accept it")
    parser.add_argument("--validators", action="store_true", help="ETag, Last-Modified, 304")
    parser.add_argument("--until-eof", action="store_true", help="end with standard input")
    return parser.parse_args()


def _watch(stop: Event) -> None:
    sys.stdin.buffer.read()
    stop.set()


if __name__ == "__main__":
    main()
