"""Every part of the API, in the order of the document."""

from __future__ import annotations

from quanzi.faces.api.core import ShopApi
from quanzi.faces.api.routes import (
    cart,
    catalogue,
    circles,
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
    staff_orders,
)

api = ShopApi()
for part in (
    session.router,
    me.router,
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
    handling.router,
    staff_orders.router,
    sources.router,
):
    api.add_router("", part)
