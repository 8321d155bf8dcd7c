"""Reads of the room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from quanzi.base.media.models import Picture
from quanzi.base.shop.identity import Identity
from quanzi.base.shop.models import Registration, RuleText, Shop, Taxpayer, TextKind


@dataclass(frozen=True)
class Merchant:
    """Who stands behind the shop, as the law wants it shown. `is_told`: the licence, or why none is needed, is there."""

    about: str
    registration: str
    registration_label: str
    legal_name: str
    credit_code: str
    licence: Picture | None
    permits: str
    address: str
    taxpayer_label: str
    invoices: str

    @property
    def is_told(self) -> bool:
        if self.registration == Registration.REGISTERED:
            return bool(self.legal_name and self.credit_code)
        return bool(self.registration and self.legal_name)


@dataclass(frozen=True)
class Text:
    """One version of one text. ends_at: when the next one takes its place; None while none is known."""

    kind: str
    version: int
    body: str
    body_en: str
    published_at: datetime
    effective_at: datetime
    ends_at: datetime | None

    def holds_at(self, at: datetime) -> bool:
        return self.effective_at <= at and (self.ends_at is None or at < self.ends_at)

    def words(self, language: str) -> str:
        """The text in the reader's language; Chinese where there is no English."""
        return self.body_en if language.startswith("en") and self.body_en else self.body


def shop() -> Shop:
    """The row itself, for the forms that change it; an unsaved one before anything was said."""
    return Shop.objects.select_related("logo", "licence").first() or Shop()


def merchant() -> Merchant:
    row = shop()
    return Merchant(
        row.about, row.registration, str(Registration(row.registration).label), row.legal_name, row.credit_code, row.licence,
        row.permits, row.address, str(Taxpayer(row.taxpayer).label) if row.taxpayer else "", row.invoices,
    )  # fmt: skip


def identity_of_row() -> Identity:
    """What `identity.write_down` writes down."""
    row = shop()
    return Identity(
        version=row.version, name=row.name, accent=row.accent, language=row.language,
        logo=row.logo.url(640) if row.logo else "", logo_small=row.logo.url(320) if row.logo else "",
        phone=row.phone, email=row.email, hours=row.hours, freight_minor=row.freight_minor,
        freight_free_from_minor=row.freight_free_from_minor, takes_simulated=row.takes_simulated,
    )  # fmt: skip


def texts(kind: str) -> list[Text]:
    """All versions of a text, the newest first. Of two that hold, the later version does."""
    found: list[Text] = []
    ends_at: datetime | None = None
    for row in RuleText.objects.filter(kind=kind).order_by("-version"):
        found.append(Text(kind, row.version, row.body, row.body_en, row.published_at, row.effective_at, ends_at))
        ends_at = row.effective_at if ends_at is None else min(ends_at, row.effective_at)
    return found


def text_at(kind: str, at: datetime) -> Text | None:
    """The version that holds at a moment; None before the first."""
    return next((text for text in texts(kind) if text.holds_at(at)), None)


def published_kinds() -> set[str]:
    """Which of the texts exist."""
    return set(RuleText.objects.values_list("kind", flat=True).distinct()) & set(TextKind.values)
