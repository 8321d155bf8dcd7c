"""What names, telephone numbers and texts may look like. Pure: no database."""

from __future__ import annotations

import re
import unicodedata

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from quanzi.kernel.errors import InvalidInput
from quanzi.people.accounts.errors import NameNeeded, NotAPhone, TextNeeded, TextTooLong

NAME_LIMIT = 40
HOME_REGION = "CN"

# Marks that make text read in another order than it is written, or that cannot be seen at all.
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
# Emoji families are joined by a zero-width joiner and a variation selector; these two may stay inside a word.
_JOINERS = {"\u200d", "\ufe0f"}


def visible(text: str) -> str:
    """Text without control, direction and other invisible characters, with single blanks, composed (NFC)."""
    kept = "".join(" " if ch in "\r\n\t" else ch for ch in unicodedata.normalize("NFC", text))
    kept = "".join(ch for ch in kept if ch in _JOINERS or unicodedata.category(ch) not in _UNSEEN)
    return re.sub(r"\s+", " ", kept).strip(" \u200d\ufe0f")


def clean_name(text: str, *, field: str = "name") -> str:
    """A name as it is stored; raises NameNeeded when nothing visible is left or it is too long."""
    name = visible(text)
    if not name or len(name) > NAME_LIMIT:
        raise NameNeeded(field=field, limit=NAME_LIMIT)
    return name


def clean_text(text: str, *, field: str, limit: int, is_needed: bool = False) -> str:
    """One line of text; raises TextNeeded or TextTooLong."""
    line = visible(text)
    if is_needed and not line:
        raise TextNeeded(field=field)
    if len(line) > limit:
        raise TextTooLong(field=field, limit=limit)
    return line


def clean_phone(text: str, *, field: str = "phone") -> str:
    """A telephone number in E.164; a number without country code is read as one of mainland China.

    Raises NotAPhone. Full-width digits, blanks, dashes and brackets are forgiven.
    """
    try:
        number = phonenumbers.parse(unicodedata.normalize("NFKC", text)[:40], HOME_REGION)
    except phonenumbers.NumberParseException:
        raise NotAPhone(field=field) from None
    if not phonenumbers.is_valid_number(number) or number.extension:
        raise NotAPhone(field=field)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def clean_email(text: str, *, field: str = "email") -> str:
    """An e-mail address in small letters; raises InvalidInput."""
    email = text.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise InvalidInput(field=field) from None
    return email


def masked(contact: str) -> str:
    """A phone number or e-mail address with its middle hidden, for pages and letters."""
    if "@" in contact:
        local, _, domain = contact.partition("@")
        return f"{local[:1]}***@{domain}"
    return f"{contact[:-8]}****{contact[-4:]}" if len(contact) > 8 else contact


def device_of(user_agent: str) -> str:
    """Browser and system in words, such as "Chrome · Android"; empty when neither is known."""
    browsers = [
        ("MicroMessenger", "WeChat"), ("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"), ("CriOS/", "Chrome"), ("Safari/", "Safari"),
    ]  # fmt: skip
    systems = [
        ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
        ("Mac OS X", "macOS"), ("Linux", "Linux"),
    ]  # fmt: skip
    found = [next((word for mark, word in table if mark in user_agent), "") for table in (browsers, systems)]
    return " · ".join(word for word in found if word)
