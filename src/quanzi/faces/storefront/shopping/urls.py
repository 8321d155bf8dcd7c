"""Addresses of the shop itself, of goods, deals, cart, orders."""

from django.urls import URLPattern, path

from quanzi.faces.storefront import about, opening
from quanzi.faces.storefront.shopping import (
    buying,
    cart,
    checkout,
    claims,
    codes,
    deals,
    discover,
    leader,
    orders,
    paying,
    product,
    sharing,
    team,
    wishlist,
)

shopping_urls: list[URLPattern] = [
    path("open/<str:key>", opening.opening, name="opening"),
    path("about", about.about, name="about_shop"),
    path("about/<slug:kind>", about.rules, name="about_rules"),
    path("discover", discover.discover, name="discover"),
    path("search", discover.search, name="search"),
    path("p/<slug:slug>", product.product, name="product"),
    path("p/<slug:slug>/evidence", product.evidence, name="evidence"),
    path("m/<slug:slug>", discover.maker, name="maker"),
    path("deals", deals.deals, name="deals"),
    path("t/<slug:code>", team.team, name="team"),
    path("t/<slug:code>/leave", team.leave, name="team_leave"),
    path("cart", cart.cart, name="cart"),
    path("buy/<slug:what>", buying.buy, name="buy"),
    path("checkout", checkout.checkout, name="checkout"),
    path("o/<slug:number>", orders.order, name="order"),
    path("o/<slug:number>/act", orders.act, name="order_act"),
    path("o/<slug:number>/claim", claims.claim, name="order_claim"),
    path("me/orders", orders.mine, name="orders"),
    path("pay/<slug:number>", paying.pay, name="pay"),
    path("pay/return/<slug:number>", paying.back, name="pay_return"),
    path("leader", leader.leader, name="leader"),
    path("leader/code", buying.code, name="leader_code"),
    path("share", sharing.share, name="share"),
    path("wish/<slug:slug>", wishlist.wish, name="wish"),
    path("me/wishes", wishlist.wishes, name="wishes"),
    path("me/wishes/marks", wishlist.marks, name="wish_marks"),
    path("seen", wishlist.seen, name="seen"),
    path("seen/note", wishlist.note_seen, name="seen_note"),
    path("seen/cards", wishlist.seen_cards, name="seen_cards"),
    path("qr/<slug:kind>/<slug:token>.svg", codes.qr_code, name="qr"),
]
