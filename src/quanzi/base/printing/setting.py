"""Setting one template with typst: JSON in, PDF out. No network, no other fonts, no other folder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any, Literal, cast

import segno
import typst
from django.utils.translation import get_language

TEMPLATES = Path(__file__).parent / "templates"
FONT = "cvttf_NotoSansCJK_Medium"


@cache  # reading a font of 16 MB takes longer than setting a hundred labels
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(files(FONT))])


def set_pdf(template: str, facts: Mapping[str, Any], *, now: datetime) -> bytes:
    """The template of this name with these facts (JSON values) as one PDF; `now` stands in it as the time of making."""
    return cast(bytes, _set(template, facts, now, "pdf"))


def picture(template: str, facts: Mapping[str, Any], *, now: datetime, ppi: float = 144) -> list[bytes]:
    """The same as PNG, page by page, to look at."""
    pages = _set(template, facts, now, "png", ppi)
    return pages if isinstance(pages, list) else [cast(bytes, pages)]


def _set(
    template: str, facts: Mapping[str, Any], now: datetime, kind: Literal["pdf", "png"], ppi: float = 144
) -> bytes | list[bytes] | None:
    compiler = typst.Compiler(
        TEMPLATES / f"{template}.typ",
        root=TEMPLATES,
        font_paths=_fonts(),
        sys_inputs={"facts": json.dumps({**facts, "language": _language()}, ensure_ascii=False)},
    )
    return compiler.compile(format=kind, ppi=ppi, timestamp=int(now.timestamp()))


def _language() -> str:
    return "en" if (get_language() or "").startswith("en") else "zh"


def qr_svg(text: str) -> str:
    """A QR code as SVG without a margin, for a template to place; the template leaves the quiet zone."""
    out = BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", border=0, xmldecl=False, svgns=True)
    return out.getvalue().decode()
