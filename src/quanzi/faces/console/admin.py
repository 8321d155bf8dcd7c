"""The back room: rare records to look up, and the few small tables that no page of the console keeps.

Nothing is deleted here. Facts (books, events, payments, consents) are only read. What can be changed goes through the
services of its room, so that its rules and its audit row hold here too.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any, ClassVar

from allauth.account.models import EmailAddress
from allauth.idp.oidc.models import Client, Token
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpRequest
from procrastinate.contrib.django.models import ProcrastinateJob
from unfold.admin import ModelAdmin

from quanzi.base.audit.models import AuditEntry
from quanzi.base.events.models import Delivery, Event
from quanzi.base.ledger.models import Account, Transaction
from quanzi.goods.catalogue import services as catalogue
from quanzi.goods.catalogue.models import Category, Maker, PriceChange
from quanzi.goods.catalogue.services.makers import MAKER_EDITABLE
from quanzi.goods.stock.models import Movement, Reservation
from quanzi.growth.commission.models import Accrual, CommissionRule
from quanzi.growth.sources.models import Touch
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.policies import can, may_see
from quanzi.people.contact.models import Consent, ConsentText
from quanzi.people.trust.models import Tie
from quanzi.trade.payments.models import Notification, Payment, Refund
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.models import OrderMove, PickupPoint

# Roles are the one way to permissions; how people are reached, and what they log in with, is nobody's to look up or change.
for library in (
    "allauth.account.admin",
    "allauth.mfa.admin",
    "allauth.idp.oidc.admin",
    "procrastinate.contrib.django.admin",
):
    import_module(library)  # they come after us and would put theirs back
for library_model in (Group, EmailAddress, Authenticator, Client, Token, ProcrastinateJob):
    if admin.site.is_registered(library_model):
        admin.site.unregister(library_model)


class Looked(ModelAdmin):  # type: ignore[misc]  # the theme has no types
    """Rows to look at, for whoever holds `needs`. list_display and hidden fields are the subclass's."""

    needs: ClassVar[str]
    sealed: ClassVar[dict[str, str]] = {}
    """Columns that only some roles read: the kind of field of people.accounts.policies.FIELDS."""
    show_full_result_count = False
    list_per_page = 50

    def may(self, request: HttpRequest) -> bool:
        return can(request.user, self.needs)

    def get_exclude(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return [*(self.exclude or ()), *(name for name, kind in self.sealed.items() if not may_see(request.user, kind))]

    def get_list_display(self, request: HttpRequest) -> list[str]:
        return [name for name in self.list_display if name not in self.get_exclude(request)]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.may(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.may(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class Kept(Looked):
    """Rows that the staff keeps up, through a service: `save_model` of the subclass calls it."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.may(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.may(request)


def actor_of(request: HttpRequest) -> str:
    return f"staff:{request.user.pk}"


def taken_over(obj: Model, made: Model) -> None:
    """The page goes on with the row that the service wrote."""
    obj.__dict__.update({field.attname: getattr(made, field.attname) for field in made._meta.concrete_fields})
    obj._state.adding = False


@admin.register(Maker)
class MakerAdmin(Kept):
    needs = "goods.edit"
    list_display = ("name", "place", "slug")
    search_fields = ("name", "slug")
    fields = ("name", "slug", "place", "story")

    def save_model(self, request: HttpRequest, obj: Maker, form: ModelForm[Maker], change: bool) -> None:
        values = {name: value for name, value in form.cleaned_data.items() if name in MAKER_EDITABLE}
        if change:
            changed = {name: values[name] for name in form.changed_data}
            catalogue.update_maker(maker=obj, actor=actor_of(request), now=clock.now(), **changed)
            return
        taken_over(obj, catalogue.create_maker(**values, actor=actor_of(request), now=clock.now()))


@admin.register(Category)
class CategoryAdmin(Kept):
    needs = "goods.edit"
    list_display = ("name", "name_en", "slug", "position")
    fields = ("name", "name_en", "slug", "position")

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Category, form: ModelForm[Category], change: bool) -> None:
        taken_over(obj, catalogue.create_category(**form.cleaned_data, actor=actor_of(request), now=clock.now()))


@admin.register(PickupPoint)
class PickupPointAdmin(Kept):
    needs = "orders.handle"
    list_display = ("name", "leader", "address", "is_open")
    raw_id_fields = ("leader",)

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Sequence[str]:
        words = ("name", "address", "hours", "hours_en")
        return (*words, "is_open") if obj is not None else ("leader", *words)

    def save_model(self, request: HttpRequest, obj: PickupPoint, form: ModelForm[PickupPoint], change: bool) -> None:
        values: dict[str, Any] = form.cleaned_data
        if change:
            sales.update_pickup_point(point=obj, actor=actor_of(request), now=clock.now(), **values)
            return
        taken_over(obj, sales.open_pickup_point(**values, actor=actor_of(request), now=clock.now()))


@admin.register(Member)
class MemberAdmin(Looked):
    """People by name and standing only: how they are reached, and what they log in with, is not for looking up."""

    needs = "members.view"
    list_display = ("id", "name", "joined_at", "staff_role", "is_leader", "is_active", "is_demo")
    list_filter = ("staff_role", "is_leader", "is_demo")
    search_fields = ("name",)
    fields = (
        "name",
        "bio",
        "language",
        "joined_at",
        "confirmed_at",
        "staff_role",
        "is_leader",
        "is_active",
        "is_demo",
        "erased_at",
    )


LOOKED: dict[type[Model], tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    Account: ("money.view", ("code", "kind", "currency", "may_go_negative"), ()),
    Transaction: ("money.view", ("id", "kind", "ref", "memo", "posted_at", "actor"), ()),
    Payment: ("money.view", ("number", "provider", "state", "amount_minor", "captured_at"), ("pay_url",)),
    Refund: ("money.view", ("number", "state", "amount_minor", "requested_at", "attempts", "last_error"), ()),
    Notification: ("money.view", ("event_id", "provider", "decision", "verdict", "received_at"), ("raw", "headers")),
    CommissionRule: ("money.view", ("name", "depth", "rate_bp", "starts_at", "ends_at"), ()),
    Accrual: ("money.view", ("line", "beneficiary", "depth", "amount_minor", "state"), ()),
    OrderMove: ("orders.view", ("order", "before", "after", "cause", "actor", "moved_at"), ()),
    PriceChange: ("goods.edit", ("sku", "price_minor", "currency", "changed_at", "actor"), ()),
    Movement: ("goods.edit", ("sku", "kind", "quantity", "reason", "actor", "moved_at"), ()),
    Reservation: ("goods.edit", ("sku", "ref", "quantity", "state", "expires_at"), ()),
    ConsentText: ("members.view", ("purpose", "version", "published_at"), ()),
    Consent: ("members.contact", ("member", "purpose", "channel", "granted", "decided_at"), ()),
    Tie: ("members.contact", ("source", "target", "kind", "made_at", "withdrawn_at"), ()),
    Touch: ("sources.view", ("source", "path", "happened_at"), ("member", "visitor")),
    Event: ("audit.view", ("id", "name", "key", "occurred_at", "delivered_at"), ()),
    Delivery: ("audit.view", ("event", "consumer", "applied_at", "attempts"), ()),
    AuditEntry: ("audit.view", ("at", "action", "target", "actor_label"), ("ip",)),
}  # fmt: skip
"""Facts to look up: the permission they need, the columns of their list, and fields that are left out."""


SEALED: dict[type[Model], dict[str, str]] = {
    Payment: {"provider_ref": "payer", "member": "payer"},
    Refund: {"provider_ref": "payer", "amount_minor": "refund"},
    Notification: {"content": "payer"},
    Accrual: {"amount_minor": "commission", "reversed_minor": "commission"},
    CommissionRule: {"rate_bp": "commission"},
}
"""Columns of these that not every role reads who may look them up."""


def register_looked() -> None:
    for model, (needs, columns, hidden) in LOOKED.items():
        sealed = SEALED.get(model, {})
        parts = {"sealed": sealed, "needs": needs, "list_display": columns, "exclude": hidden, "ordering": ("-pk",)}
        admin.site.register(model, type(f"{model.__name__}Admin", (Looked,), parts))


register_looked()
