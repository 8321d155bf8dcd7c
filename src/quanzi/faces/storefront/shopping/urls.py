"""Addresses of the shopping pages."""

from django.urls import URLPattern

shopping_urls: list[URLPattern] = []
