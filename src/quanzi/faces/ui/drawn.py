"""Pictures that we draw ourselves: Chinese type on plain grounds, in the shop's colours. The same input gives the same bytes."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw, ImageFont, features

from quanzi.base.shop.models import Accent

PAPER, CARD, INK, INK_2, LINE, PINE = "#fffcf7", "#ffffff", "#23201c", "#6b645b", "#e8e2d9", "#1f6b52"
# What ui/accents.css says for light pages: fill, and text on paper.
ACCENTS: dict[str, tuple[str, str]] = {
    Accent.PERSIMMON: ("#c94a17", "#b8430f"),
    Accent.ROUGE: ("#cf3060", "#ba2c56"),
    Accent.PLUM: ("#9e53a9", "#8f4c9a"),
    Accent.INDIGO: ("#405dbf", "#3954ac"),
    Accent.LAKE: ("#2678a1", "#247299"),
    Accent.TEA: ("#95662f", "#91632e"),
}
ON_ACCENT = "#ffffff"


@lru_cache(maxsize=32)
def font(size: int) -> ImageFont.FreeTypeFont:
    """Noto Sans CJK at this size in pixels."""
    path = files("cvttf_NotoSansCJK_Medium") / "NotoSansCJKtc-Medium.otf"
    layout = ImageFont.Layout.RAQM if features.check("raqm") else ImageFont.Layout.BASIC
    return ImageFont.truetype(str(path), size, layout_engine=layout)


def write(
    draw: ImageDraw.ImageDraw, at: tuple[float, float], text: str, *, size: int, fill: str, anchor: str = "la"
) -> None:
    """Text with the letter forms of the mainland; the font's own are Taiwan's."""
    draw.text(at, text, font=font(size), fill=fill, anchor=anchor, **_forms())


def width_of(text: str, size: int) -> float:
    return font(size).getlength(text, **_forms())


def lines_of(text: str, *, size: int, width: int, most: int) -> list[str]:
    """Text broken to a width: between Chinese characters anywhere, between Latin words at spaces; cut with … when it is too long."""
    lines, line = [], ""
    for piece in _pieces(" ".join(text.split())):
        if line and width_of(line + piece.rstrip(), size) > width:
            lines.append(line.rstrip())
            line = ""
        line += piece.lstrip() if not line else piece
    lines.append(line.rstrip())
    if len(lines) <= most:
        return [line for line in lines if line]
    last = lines[most - 1]
    while last and width_of(last + "…", size) > width:
        last = last[:-1]
    return [*lines[: most - 1], last.rstrip() + "…"]


def png(picture: Image.Image) -> bytes:
    out = BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def _pieces(text: str) -> list[str]:
    """Latin words with the space after them; every other character by itself. A closing mark never begins a line."""
    pieces: list[str] = []
    for character in text:
        joins = pieces and (
            (pieces[-1].endswith(" ") and pieces[-1].strip()[-1:].isdigit() and not character.isascii())  # "5 斤"
            or (character.isascii() and pieces[-1][-1].isascii() and not pieces[-1].endswith(" "))
            or character in "，。、；：？！）》”…·"
        )
        if joins:
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def _forms() -> dict[str, Any]:
    return {"language": "zh-Hans"} if features.check("raqm") else {}
