"""Mounted under carriers/."""

from django.urls import path

from quanzi.trade.fulfilment import views

app_name = "fulfilment"

urlpatterns = [path("<slug:service>/notify", views.notify, name="notify")]
