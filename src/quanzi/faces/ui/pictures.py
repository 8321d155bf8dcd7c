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
    if isinstance(pic, str):
        return Markup('<img src="{}" alt="{}" decoding="async" {}>').format(pic, text, _loading(eager))
    shape = (int(getattr(pic, "width", 0) or 0), int(getattr(pic, "height", 0) or 0))
    urls = tuple(picture_url(pic, each) for each in WIDTHS)
    return _img(picture_url(pic, width), urls, sizes, text, shape, eager)


@lru_cache(maxsize=8192)
def _img(src: str, urls: tuple[str, ...], sizes: str, text: str, shape: tuple[int, int], eager: bool) -> Markup:
    srcset = ", ".join(f"{url} {width}w" for url, width in zip(urls, WIDTHS, strict=True))
    proportions = Markup(' width="{}" height="{}"').format(*shape) if all(shape) else Markup("")
    return Markup('<img src="{}" srcset="{}" sizes="{}" alt="{}"{} decoding="async" {}>').format(
        src, srcset, sizes, text, proportions, _loading(eager)
    )


def _loading(eager: bool) -> Markup:
    return Markup('fetchpriority="high"') if eager else Markup('loading="lazy"')


@lru_cache(maxsize=512)
def qr(text: str, label: str = "") -> Markup:
    """A QR code (error level M) as inline SVG, dark on light in both themes so that scanners read it, with a quiet zone of two modules."""
    code = segno.make(text, error="m", micro=False)
    out = io.BytesIO()
    code.save(out, kind="svg", xmldecl=False, svgns=False, omitsize=True, border=2, dark="#23201c",
              svgclass=None, lineclass=None, nl=False)  # fmt: skip
    svg = out.getvalue().decode()
    drawn = svg.replace("<svg ", f'<svg role="img" aria-label="{Markup.escape(label or text)}" ', 1)
    return Markup(drawn)  # nosec B704  # what comes from outside is escaped on the line above
