"""The shop for WSGI servers."""

from __future__ import annotations

import gc
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quanzi.site.settings")
os.environ.setdefault("QUANZI_STATEMENT_SECONDS", "30")

from django.core.wsgi import get_wsgi_application
from django.urls import resolve

from quanzi.base.shop.identity import heal
from quanzi.site.parent import promise_now
from quanzi.site.patience import patient
from quanzi.site.turns import InTurn

promise_now()
application = patient(InTurn(get_wsgi_application()))
heal()
resolve("/")  # reads every page's module now, not while the first visitor waits

# What is loaded stays: garbage is looked for among what requests leave, and rarely.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 50)
