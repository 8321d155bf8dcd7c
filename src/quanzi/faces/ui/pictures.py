"""Responsive pictures and QR codes as markup that a strict content policy allows."""

from __future__ import annotations

import io
from functools import lru_cache

import segno
from markupsafe import Markup

from .people_marks import picture_url

WIDTHS = (320, 640, 1280)
DEFAULT_SIZES = "(min-width: 900px) 296px, 50vw"


def picture(
    pic: object,
    width: int = 640,
    alt: str | None = None,
    sizes: str = DEFAULT_SIZES,
    eager: bool = False,
) -> Markup:
    """An <img> with three widths, its own proportions and lazy loading.

    pic: something with url(width), width, height and alt, or a plain address. `alt=""` marks it as decoration.
    `eager` is for the one picture at the top of the page.
    """
    text = alt if alt is not None else str(getattr(pic, "alt", "") or "")
    loading = Markup('fetchpriority="high"') if eager else Markup('loading="lazy"')
    if isinstance(pic, str):
        return Markup('<img src="{}" alt="{}" decoding="async" {}>').format(pic, text, loading)
    srcset = ", ".join(f"{picture_url(pic, each)} {each}w" for each in WIDTHS)
    shape = Markup("")
    if getattr(pic, "width", None) and getattr(pic, "height", None):
        shape = Markup(' width="{}" height="{}"').format(pic.width, pic.height)  # type: ignore[attr-defined]
    return Markup('<img src="{}" srcset="{}" sizes="{}" alt="{}"{} decoding="async" {}>').format(
        picture_url(pic, width), srcset, sizes, text, shape, loading
    )


@lru_cache(maxsize=512)
def qr(text: str, label: str = "") -> Markup:
    """A QR code (error level M) as inline SVG, dark on light in both themes so that scanners read it, with a quiet zone of two modules."""
    code = segno.make(text, error="m", micro=False)
    out = io.BytesIO()
    code.save(out, kind="svg", xmldecl=False, svgns=False, omitsize=True, border=2, dark="#23201c",
              svgclass=None, lineclass=None, nl=False)  # fmt: skip
    svg = out.getvalue().decode()
    return Markup(svg.replace("<svg ", f'<svg role="img" aria-label="{Markup.escape(label or text)}" ', 1))
