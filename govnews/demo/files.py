"""The portal's images and attachments: small, valid, and different for each name."""

from __future__ import annotations

import zlib
from hashlib import blake2b
from struct import pack


def image(name: str) -> bytes:
    """A PNG of 8 by 6 pixels in one colour of the name's own."""
    pixels = (b"\0" + blake2b(name.encode(), digest_size=3).digest() * 8) * 6
    head = pack(">IIBBBBB", 8, 6, 8, 2, 0, 0, 0)
    chunks = (b"IHDR", head), (b"IDAT", zlib.compress(pixels)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        pack(">I", len(data)) + kind + data + pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def pdf(name: str) -> bytes:
    """A PDF of one page that shows its name."""
    text = f"BT /F1 12 Tf 60 700 Td ({name}) Tj ET".encode("ascii", "replace")
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
            b" /Resources << /Font << /F1 5 0 R >> >> >>"
        ),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    out, table = b"%PDF-1.4\n", b"0000000000 65535 f \n"
    for number, inside in enumerate(objects, 1):
        table += b"%010d 00000 n \n" % len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, inside)
    size = len(objects) + 1
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(out))
    return out + b"xref\n0 %d\n%s" % (size, table) + trailer
