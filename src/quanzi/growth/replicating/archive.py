"""A pattern as one file: pattern.json, the pictures it names, and checksums of all of them, in a zip that is the same each time."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
import zlib

from quanzi.growth.replicating.content import Content, checked, files_of, written
from quanzi.growth.replicating.errors import NotAPattern, PatternTooLarge

CONTENT, SUMS = "pattern.json", "SHA256SUMS"
MOST_MB = 20
MOST_FILES = 150
PICTURE = re.compile(r"media/[0-9a-f]{64}\.webp")
LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The time of every file in it: when it was made is nobody's business, and the same content gives the same bytes."""


def pack(content: Content, files: dict[str, bytes]) -> bytes:
    """content: checked; files: pictures by the names that it uses. Raises PatternTooLarge: what nobody could take in is not given out."""
    if len(files) > MOST_FILES - 2 or sum(map(len, files.values())) > (MOST_MB - 1) * 1_000_000:
        raise PatternTooLarge(field="texts", most=MOST_MB)
    parts = {CONTENT: written(content), **files}
    sums = "".join(f"{hashlib.sha256(parts[name]).hexdigest()}  {name}\n" for name in sorted(parts))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted({**parts, SUMS: sums.encode()}.items()):
            one = zipfile.ZipInfo(name, date_time=LONG_AGO)
            one.compress_type, one.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(one, data)
    return out.getvalue()


def unpack(data: bytes) -> tuple[Content, dict[str, bytes]]:
    """Content and pictures. Raises NotAPattern, NewerPattern, PatternTooLarge; nothing is written anywhere."""
    if len(data) > MOST_MB * 1_000_000:
        raise PatternTooLarge(field="file", most=MOST_MB)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = _parts(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as damaged:
        raise NotAPattern(field="file") from damaged
    sums = parts.pop(SUMS, b"").decode("ascii", "replace").splitlines()
    if sorted(sums) != sorted(f"{hashlib.sha256(parts[name]).hexdigest()}  {name}" for name in parts):
        raise NotAPattern(field="file")
    try:
        content = checked(json.loads(parts.pop(CONTENT, b"").decode()))
    except (ValueError, RecursionError) as unreadable:
        raise NotAPattern(field="file") from unreadable
    if set(parts) != files_of(content):
        raise NotAPattern(field="file")
    return content, parts


def _parts(archive: zipfile.ZipFile) -> dict[str, bytes]:
    """Each file once, under a name that a pattern may use, no larger than it may be however well it was packed."""
    infos = archive.infolist()
    names = [one.filename for one in infos]
    fit = all(name in (CONTENT, SUMS) or PICTURE.fullmatch(name) for name in names)
    if not fit or len(names) != len(set(names)) or len(names) > MOST_FILES:
        raise NotAPattern(field="file")
    if sum(one.file_size for one in infos) > MOST_MB * 1_000_000:
        raise PatternTooLarge(field="file", most=MOST_MB)
    return {one.filename: archive.read(one) for one in infos}
