"""Addresses for programs and phones: the shop as an app, share cards, feeds, the map of pages."""

from django.urls import URLPattern, path

from quanzi.faces.storefront.installing import views as app
from quanzi.faces.storefront.telling import cards, feeds, sitemap

open_urls: list[URLPattern] = [
    path("manifest.webmanifest", app.manifest, name="manifest"),
    path("worker.js", app.worker, name="worker"),  # at the root, since a worker serves only what lies below it
    path("offline", app.offline, name="offline"),
    path("icon-<int:size>.png", app.icon, name="app_icon"),
    path("favicon.ico", app.favicon, name="favicon"),
    path("push-key", app.push_key, name="push_key"),
    path("card/<slug:kind>/<slug:key>.png", cards.card, name="card"),
    path("feeds/goods.atom", feeds.goods, name="goods_feed"),
    path("feeds/experiences.atom", feeds.experiences, name="experiences_feed"),
    path("c/<slug:slug>/feed.atom", feeds.circle, name="circle_feed"),
    path("u/<int:member_id>/feed.atom", feeds.member, name="member_feed"),
    path("robots.txt", sitemap.robots, name="robots"),
    path("sitemap.xml", sitemap.index, name="sitemap"),
    path("sitemap/<slug:kind>-<int:number>.xml", sitemap.part, name="sitemap_part"),
]
