"""Passwords that whoever attacks this very shop tries first."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from quanzi.base.shop.identity import shop_name
from quanzi.kernel.lookalikes import skeleton

WORDS = ("quanzi", "圈子", "password", "密码", "admin", "shop", "店铺")


class NotOfThisShop:
    """Refuses what is only the shop's name, the product's or such a word, however typed, with figures and signs around it."""

    def validate(self, password: str, user: Any = None) -> None:
        said = rest = skeleton(re.sub(r"\d", "", password))
        for word in sorted({skeleton(shop_name()), *(skeleton(word) for word in WORDS)} - {""}, key=len, reverse=True):
            rest = rest.replace(word, "")
        if said and not rest:
            raise ValidationError(
                gettext("This is little more than the name of the shop."), code="password_of_this_shop"
            )

    def get_help_text(self) -> str:
        return gettext("Your password cannot be the name of the shop with figures around it.")
