"""Icons of the shop as an app: its logo, or the first character of its name on its accent."""

from __future__ import annotations

from functools import lru_cache

from PIL import Image, ImageDraw, ImageOps

from quanzi.base.media import files
from quanzi.base.shop.identity import Identity
from quanzi.faces.ui import drawn

SAFE = 0.62
"""A launcher may cut an icon to a circle; what matters stands in this share of its width."""


def icon_of(shop: Identity, *, name: str, size: int) -> bytes:
    """A square PNG that fills its edges, so that every launcher may cut its own shape."""
    return _draw(shop.logo, shop.accent, name.strip()[:1] or "圈", size)


@lru_cache(maxsize=16)
def _draw(logo: str, accent: str, letter: str, size: int) -> bytes:
    fill, _ = drawn.ACCENTS[accent]
    picture = _logo(logo)
    if picture is not None:
        ground = Image.new("RGB", (size, size), drawn.CARD)
        fitted = ImageOps.contain(picture, (int(size * SAFE), int(size * SAFE)))
        ground.paste(fitted, ((size - fitted.width) // 2, (size - fitted.height) // 2), fitted)
        return drawn.png(ground)
    ground = Image.new("RGB", (size, size), fill)
    draw = ImageDraw.Draw(ground)
    drawn.write(draw, (size / 2, size / 2), letter, size=int(size * SAFE), fill=drawn.ON_ACCENT, anchor="mm")
    return drawn.png(ground)


def _logo(address: str) -> Image.Image | None:
    """The picture behind an address of the media room; None without one, or while its file is away."""
    if not address:
        return None
    sha256, width = address.rsplit("/", 1)[-1].removesuffix(".webp").rsplit("-", 1)
    try:
        return Image.open(files.path(sha256, int(width))).convert("RGBA")
    except FileNotFoundError:
        return None
