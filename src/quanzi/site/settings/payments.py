"""Payment providers and the delivery fee. The simulated provider runs beside the shop and keeps its keys in its own folder."""

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


def _fen(name: str, usual: int) -> int:
    text = os.environ.get(name, "").strip()
    if text and not (text.isascii() and text.isdigit() and int(text) <= 10**12):
        raise ValueError(f"{name} is a whole number of fen, not {text!r}.")
    return int(text) if text else usual


# Read by goods.pricing: what delivery costs, and from which amount of goods it is free.
QUANZI_FREIGHT_MINOR = _fen("QUANZI_FREIGHT_MINOR", 400)
QUANZI_FREIGHT_FREE_FROM_MINOR = _fen("QUANZI_FREIGHT_FREE_FROM_MINOR", 9900)
