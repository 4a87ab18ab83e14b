"""Keeping: reads what was fetched, and keeps each page in one transaction.

It runs in a process of its own beside the fetching one, so that both cores work. `messages` is
what passes between the two, `client` the fetching side's end, `process` the other; `keeper` does
the work: WARC, then reading, then one transaction for each page.
"""
