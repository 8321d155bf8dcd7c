"""Addresses of the search."""

from django.urls import URLPattern, path

from quanzi.faces.storefront.finding import needs, own, views

finding_urls: list[URLPattern] = [
    path("search", views.search, name="search"),
    path("search/suggest", views.suggest, name="search_suggest"),
    path("needs", needs.needs, name="needs"),
    path("needs/<int:need_id>", needs.need, name="need"),
    path("needs/<int:need_id>/act", needs.act, name="need_act"),
    path("me/searches", own.searches, name="searches"),
]
