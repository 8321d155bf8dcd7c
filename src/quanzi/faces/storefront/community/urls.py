"""Addresses of the community pages."""

from django.urls import URLPattern

community_urls: list[URLPattern] = []
