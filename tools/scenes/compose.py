"""Compose the demo shop's pictures in one scene language and write them as WebP.

    npm install @iconify-json/fluent-emoji
    python tools/scenes/compose.py node_modules/@iconify-json/fluent-emoji/icons.json [NAME ...]

Wall tint, pale disc, a table 27 % high with a slightly curved edge, two to five objects with a soft ground shadow each,
light from above. Needs Playwright with a Chromium, and Pillow. With names, only those pictures are written again.
"""

from __future__ import annotations

import io
import json
import os
import re
import sys
from pathlib import Path

from drawings import DRAWINGS
from PIL import Image
from playwright.sync_api import Page, sync_playwright
from scenes import COVERS, FACES, MAKERS, SCENES, TINTS, Scene

TARGET = Path(__file__).parents[2] / "src/quanzi/site/demo/pictures"
SHAPES = {"square": (1080, 1080), "tall": (1080, 1350), "wide": (1600, 900), "face": (400, 400)}
TABLE = 0.73
SAMPLES = Path(__file__).parents[2] / "src/quanzi/faces/ui/static/ui/samples"  # small copies for the styleguide
SAMPLE_WIDTHS = {"yam-1": 480, "yam-note-1": 480, "spinach-1": 480, "eggs-note-1": 480, "tote-note-1": 480, "shrimp-1": 480,
                 "circle-neighbours": 800, "face-xiaoyu": 144, "face-you": 144, "face-chennian": 144, "face-wang": 144,
                 "face-zhao": 144, "maker-shipi": 144}  # fmt: skip
QUALITY = 82
LARGEST_BYTES = 90_000


class Objects:
    """Bodies of objects by name, each with its own ids and its true bounding box."""

    def __init__(self, source: Path, page: Page) -> None:
        loaded = json.loads(source.read_text(encoding="utf-8"))
        self._icons, self._aliases = loaded["icons"], loaded.get("aliases", {})
        self._page, self._boxes, self._count = page, {}, 0

    def body(self, name: str) -> str:
        self._count += 1
        found = self._aliases.get(name, {}).get("parent", name)
        body = DRAWINGS[name] if name in DRAWINGS else self._icons[found]["body"]
        mark = f"o{self._count}_"
        body = re.sub(r'id="([^"]+)"', rf'id="{mark}\1"', body)
        body = re.sub(r"url\(#([^)]+)\)", rf"url(#{mark}\1)", body)
        return re.sub(r'href="#([^"]+)"', rf'href="#{mark}\1"', body)

    def box(self, name: str) -> tuple[float, float, float, float]:
        """x, y, width, height of what is really drawn, on the grid of 32."""
        if name not in self._boxes:
            self._page.set_viewport_size({"width": 640, "height": 640})
            self._page.set_content(
                f'<body style="margin:0"><svg width="640" height="640" viewBox="0 0 32 32">{self.body(name)}</svg>'
            )
            shot = Image.open(
                io.BytesIO(
                    self._page.screenshot(clip={"x": 0, "y": 0, "width": 640, "height": 640}, omit_background=True)
                )
            )
            left, top, right, bottom = shot.getchannel("A").point(lambda value: 255 if value > 40 else 0).getbbox()
            self._boxes[name] = (left / 20, top / 20, (right - left) / 20, (bottom - top) / 20)
        return self._boxes[name]

    def put(self, name: str, *, x: float, foot: float, height: float, tilt: float = 0, colour: str = "") -> str:
        """The object standing with its foot at (x, foot), `height` px high, tilted about its middle."""
        left, top, width, tall = self.box(name)
        scale = height / tall
        cx, cy = left + width / 2, top + tall / 2
        move = f"translate({x:.1f} {foot - height / 2:.1f}) rotate({tilt}) scale({scale:.3f}) translate({-cx:.2f} {-cy:.2f})"
        style = f' style="filter:{colour}"' if colour and colour != "fly" else ""
        return f'<g{style}><g transform="{move}">{self.body(name)}</g></g>'


