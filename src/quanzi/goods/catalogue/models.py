"""What is sold, who made it and where it comes from."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from quanzi.base.films.rules import are_captions
from quanzi.goods.catalogue.fields import OrderedJSONField
from quanzi.kernel.clock import now as clock_now


class Maker(models.Model):
    """The person or workshop behind a product: a grower, a leather maker."""

    name = models.CharField(max_length=60)
    slug = models.SlugField(unique=True)
    place = models.CharField(max_length=60, blank=True)
    story = models.TextField(blank=True)
    portrait = models.ForeignKey(
        "media.Picture",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    member = models.OneToOneField(
        "accounts.Member",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="maker",
    )
    is_demo = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name


class Category(models.Model):
    name = models.CharField(max_length=30)
    name_en = models.CharField(max_length=40, blank=True)
    slug = models.SlugField(unique=True)
    position = models.PositiveIntegerField(default=0)
    icon = models.ForeignKey(
        "media.Picture",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        ordering: ClassVar = ["position", "id"]

    def __str__(self) -> str:
        return self.name


class ReturnRule(models.TextChoices):
    """Seven-day return; the exceptions that hold by the nature of the goods (Consumer Protection Law, article 25); and those
    that hold only when the buyer confirms it for this one purchase (七日无理由退货暂行办法, article 7): see NEEDS_WORD.
    """

    SEVEN_DAYS = "seven_days", _("Seven days, without a reason")
    FRESH = "fresh", _("Fresh goods: claims within the claim window")
    MADE_TO_ORDER = "made_to_order", _("Made to order: faults only")
    DIGITAL = "digital", _("Downloads, unsealed recordings and software: faults only")
    PRESS = "press", _("Newspapers and periodicals: faults only")
    OPENED = "opened", _("Health and safety goods: not once opened, if the buyer confirms it")
    ACTIVATED = "activated", _("Loses much of its worth once activated or tried, if the buyer confirms it")
    NEAR_EXPIRY = "near_expiry", _("Sold near its expiry, if the buyer confirms it")
    FLAWED = "flawed", _("Sold with a flaw that is told, if the buyer confirms it")


NEEDS_WORD = frozenset({ReturnRule.OPENED, ReturnRule.ACTIVATED, ReturnRule.NEAR_EXPIRY, ReturnRule.FLAWED})
"""Sent back without a reason like anything else, unless the buyer ticked the box for this purchase."""


class ProductState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    ON_SALE = "on_sale", _("On sale")
    PAUSED = "paused", _("Paused")
    APART = "apart", _("Sold by arrangement")


class Product(models.Model):
    """A thing people talk about and buy. `claim_hours` counts from receipt; `return_days` from the day after it."""

    name = models.CharField(max_length=80)
    slug = models.SlugField(max_length=80, unique=True)
    summary = models.CharField(max_length=200, blank=True)
    story = models.TextField(blank=True)
    maker = models.ForeignKey(Maker, null=True, blank=True, on_delete=models.PROTECT, related_name="products")
    category = models.ForeignKey(
        Category,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="products",
    )
    origin = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=10, choices=ProductState.choices, default=ProductState.DRAFT)
    return_rule = models.CharField(max_length=20, choices=ReturnRule.choices, default=ReturnRule.SEVEN_DAYS)
    return_days = models.PositiveSmallIntegerField(default=7)
    claim_hours = models.PositiveSmallIntegerField(default=48)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=clock_now)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["-created_at", "-id"],
                condition=Q(state="on_sale"),
                name="product_on_sale",
            ),
            models.Index(
                fields=["category", "-created_at", "-id"],
                condition=Q(state="on_sale"),
                name="product_of_shelf",
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(return_days__gte=7)
                | ~Q(return_rule__in=["seven_days", "opened", "activated", "near_expiry", "flawed"]),
                name="product_return_at_least_seven",
            )
        ]

    def __str__(self) -> str:
        return self.name


class ProductPicture(models.Model):
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="product_pictures")
    picture = models.ForeignKey("media.Picture", on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["product", "picture"], name="product_picture_once")]


class ProductFilm(models.Model):
    """The film of goods, beside their pictures, sent by the staff. words: what is said in it, as plain text or as WebVTT captions;
    is_silent: nothing is said."""

    product = models.OneToOneField(Product, primary_key=True, on_delete=models.CASCADE, related_name="product_film")
    film = models.OneToOneField("films.Film", on_delete=models.PROTECT, related_name="product_film")
    words = models.TextField(max_length=5000, blank=True)
    is_silent = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(is_silent=True) | ~Q(words=""), name="product_film_can_be_read")
        ]

    @property
    def has_captions(self) -> bool:
        """What is said stands there moment by moment."""
        return are_captions(self.words)


class Sku(models.Model):
    """One buyable variant. `options` like {"size": "5 斤"}. Prices in minor units of `currency`.

    `cost_minor` is what the merchant pays for one; `unit_note` tells the price of a comparable unit ("约 5.36 元一斤").
    """

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="skus")
    code = models.CharField(max_length=40, unique=True)
    options = OrderedJSONField(default=dict, blank=True)
    price_minor = models.BigIntegerField()
    cost_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3, default="CNY")
    weight_g = models.PositiveIntegerField(default=0)
    unit_note = models.CharField(max_length=40, blank=True)
    is_active = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(price_minor__gte=0) & Q(cost_minor__gte=0),
                name="sku_price_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class PriceChange(models.Model):
    """Append-only history of prices, from which a struck price would have to be proved."""

    sku = models.ForeignKey(Sku, on_delete=models.CASCADE, related_name="price_changes")
    price_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3, default="CNY")
    changed_at = models.DateTimeField()
    actor = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(price_minor__gte=0), name="price_change_not_negative")
        ]
        indexes: ClassVar = [models.Index(fields=["sku", "-id"], name="price_change_newest")]


class StorageCondition(models.TextChoices):
    AMBIENT = "ambient", _("Cool and dry")
    CHILLED = "chilled", _("Chilled, 0 to 4 °C")
    FROZEN = "frozen", _("Frozen, below -18 °C")


class Lot(models.Model):
    """Goods of one SKU harvested or made together. An expired, paused or recalled lot cannot be handed over."""

    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="lots")
    code = models.CharField(max_length=40, unique=True)
    made_on = models.DateField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    storage = models.CharField(
        max_length=10,
        choices=StorageCondition.choices,
        default=StorageCondition.AMBIENT,
    )
    note = models.CharField(max_length=200, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    recalled_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.code
