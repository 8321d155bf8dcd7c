"""Payment providers. The simulated one runs beside the shop and keeps its keys in its own folder."""

from __future__ import annotations

import os
from pathlib import Path

from quanzi.site import home as folders

# A shop that takes real money leaves "paysim" out: whoever may choose it pays with nothing.
PAYMENT_PROVIDERS = os.environ.get("QUANZI_PAYMENT_PROVIDERS", "paysim,offline").replace(",", " ").split()

PAYSIM_PORT = int(os.environ.get("PAYSIM_PORT", "") or folders.port() % 65535 + 1)
PAYSIM_URL = os.environ.get("QUANZI_PAYSIM_URL", "") or f"http://127.0.0.1:{PAYSIM_PORT}"
PAYSIM_HOME = Path(os.environ.get("QUANZI_PAYSIM_HOME", "") or folders.home() / "paysim")
PAYSIM_MERCHANT = os.environ.get("QUANZI_PAYSIM_MERCHANT", "")
"""Our merchant number there; empty takes the one that it registered first."""
PAYSIM_NOTIFY_URL = (
    os.environ.get("QUANZI_PAYSIM_NOTIFY_URL", "") or f"http://127.0.0.1:{folders.port()}/pay/notify/paysim/"
)
