"""Reaching members outside the shop."""

from __future__ import annotations

import os

# Push services beside the ones of the known browsers, as origins; "*" stands for a part of the name.
QUANZI_PUSH_SERVICES = os.environ.get("QUANZI_PUSH_SERVICES", "").replace(",", " ").split()
