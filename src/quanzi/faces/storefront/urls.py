"""Addresses of members' pages: talk (`community`) and goods (`shopping`)."""

from quanzi.faces.storefront.community.urls import community_urls
from quanzi.faces.storefront.shopping.urls import shopping_urls

app_name = "storefront"
urlpatterns = [*community_urls, *shopping_urls]