def shadow(*, x: float, foot: float, width: float, ground: str = "ground") -> str:
    return f'<ellipse cx="{x:.1f}" cy="{foot:.1f}" rx="{width:.1f}" ry="{width * 0.17:.1f}" fill="url(#{ground})"/>'


def ground(tone: str) -> str:
    stops = ((0, 0.46), (0.45, 0.24), (1, 0))
    inside = "".join(f'<stop offset="{at}" stop-color="{tone}" stop-opacity="{strength}"/>' for at, strength in stops)
    return f'<radialGradient id="ground">{inside}</radialGradient>'


def stage(width: int, height: int, tint: str, *, disc: tuple[float, float, float] = (0.5, 0.4, 0.385)) -> str:
    """Wall, disc and table; the disc as middle x, middle y (of the height) and radius (of the width)."""
    wall, pale, table, tone = TINTS[tint]
    edge = height * TABLE
    rise = height * 0.012
    dx, dy, radius = disc
    return (
        f"<defs>{ground(tone)}</defs>"
        f'<rect width="{width}" height="{height}" fill="{wall}"/>'
        f'<circle cx="{width * dx}" cy="{height * dy:.1f}" r="{width * radius:.1f}" fill="{pale}"/>'
        f'<path d="M0 {edge + rise:.1f}Q{width / 2} {edge - rise:.1f} {width} {edge + rise:.1f}V{height}H0Z" fill="{table}"/>'
    )


def svg(width: int, height: int, inside: str) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">{inside}</svg>'


def scene(objects: Objects, one: Scene) -> str:
    width, height = SHAPES[one.shape]
    parts = [stage(width, height, one.tint, disc=(0.5, 0.4, 0.385) if one.shape == "tall" else (0.5, 0.42, 0.375))]
    for name, x, foot, tall, tilt, *colour in one.objects:
        _, _, box_width, box_height = objects.box(name)
        reach = width * tall * box_width / box_height / 2
        if colour != ["fly"]:
            parts.append(shadow(x=width * x, foot=height * foot, width=reach * 1.06))
        parts.append(
            objects.put(
                name,
                x=width * x,
                foot=height * foot,
                height=width * tall,
                tilt=tilt,
                colour=colour[0] if colour else "",
            )
        )
    return svg(width, height, "".join(parts))


def street(objects: Objects) -> str:
    """Houses on a hill under a low sun, for the neighbours' circle."""
    width, height = SHAPES["wide"]
    parts = [
        f'<defs>{ground("#3c5a3a")}<linearGradient id="sky" x1="0" y1="0" x2="0" y2="1"><stop stop-color="#fbe6d3"/>'
        '<stop offset="1" stop-color="#fdf3e6"/></linearGradient></defs>',
        f'<rect width="{width}" height="{height}" fill="url(#sky)"/><circle cx="1130" cy="330" r="170" fill="#fff6e6"/>',
        f'<path d="M0 660Q{width / 2} 560 {width} 660V{height}H0Z" fill="#cfe0c0"/>',
    ]
    for name, x, foot, tall in (
        ("deciduous-tree", 175, 690, 215), ("houses", 420, 660, 290), ("deciduous-tree", 655, 640, 150), ("house-with-garden", 790, 645, 250),
        ("deciduous-tree", 1030, 650, 230), ("houses", 1230, 668, 300), ("deciduous-tree", 1462, 700, 190),
    ):  # fmt: skip
        parts.append(objects.put(name, x=x, foot=foot, height=tall))
    parts.append(f'<path d="M0 690Q{width / 2} 588 {width} 690V{height}H0Z" fill="#d6e4c8"/>')  # hides the feet
    return svg(width, height, "".join(parts))


def row(objects: Objects, tint: str, things: tuple[tuple, ...]) -> str:
    """A wide table with things side by side."""
    width, height = SHAPES["wide"]
    parts = [stage(width, height, tint, disc=(0.5, 0.42, 0.25))]
    for name, x, tall, *colour in things:
        _, _, box_width, box_height = objects.box(name)
        foot = height * (0.80 if tall > 300 else 0.87)
        parts.append(shadow(x=x, foot=foot, width=tall * box_width / box_height / 2 * 1.06))
        parts.append(objects.put(name, x=x, foot=foot, height=tall, colour=colour[0] if colour else ""))
    return svg(width, height, "".join(parts))


