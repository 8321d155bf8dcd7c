"""Addresses of the search."""

from django.urls import URLPattern, path

from quanzi.faces.storefront.finding import leads, needs, offers, own, views

finding_urls: list[URLPattern] = [
    path("search", views.search, name="search"),
    path("search/suggest", views.suggest, name="search_suggest"),
    path("needs", needs.needs, name="needs"),
    path("needs/<int:need_id>", needs.need, name="need"),
    path("needs/<int:need_id>/act", needs.act, name="need_act"),
    path("me/offers", offers.offers, name="offers"),
    path("me/leads", leads.leads, name="leads"),
    path("for-contacts/<slug:slug>/tell", leads.suggest, name="suggest"),
    path("me/searches", own.searches, name="searches"),
]
