"""Addresses of a member's own pages."""

from django.urls import URLPattern

me_urls: list[URLPattern] = []
