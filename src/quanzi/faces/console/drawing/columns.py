"""The columns of the relation ledger: their names, and what exactly they count."""

from __future__ import annotations

from django.utils.translation import gettext, gettext_lazy

from quanzi.faces.ui import formats
from quanzi.growth.insight.queries import LedgerRow
from quanzi.growth.insight.rules import WHOLE
from quanzi.growth.sources.models import SourceKind

COLUMNS = {
    "spend": gettext_lazy("Spend"),
    "visits": gettext_lazy("Visitors"),
    "contacts": gettext_lazy("Reachable"),
    "members": gettext_lazy("Members"),
    "circle_joins": gettext_lazy("In a circle"),
    "first_orders": gettext_lazy("First order"),
    "repeat_buyers": gettext_lazy("Repeat"),
    "margin": gettext_lazy("Kept margin"),
}
MEANINGS = {
    "spend": gettext_lazy("money written down for this source within the dates"),
    "visits": gettext_lazy(
        "people whose first arrival lies within the dates; a browser that never signed up is one person"
    ),
    "contacts": gettext_lazy("of these, people with an e-mail address or a phone number"),
    "members": gettext_lazy("of these, people who proved that the address or number is theirs"),
    "circle_joins": gettext_lazy("of these, people who joined at least one circle"),
    "first_orders": gettext_lazy("of these, people who paid for at least one order and were not refunded whole"),
    "repeat_buyers": gettext_lazy("of these, people with two or more orders of which something is kept"),
    "margin": gettext_lazy("paid minus refunds, cost and commission of the lines they kept"),
}
MODELS = {
    "first": gettext_lazy("First touch"),
    "last": gettext_lazy("Last touch"),
    "even": gettext_lazy("Even shares"),
    "invited": gettext_lazy("Invitation first"),
}


def people(shares: int) -> str:
    """A number of people; one decimal only where people are shared among sources."""
    whole, rest = divmod(shares, WHOLE)
    return formats.number(whole) if not rest else formats.number(shares / WHOLE, digits=1)


def source_name(row: LedgerRow) -> str:
    """What a source is called in the reader's language."""
    return name_of(row.kind, row.name)


def name_of(kind: str, name: str) -> str:
    """As source_name, from kind and stored name: members' own links carry only the member's name."""
    if kind == SourceKind.DIRECT:
        return gettext("Direct visits")
    if kind == SourceKind.CHAIN:
        return gettext("Passed on and on (advertising)")
    if kind == SourceKind.INVITATION:
        return gettext("%(name)s’s invitation") % {"name": name}
    if kind == SourceKind.SHARE:
        return gettext("%(name)s’s shared links") % {"name": name}
    return name


def kind_label(kind: str) -> str:
    return str(SourceKind(kind).label) if kind in SourceKind.values else kind
