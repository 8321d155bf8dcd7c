"""Addresses of the search."""

from django.urls import URLPattern, path

from quanzi.faces.storefront.finding import own, views

finding_urls: list[URLPattern] = [
    path("search", views.search, name="search"),
    path("search/suggest", views.suggest, name="search_suggest"),
    path("me/searches", own.searches, name="searches"),
]
