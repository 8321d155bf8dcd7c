"""Everything that the pages do, programs can do: what a page changes, an operation changes, or the reason stands here."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import quanzi.faces

FACES = Path(quanzi.faces.__file__ or "").parent if quanzi.faces.__file__ else Path(next(iter(quanzi.faces.__path__)))

A_PERSON = "a person does this on the page, just after their second step"
A_SHEET = "a person maps a sheet's columns and looks at the preview; programs write goods one by one"
A_BROWSER = "belongs to the browser in which the page stands"
A_READ = "only reads, or answers a question"

NOT_FOR_PROGRAMS: dict[str, str] = {
    "accounts.become_first_owner": A_PERSON,
    "accounts.end_sessions_of": A_PERSON,
    "erasing.ask": A_PERSON,
    "erasing.ask_for": A_PERSON,
    "erasing.open_request": A_READ,
    "erasing.withdraw": A_PERSON,
    "accounts.reset_second_step": A_PERSON,
    "accounts.set_staff_role": A_PERSON,
    "approvals.set_limit": A_PERSON,
    "approvals.withdraw": A_PERSON,
    "exporting.ask": A_PERSON,
    "exporting.fetch": A_PERSON,
    "shop.publish_text": "rules bind the shop by law: a person reads them through before they hold",
    "contact.allows": A_READ,
    "shop.is_open": A_READ,
    "pricing.quote_all": A_READ,
    "pushing.add_device": A_BROWSER,
    "pushing.remove_device": A_BROWSER,
    "sources.join_visitor": A_BROWSER,
    "rings.look": "found every night; the button only does not wait for it",
    "insight.note_reading": "that a person had a post before their eyes, which only the page knows",
    "searching.note_miss": "what somebody typed on a page and nobody has; a program's words are no wish of a person",
    "searching.remember": "what a person typed on a page, for that person alone",
    "replicating.publish_text": "words that wait for a person are said by that person",
    "replicating.take_in": "a file that a person looks through before anything is made of it",
    "sheets.apply": A_SHEET,
    "sheets.choose": A_SHEET,
    "sheets.drop": A_SHEET,
    "sheets.fields_of": A_SHEET,
    "sheets.goods_plan": A_SHEET,
    "sheets.order_log": A_SHEET,
    "sheets.send_in": A_SHEET,
    "sheets.start": A_SHEET,
    "sheets.table_of": A_SHEET,
}
"""Services that pages call and no operation does, with the reason."""


def services_of(folder: str) -> set[str]:
    """Names of the services that modules of a face use, as room.verb: accounts.add_address."""
    found: set[str] = set()
    for path in (FACES / folder).rglob("*.py"):
        if "migrations" not in path.parts:
            found |= set(_used(ast.parse(path.read_text(encoding="utf-8"))))
    return found


def _used(tree: ast.Module) -> Iterator[str]:
    modules: dict[str, str] = {}
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom) or not node.module or not node.module.startswith("quanzi."):
            continue
        parts = node.module.split(".")
        for one in node.names:
            if one.name == "services":
                modules[one.asname or one.name] = parts[-1]
            elif "services" in parts and one.name[:1].islower():
                yield f"{parts[parts.index('services') - 1]}.{one.name}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.attr[:1].islower():
            room = modules.get(node.value.id)
            yield from [f"{room}.{node.attr}"] if room else []


def test_what_the_pages_change_programs_can_change() -> None:
    pages = services_of("storefront") | services_of("console")
    missing = pages - services_of("api") - set(NOT_FOR_PROGRAMS)
    assert not missing, f"add an operation, or name the reason in NOT_FOR_PROGRAMS: {sorted(missing)}"


def test_each_excuse_is_still_needed_and_has_words() -> None:
    pages = services_of("storefront") | services_of("console")
    assert {name for name in NOT_FOR_PROGRAMS if name not in pages} == set()
    assert {name for name in NOT_FOR_PROGRAMS if name in services_of("api")} == set()
    assert all(len(reason) > 20 for reason in NOT_FOR_PROGRAMS.values())


def test_the_search_for_services_finds_them() -> None:
    assert {"sales.place_order", "catalogue.create_product", "stock.receive"} <= services_of("api")
    assert "sales.cancel_order" in services_of("console")
