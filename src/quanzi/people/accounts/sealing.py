"""Secrets of people are kept sealed, with keys that are not in the database; one for each purpose."""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def sealer(purpose: str) -> Fernet:
    """Seals and opens for one purpose; the key follows from SECRET_KEY."""
    key = HKDF(SHA256(), 32, salt=None, info=f"quanzi {purpose}".encode()).derive(settings.SECRET_KEY.encode())
    return Fernet(base64.urlsafe_b64encode(key))