# fmt: off
ROWS = {
    "cook": ("greens", (("pot-of-food", 560, 380), ("cooking", 1010, 360), ("leafy-green", 330, 250), ("tomato", 780, 200),
                        ("garlic", 1230, 170), ("carrot", 1410, 200))),
    "craft": ("leather", (("handbag", 560, 420), ("briefcase", 1060, 360), ("thread", 300, 220), ("scissors", 810, 190),
                          ("hide", 1360, 190))),
    "row": ("yam", (("basket", 800, 420), ("leafy-green", 520, 310), ("honey-pot", 1090, 320), ("roasted-sweet-potato", 680, 240),
                    ("tangerine", 960, 200), ("egg", 330, 180), ("egg", 230, 170), ("strawberry", 1280, 190), ("tomato", 1420, 170))),
}
# fmt: on


def cover(objects: Objects, kind: str) -> str:
    return street(objects) if kind == "street" else row(objects, *ROWS[kind])


def face(objects: Objects, emoji: str, colour: str) -> str:
    """A face or a bust on a tinted ground; a bust stands on the lower edge."""
    bust = any(word in emoji for word in ("farmer", "cook", "mechanic"))
    drawn = objects.put(emoji, x=200, foot=404 if bust else 322, height=348 if bust else 244)
    return svg(400, 400, f'<rect width="400" height="400" fill="{colour}"/>{drawn}')


def write(page: Page, name: str, drawing: str, shape: str) -> int:
    width, height = SHAPES[shape]
    page.set_viewport_size({"width": width, "height": height})
    page.set_content(f'<body style="margin:0">{drawing}')
    shot = Image.open(io.BytesIO(page.screenshot(clip={"x": 0, "y": 0, "width": width, "height": height}))).convert(
        "RGB"
    )
    file = TARGET / f"{name}.webp"
    shot.save(file, "WEBP", quality=QUALITY, method=6)
    size = file.stat().st_size
    if size > LARGEST_BYTES:
        raise SystemExit(f"{file.name} has {size} bytes, more than {LARGEST_BYTES}.")
    if name in SAMPLE_WIDTHS:
        SAMPLES.mkdir(parents=True, exist_ok=True)
        shot.thumbnail((SAMPLE_WIDTHS[name], SAMPLE_WIDTHS[name] * 2))
        shot.save(SAMPLES / f"{name}.webp", "WEBP", quality=QUALITY, method=6)
    return size


def main(source: Path, wanted: set[str]) -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    index = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("QUANZI_CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox"]
        )
        page = browser.new_page()
        objects = Objects(source, page)

        def add(name: str, kind: str, shape: str, zh: str, en: str, tint: str, draw) -> None:
            index.append({"file": f"{name}.webp", "kind": kind, "alt_zh": zh, "alt_en": en, "tint": tint})
            if not wanted or name in wanted:
                print(f"{name}: {write(page, name, draw(), shape)} bytes")

        for one in SCENES:
            add(one.name, one.kind, one.shape, one.zh, one.en, one.tint, lambda one=one: scene(objects, one))
        for name, (zh, en, kind) in COVERS.items():
            add(name, "cover", "wide", zh, en, kind, lambda kind=kind: cover(objects, kind))
        for name, emoji, colour in FACES:
            add(
                f"face-{name}",
                "face",
                "face",
                "头像",
                "Avatar",
                colour,
                lambda emoji=emoji, colour=colour: face(objects, emoji, colour),
            )
        for name, emoji, colour, zh, en in MAKERS:
            add(name, "maker", "face", zh, en, colour, lambda emoji=emoji, colour=colour: face(objects, emoji, colour))
        browser.close()
    text = json.dumps(index, ensure_ascii=False, indent=1)
    (TARGET / "index.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]), set(sys.argv[2:]))
