"""What makes a page usable by everyone, measured in a browser: axe, reflow, targets, language, focus."""

from __future__ import annotations

from typing import Any

from axe_core_python.sync_playwright import Axe

from tests.browser.addresses import Page
from tests.browser.visitor import DESK, PASSWORD, PHONE, Visitor

SMALL = 320
"""A window of 1280 px at 400 %, and the width that WCAG 1.4.10 names. 640 is the same window at 200 %."""

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
IN_LIGHT: dict[str, Any] = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
IN_OTHER_WORDS: dict[str, Any] = IN_LIGHT | {"rules": {"color-contrast": {"enabled": False}}}
AXE = "options => axe.run(options).then(found => found.violations)"
IN_DARK: dict[str, Any] = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}

FULLY = "zh-CN"
"""Colours and columns do not depend on words: in one language axe looks at colours, of the console at a desk,
elsewhere at both widths, and in the dark at the one that most readers have."""

ASKED_AGAIN = "/account/reauthenticate/"
"""Where pages about one's own keys lead first."""

SHORT = {"zh-CN": ("zh-Hans", "zh-CN"), "en": ("en",)}

# WCAG 2.5.8: 24 px, or a circle of 24 px around its middle that touches no other target; a link inside a sentence is free.
SMALL_TARGETS = """() => {
    const wanted = "a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [tabindex='0']";
    const seen = [...document.querySelectorAll(wanted)].filter(one => one.checkVisibility({opacityProperty: true, visibilityProperty: true})
        && !one.closest("[inert], .only-sr, .skip") && !one.matches(".only-sr, .skip, :disabled"));
    const box = one => {
        const label = one.matches("input, select") && (one.closest("label") || one.closest(".drop"));
        const found = (label || one).getBoundingClientRect();
        const after = getComputedStyle(one, "::after");
        const grown = after.content !== "none" && after.position === "absolute" ? (one.offsetParent || one).getBoundingClientRect() : null;
        return grown && grown.width * grown.height > found.width * found.height ? grown : found;
    };
    const boxes = seen.map(box);
    const inSentence = one => getComputedStyle(one).display === "inline" && one.closest("p, li, dd, td, aside, label, h1, h2, h3, span, small")
        && one.parentElement.textContent.trim().length > one.textContent.trim().length;
    return seen.flatMap((one, at) => {
        const here = boxes[at];
        if (!here.width || !here.height || (here.width >= 24 && here.height >= 24) || inSentence(one)) return [];
        const [x, y] = [here.x + here.width / 2, here.y + here.height / 2];
        const near = boxes.some((other, place) => place !== at && other.width && !one.contains(seen[place]) && !seen[place].contains(one)
            && Math.hypot(Math.max(other.left - x, 0, x - other.right), Math.max(other.top - y, 0, y - other.bottom)) < 12);
        return near ? [`${one.outerHTML.slice(0, 140)} is ${Math.round(here.width)} by ${Math.round(here.height)} px`] : [];
    }).slice(0, 3);
}"""


def faults_of(visitor: Visitor, page: Page) -> list[str]:
    """Open a page and tell everything that keeps somebody out; nothing when it is sound."""
    _open(visitor, page)
    found: list[str] = []
    for width in (PHONE, DESK):
        _widen(visitor, width)
        found += [f"{width} px: target {fault}" for fault in visitor.page.evaluate(SMALL_TARGETS)]
        if visitor.language != FULLY:
            if width == PHONE:
                found += [f"{width} px: {fault}" for fault in _axe(visitor, IN_OTHER_WORDS)]
        else:
            is_at_home = width == (DESK if page.path.startswith("/console") else PHONE)
            if is_at_home or not page.path.startswith("/console"):
                found += [f"{width} px: {fault}" for fault in _axe(visitor, IN_LIGHT)]
            if is_at_home:
                visitor.page.emulate_media(color_scheme="dark", reduced_motion="reduce")
                found += [f"{width} px, dark: {fault}" for fault in _axe(visitor, IN_DARK)]
                visitor.page.emulate_media(color_scheme="light", reduced_motion="reduce")
    for width in (SMALL, DESK // 2):
        _widen(visitor, width)
        if (needed := visitor.width_needed()) > width:
            found.append(f"needs {needed} px of {width}")
    _widen(visitor, PHONE)
    if visitor.page.locator("html").get_attribute("lang") not in SHORT[visitor.language]:
        found.append("does not say its language")
    return found


def _open(visitor: Visitor, page: Page) -> None:
    visitor.go(page.path, status=page.status)
    if visitor.path == ASKED_AGAIN != page.path:
        visitor.fill(password=PASSWORD)
        visitor.press("main form button[type=submit]")
    for link in page.links:
        found = visitor.page.locator(link).first
        href = found.get_attribute("href", timeout=3_000)
        assert href, f"{link} leads nowhere"
        visitor.go(href)
    visitor.page.evaluate(Axe().axe_script)


def _widen(visitor: Visitor, width: int) -> None:
    visitor.page.set_viewport_size({"width": width, "height": 844 if width < 800 else 900})


def _axe(visitor: Visitor, options: dict[str, Any]) -> list[str]:
    violations: list[dict[str, Any]] = visitor.page.evaluate(AXE, options)
    return [
        f"{rule['id']}: {node['html'][:160]} ({node['failureSummary'].splitlines()[-1].strip()})"
        for rule in violations
        for node in rule["nodes"][:3]
    ]
