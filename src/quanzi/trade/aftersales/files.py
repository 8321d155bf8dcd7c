"""What a file of an invoice may be: looked at by its content, whatever it is called. Pure."""

from __future__ import annotations

import io
import zipfile

from quanzi.trade.aftersales.errors import NotAnInvoiceFile

MOST_MB = 5
MOST_UNPACKED = 50_000_000
TYPES = {"pdf": "application/pdf", "ofd": "application/ofd"}


def kind_of(data: bytes) -> str:
    """ "pdf" or "ofd" (GB/T 33190, a zip with OFD.xml in it). Raises NotAnInvoiceFile."""
    if len(data) <= MOST_MB * 1_000_000:
        if data.startswith(b"%PDF-") and b"%%EOF" in data[-1_024:]:
            return "pdf"
        if _is_ofd(data):
            return "ofd"
    raise NotAnInvoiceFile(field="file", most=MOST_MB)


def _is_ofd(data: bytes) -> bool:
    if not data.startswith(b"PK"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return False
    return any(one.filename == "OFD.xml" for one in infos) and sum(one.file_size for one in infos) <= MOST_UNPACKED
