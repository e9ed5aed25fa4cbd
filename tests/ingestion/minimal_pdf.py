"""Builds small PDF files byte by byte, sound ones and broken ones, for the reader's tests."""

from __future__ import annotations

import zlib

_FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


def pdf(lines: list[str], *, title: str | None = None) -> bytes:
    """A one-page PDF with one text line for each string."""
    shown = b"".join(b"(" + _escaped(line) + b") Tj T* " for line in lines)
    return with_content(b"BT /F1 10 Tf 14 TL 40 800 Td " + shown + b"ET", title=title)


def with_content(content: bytes, *, title: str | None = None, filters: bytes = b"", trailer: bytes = b"") -> bytes:
    """A one-page PDF around a content stream."""
    info = b"<< /Title (" + _escaped(title) + b") >>" if title else b"<< >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 1200 842] /Contents 5 0 R"
        b" /Resources << /Font << /F1 4 0 R >> >> >>",
        _FONT,
        b"<< /Length %d %s >>\nstream\n" % (len(content), filters) + content + b"\nendstream",
        info,
    ]
    return _file(objects, b"/Root 1 0 R /Info 6 0 R " + trailer)


def bomb(megabytes: int) -> bytes:
    """A content stream that grows a million times: deflated twice over."""
    page = zlib.compressobj(9)
    inflated = b"".join([*(page.compress(b" " * 2**20) for _ in range(megabytes)), page.flush()])
    return with_content(zlib.compress(inflated, 9), filters=b"/Filter [/FlateDecode /FlateDecode]")


def encrypted() -> bytes:
    """A PDF whose password nobody knows: the standard handler with keys that fit no password."""
    keys = b"<41424344454647484142434445464748414243444546474841424344454647>"
    handler = b"/Encrypt << /Filter /Standard /V 1 /R 2 /P -44 /O %s /U %s >>" % (keys, keys)
    document_id = b"/ID [<30313233343536373839414243444546> <30313233343536373839414243444546>] "
    return with_content(b"BT ET", trailer=document_id + handler)


def _escaped(text: str) -> bytes:
    return text.encode("latin-1").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def _file(objects: list[bytes], trailer: bytes) -> bytes:
    out = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d " % (len(objects) + 1) + trailer + b" >>\nstartxref\n%d\n%%%%EOF\n" % start
    return bytes(out)
