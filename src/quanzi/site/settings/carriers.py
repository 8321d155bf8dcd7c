"""Carriers whose service is asked for numbers and for what became of parcels. None by default: people type numbers then."""

from __future__ import annotations

import json
import os


def _carriers(text: str) -> list[dict[str, str]]:
    """A JSON list of {"code", "name", "url", "key"}; raises ValueError for anything else."""
    rows = json.loads(text) if text.strip() else []
    for row in rows:
        if set(row) != {"code", "name", "url", "key"} or not all(isinstance(value, str) for value in row.values()):
            raise ValueError('QUANZI_CARRIERS is a JSON list of {"code", "name", "url", "key"}.')
    return list(rows)


CARRIERS = _carriers(os.environ.get("QUANZI_CARRIERS", ""))
