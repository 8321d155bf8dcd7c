"""Addresses of members' pages: talk (`community`), goods (`shopping`), search (`finding`), pages of one's own (`fronts`), those who
supply them (`supplying`), stores (`storing`), and what programs and phones ask for (`open`)."""

from quanzi.faces.storefront.community.urls import community_urls
from quanzi.faces.storefront.driving.urls import driving_urls
from quanzi.faces.storefront.finding.urls import finding_urls
from quanzi.faces.storefront.fronts.urls import fronts_urls
from quanzi.faces.storefront.open_urls import open_urls
from quanzi.faces.storefront.shopping.urls import shopping_urls
from quanzi.faces.storefront.storing.urls import storing_urls
from quanzi.faces.storefront.supplying.urls import supplying_urls

app_name = "storefront"
urlpatterns = [
    *community_urls,
    *shopping_urls,
    *finding_urls,
    *fronts_urls,
    *storing_urls,
    *supplying_urls,
    *driving_urls,
    *open_urls,
]
