"""Addresses of stores, their tills, and pay links."""

from django.urls import URLPattern, path

from quanzi.faces.storefront.storing import asking, links, stores, till

storing_urls: list[URLPattern] = [
    path("stores", stores.stores, name="stores"),
    path("store/<slug:code>", stores.store, name="store"),
    path("store/<slug:code>/pay", asking.pay, name="store_pay"),
    path("l/<slug:code>", links.link, name="pay_link"),
    path("till", till.home, name="tills"),
    path("till/<slug:code>", till.till, name="till"),
    path("till/<slug:code>/shelf", till.shelf_page, name="till_shelf"),
    path("till/<slug:code>/link", till.link_page, name="till_link"),
    path("till/<slug:code>/events", till.events_page, name="till_events"),
]
