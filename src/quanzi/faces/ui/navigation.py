"""The ways around the shop and the console. A way whose page does not exist in this build is left out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
from django.utils.translation import gettext_lazy as _

from quanzi.people.accounts.policies import can


@dataclass(frozen=True, kw_only=True)
class Way:
    """One entry. key marks the current page (`here` in the template); page is a URL name; needs is a permission of people.accounts.policies."""

    key: str
    label: Any
    icon: str
    page: str
    needs: str = ""
    href: str = ""


@dataclass(frozen=True, kw_only=True)
class Group:
    """A titled part of the console's rail."""

    label: Any
    ways: tuple[Way, ...]


SHOP = (
    Way(key="circles", label=_("Circles"), icon="users-round", page="storefront:feed"),
    Way(key="discover", label=_("Discover"), icon="compass", page="storefront:discover"),
    Way(key="deals", label=_("Deals"), icon="shopping-basket", page="storefront:deals"),
    Way(key="inbox", label=_("Inbox"), icon="messages-square", page="storefront:messages"),
    Way(key="me", label=_("Me"), icon="user-round", page="storefront:me"),
)

CONSOLE = (
    Group(label="", ways=(Way(key="today", label=_("Today"), icon="sun", page="console:today"),)),
    Group(
        label=_("Relations"),
        ways=(
            Way(
                key="sources",
                label=_("Relation ledger"),
                icon="book-open-text",
                page="console:sources",
                needs="sources.view",
            ),
            Way(key="members", label=_("Members"), icon="users-round", page="console:members", needs="members.view"),
            Way(
                key="circles",
                label=_("Circles and trust"),
                icon="waypoints",
                page="console:circles",
                needs="circles.moderate",
            ),
            Way(
                key="recommending",
                label=_("Recommendations"),
                icon="sprout",
                page="console:recommending",
                needs="sources.view",
            ),
            Way(key="spread", label=_("Spread"), icon="waypoints", page="console:spread", needs="sources.edit"),
        ),
    ),
    Group(
        label=_("Trade"),
        ways=(
            Way(
                key="orders",
                label=_("Orders and care"),
                icon="receipt-text",
                page="console:orders",
                needs="orders.view",
            ),
            Way(key="deals", label=_("Group deals"), icon="users", page="console:deals", needs="orders.view"),
            Way(
                key="rounds",
                label=_("Rounds"),
                icon="calendar-clock",
                page="console:rounds",
                needs="orders.view",
            ),
            Way(
                key="launches",
                label=_("Launches and brand days"),
                icon="ticket",
                page="console:launches",
                needs="orders.view",
            ),
            Way(key="preorders", label=_("Preorders"), icon="hourglass", page="console:preorders", needs="orders.view"),
            Way(key="goods", label=_("Goods and lots"), icon="package", page="console:goods", needs="goods.edit"),
            Way(key="runs", label=_("Delivery runs"), icon="truck", page="console:runs", needs="orders.handle"),
            Way(
                key="purchases",
                label=_("Purchases"),
                icon="warehouse",
                page="console:purchases",
                needs="orders.handle",
            ),
            Way(key="places", label=_("Shelves and stations"), icon="store", page="console:places", needs="goods.edit"),
        ),
    ),
    Group(
        label=_("Money"),
        ways=(
            Way(key="ledger", label=_("Ledger"), icon="landmark", page="console:ledger", needs="money.view"),
            Way(key="payouts", label=_("Commission"), icon="wallet", page="console:payouts", needs="payouts.make"),
            Way(
                key="approvals",
                label=_("Approvals"),
                icon="shield-check",
                page="console:approvals",
                needs="approvals.decide",
            ),
        ),
    ),
    Group(
        label=_("House"),
        ways=(
            Way(key="shop", label=_("The shop"), icon="settings", page="console:shop", needs="shop.edit"),
            Way(
                key="imports", label=_("Import and export"), icon="upload", page="console:imports", needs="imports.run"
            ),
            Way(
                key="books", label=_("Books and machine"), icon="shield-check", page="console:books", needs="money.view"
            ),
            Way(key="staff", label=_("Staff"), icon="key-round", page="console:staff", needs="staff.manage"),
            Way(
                key="programs",
                label=_("Apps and tokens"),
                icon="link",
                page="console_programs:programs",
                needs="staff.manage",
            ),
            Way(
                key="webhooks",
                label=_("Webhooks"),
                icon="send",
                page="console:webhooks",
                needs="webhooks.manage",
            ),
            Way(key="audit", label=_("Audit log"), icon="history", page="console:audit", needs="audit.view"),
        ),
    ),
)


def shop() -> list[Way]:
    """Entries of the bottom bar and of the wide header."""
    return _shop(get_urlconf(), get_script_prefix())


@cache  # addresses stand still while a process lives
def _shop(urlconf: object, prefix: str) -> list[Way]:
    return _existing(SHOP, user=None)


def console(user: Any) -> list[Group]:
    """Groups of the rail that this user may open; empty groups are left out."""
    groups = ((group.label, _existing(group.ways, user=user)) for group in CONSOLE)
    return [Group(label=label, ways=tuple(ways)) for label, ways in groups if ways]


def _existing(ways: tuple[Way, ...], *, user: Any) -> list[Way]:
    found = []
    for way in ways:
        if way.needs and not can(user, way.needs):
            continue
        try:
            href = reverse(way.page)
        except NoReverseMatch:
            continue
        found.append(Way(key=way.key, label=way.label, icon=way.icon, page=way.page, needs=way.needs, href=href))
    return found
