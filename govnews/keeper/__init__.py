"""Keeping: reads what was fetched, and keeps each page in one transaction.

Fetching, reading and keeping are a process each, in a ring of sockets: `client` is the fetching
one's end, `reader` reads, `process` keeps and answers; `messages` is what passes between them,
`frames` how. `keeper` does the work: WARC, then one transaction for each page; `visit` is what
each kind of answer means, `walk` when a listing has ended.
"""
