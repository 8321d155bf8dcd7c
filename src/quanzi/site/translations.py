"""Texts in other languages: collect them from the sources, compile them, find what is missing.

Uses Babel instead of the gettext programs, which a bare machine does not have.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from quanzi.faces.api.words import parts

SOURCES = Path(__file__).resolve().parents[1]
LOCALES = SOURCES / "locale"
LANGUAGE = "zh_Hans"
PO = LOCALES / LANGUAGE / "LC_MESSAGES" / "django.po"

_METHODS = [
    ("**/migrations/**", "ignore"),
    ("**.py", "python"),
    ("**/jinja2/**.html", "jinja2"),
    ("**/jinja2/**.txt", "jinja2"),
]
_TEMPLATES = {"silent": "false", "newstyle_gettext": "true", "trimmed": "true"}
_OPTIONS = {"**/jinja2/**.html": _TEMPLATES, "**/jinja2/**.txt": _TEMPLATES}
_KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "N_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def compile_changed() -> None:
    """Write each .mo file that is missing or older than its .po file."""
    for source in LOCALES.glob("*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            _compile(source, target)


def _compile(source: Path, target: Path) -> None:
    with source.open("rb") as file:
        catalog = read_po(file, locale=source.parents[1].name)
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    with draft.open("wb") as file:
        write_mo(file, catalog)
    draft.replace(target)


def collect() -> Catalog:
    """Every text in the sources, as a catalog without translations."""
    catalog = Catalog(project="quanzi", charset="utf-8")
    found = extract_from_dir(SOURCES, _METHODS, _OPTIONS, keywords=_KEYWORDS, comment_tags=("Translators:",))
    for file, line, text, comments, context in found:
        # Line numbers would change with every edit and hide what really changed.
        catalog.add(text, None, [(file, line)], auto_comments=comments, context=context)
    for text in (*_operations(), *_shapes()):
        catalog.add(text)
    return catalog


def _operations() -> Iterator[str]:
    """What the operations of the API say. The document stays English; the reference pages say it in the reader's language."""
    for path in sorted((SOURCES / "faces" / "api" / "routes").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.FunctionDef):
                continue
            marks = [mark for call in node.decorator_list if isinstance(call, ast.Call) for mark in call.keywords]
            names = [
                mark.value.value for mark in marks if mark.arg == "summary" and isinstance(mark.value, ast.Constant)
            ]
            yield from map(str, names)
            words = parts(ast.get_docstring(node) or "")[0] if names else ""
            if words:
                yield words


def _shapes() -> Iterator[str]:
    """What is said of the bodies, answers and fields of the API."""
    for path in sorted((SOURCES / "faces" / "api" / "schemas").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef) and (words := ast.get_docstring(node)):
                yield " ".join(words.split())
            elif isinstance(node, ast.keyword) and node.arg == "description" and isinstance(node.value, ast.Constant):
                yield str(node.value.value)


def update() -> tuple[int, int]:
    """Bring the .po file in step with the sources; returns how many texts there are and how many lack words."""
    catalog = current()
    catalog.update(collect(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    catalog.revision_date = datetime(2026, 1, 1)  # noqa: DTZ001 - a fixed date, so that only texts make a difference
    PO.parent.mkdir(parents=True, exist_ok=True)
    draft = PO.with_name(f".{PO.name}.{os.getpid()}")  # whoever reads meanwhile finds the whole of the one before
    with draft.open("wb") as file:
        write_po(file, catalog, width=120, no_location=True, sort_output=True, ignore_obsolete=True, omit_header=False)
    draft.replace(PO)
    return len(catalog), len(list(_without_words(catalog)))


def current() -> Catalog:
    """The translations as they stand in the repository."""
    if not PO.exists():
        return Catalog(locale=LANGUAGE, project="quanzi", charset="utf-8")
    with PO.open("rb") as file:
        return read_po(file, locale=LANGUAGE)


def missing() -> list[str]:
    """Texts of the sources that have no translation."""
    have = current()
    lacking = []
    for wanted in collect():
        if not wanted.id:
            continue
        known = have.get(wanted.id if isinstance(wanted.id, str) else wanted.id[0], wanted.context)
        if known is None or not _has_words(known):
            lacking.append(str(wanted.id))
    return lacking


def _without_words(catalog: Catalog) -> Iterator[Message]:
    return (message for message in catalog if message.id and not _has_words(message))


def _has_words(message: Message) -> bool:
    words = message.string
    return all(words) if isinstance(words, (list, tuple)) else bool(words)
