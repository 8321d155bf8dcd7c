"""Every part of the API, in the order of the document."""

from __future__ import annotations

from quanzi.faces.api.core import ShopApi
from quanzi.faces.api.routes import (
    cart,
    catalogue,
    circles,
    commission,
    deals,
    experiences,
    handling,
    me,
    moderating,
    orders,
    payments,
    people,
    posts,
    session,
    sources,
    staff_deals,
    staff_goods,
    staff_house,
    staff_money,
    staff_orders,
    staff_people,
    staff_stock,
    supplier,
    webhooks,
    wishes,
)

api = ShopApi()
for part in (
    session.router,
    me.router,
    wishes.router,
    people.router,
    circles.router,
    moderating.router,
    posts.router,
    experiences.router,
    catalogue.router,
    cart.router,
    deals.router,
    orders.router,
    payments.router,
    sources.mine,
    commission.mine,
    handling.router,
    supplier.router,
    staff_house.router,
    staff_orders.router,
    staff_goods.router,
    staff_stock.router,
    staff_deals.router,
    staff_people.router,
    staff_money.router,
    commission.router,
    sources.router,
    webhooks.router,
):
    api.add_router("", part)
