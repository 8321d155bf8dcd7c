"""Addresses of suppliers' pages."""

from django.urls import URLPattern, path

from quanzi.faces.storefront.supplying import views

supplying_urls: list[URLPattern] = [
    path("supplier", views.home, name="supplier"),
    path("supplier/parcels", views.parcels, name="supplier_parcels"),
    path("supplier/lots", views.lots, name="supplier_lots"),
    path("supplier/orders/<slug:number>", views.purchase, name="supplier_purchase"),
]
