"""Addresses of members' pages: talk (`community`) and goods (`shopping`)."""

from django.urls import path

from quanzi.faces.storefront import about
from quanzi.faces.storefront.community.urls import community_urls
from quanzi.faces.storefront.opening import opening
from quanzi.faces.storefront.shopping.urls import shopping_urls

app_name = "storefront"
urlpatterns = [
    path("open/<str:key>", opening, name="opening"),
    path("about", about.about, name="about_shop"),
    path("about/<slug:kind>", about.rules, name="about_rules"),
    *community_urls,
    *shopping_urls,
]
