"""Text can be read in both themes: the pairs that pages use are measured from the token file."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import quanzi.faces.ui as room
from quanzi.base.shop.models import Accent

SHEET = (Path(room.__file__).parent / "static/ui/tokens.css").read_text(encoding="utf-8")
GROUNDS = ("paper", "card", "soft")
TEXT = [(ink, ground) for ink in ("ink", "ink-2") for ground in (*GROUNDS, "rail")] + [
    ("accent-ink", "card"), ("accent-ink", "paper"), ("accent-ink", "accent-tint"), ("pine", "card"), ("pine", "paper"),
    ("pine", "pine-tint"), ("danger", "card"), ("danger", "danger-tint"), ("gold-ink", "gold-tint"), ("on-accent", "accent-fill"),
    ("on-pine", "pine"), ("on-danger", "danger"), ("on-invert", "invert"), ("on-invert-2", "invert"), ("ink", "picked"),
    ("ink", "pine-pale"), ("ink", "accent-tint"), ("ink", "pine-tint"),
]  # fmt: skip
EDGES = [("control", "card"), ("control", "paper"), ("accent", "card")]


def themes() -> dict[str, dict[str, str]]:
    light, media, chosen, *_ = re.split(
        r":root(?::not\(\[data-theme=\"light\"\]\)|\[data-theme=\"dark\"\])? \{", SHEET
    )[1:]
    read = [dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6})", block)) for block in (light, media, chosen)]
    return {"light": read[0], "dark": read[1], "chosen dark": read[2]}


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_has_at_least_four_and_a_half_to_one(theme: str, ink: str, ground: str) -> None:
    colours = themes()[theme]
    assert contrast(colours[ink], colours[ground]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_edges_of_controls_have_at_least_three_to_one(theme: str, edge: str, ground: str) -> None:
    colours = themes()[theme]
    assert contrast(colours[edge], colours[ground]) >= 3


def test_both_ways_into_the_dark_theme_say_the_same() -> None:
    found = themes()
    assert found["dark"] == found["chosen dark"]
    assert set(found["light"]) - set(found["dark"]) == set()


ACCENTS = (Path(room.__file__).parent / "static/ui/accents.css").read_text(encoding="utf-8")
LABELS = [pair for pair in TEXT if "accent" in " ".join(pair) or "picked" in pair]


def accent_blocks(name: str) -> list[dict[str, str]]:
    """Its values in light, in dark by the device, in dark by choice, laid over those of the theme."""
    found = [block for block in re.findall(r"([^{}]*)\{([^{}]*)\}", ACCENTS) if f'"{name}"]:checked' in block[0]]
    usual = themes()
    return [
        usual[theme] | dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6})", block))
        for theme, (_, block) in zip(("light", "dark", "chosen dark"), found, strict=True)
    ]


@pytest.mark.parametrize("name", Accent.values)
def test_every_accent_a_shop_may_choose_can_be_read(name: str) -> None:
    light, dark, chosen = accent_blocks(name)
    for colours in (light, dark):
        for ink, ground in LABELS:
            assert contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)
        assert contrast(colours["accent"], colours["card"]) >= 3
        assert contrast(colours["accent"], colours["paper"]) >= 3
    assert dark == chosen
