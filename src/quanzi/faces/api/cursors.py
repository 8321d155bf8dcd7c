"""Where a list goes on: the key of the last row of a page, signed together with the list's address.

So nobody depends on what is inside, and the cursor of one list is refused by another instead of leading somewhere in it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

from django.conf import settings

KEY_BYTES = 8
SEAL_BYTES = 8


_list: ContextVar[str] = ContextVar("api_list", default="")


class NotACursor(ValueError):
    """Not a `next` of this list of this shop."""


@contextmanager
def of_list(address: str) -> Iterator[None]:
    """Cursors that are written and read inside belong to the list at this address."""
    token = _list.set(address)
    try:
        yield
    finally:
        _list.reset(token)


def write(key: int) -> str:
    """The cursor for a row's key; short, and safe in an address."""
    plain = key.to_bytes(KEY_BYTES, "big", signed=True)
    return base64.urlsafe_b64encode(plain + _seal(plain)).decode().rstrip("=")


def read(text: object) -> int:
    """The key again. Raises NotACursor for what this shop did not write."""
    try:
        sealed = base64.urlsafe_b64decode(str(text) + "=" * (-len(str(text)) % 4))
    except (binascii.Error, ValueError):
        raise NotACursor("not a cursor") from None
    plain, seal = sealed[:KEY_BYTES], sealed[KEY_BYTES:]
    if len(plain) != KEY_BYTES or not hmac.compare_digest(seal, _seal(plain)):
        raise NotACursor("not a cursor")
    return int.from_bytes(plain, "big", signed=True)


def write_way(way: str) -> str:
    """The cursor for a list that goes on with more than one key; `way` is a short text of letters that addresses carry."""
    return f"{way}.{_seal(way.encode()).hex()}"


def read_way(text: object) -> str:
    """The way again. Raises NotACursor for what this shop did not write."""
    way, _, seal = str(text).partition(".")
    if not way.isascii() or not hmac.compare_digest(seal.encode(), _seal(way.encode()).hex().encode()):
        raise NotACursor("not a cursor")
    return way


def _seal(plain: bytes) -> bytes:
    return hashlib.blake2b(
        plain + _list.get().encode(), key=_secret(settings.SECRET_KEY), digest_size=SEAL_BYTES
    ).digest()


@cache
def _secret(shop_key: str) -> bytes:
    return hashlib.sha256(b"quanzi.api.cursors" + shop_key.encode()).digest()
