"""Identifiers that people read aloud and tokens that nobody guesses."""

import secrets
from datetime import datetime

from quanzi.kernel.clock import local

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base32: no I, L, O or U, so a code survives handwriting and telephone."""


def new_code(length: int = 10) -> str:
    """A random code of `length` characters (5 bits each)."""
    return "".join([CROCKFORD[byte & 31] for byte in secrets.token_bytes(length)])


def read_code(text: str) -> str:
    """What a person typed, as the code they meant: upper case, O as 0, I and L as 1, no blanks or dashes."""
    return text.upper().translate(str.maketrans("OIL", "011", "- "))


def new_token(bytes: int = 16) -> str:
    """A URL-safe secret with `bytes` random bytes."""
    return secrets.token_urlsafe(bytes)


def order_number(now: datetime) -> str:
    """A number people can quote: the site's date and a random tail, such as 261121-7K3QX9.

    The tail has 30 random bits a day; the caller's unique constraint settles the rare collision.
    """
    return f"{local(now):%y%m%d}-{new_code(6)}"
