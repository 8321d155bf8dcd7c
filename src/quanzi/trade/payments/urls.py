"""Mounted under pay/."""

from django.urls import path

from quanzi.trade.payments import views

app_name = "payments"

urlpatterns = [path("notify/<slug:provider>/", views.notify, name="notify")]
