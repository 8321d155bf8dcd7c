"""Addresses of members' pages: talk (`community`), goods (`shopping`), and what programs and phones ask for (`open`)."""

from quanzi.faces.storefront.community.urls import community_urls
from quanzi.faces.storefront.open_urls import open_urls
from quanzi.faces.storefront.shopping.urls import shopping_urls

app_name = "storefront"
urlpatterns = [*community_urls, *shopping_urls, *open_urls]
