"""Mistakes that a person can make, told in a sentence instead of a traceback."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import click
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, OperationalError

from quanzi.kernel.errors import DomainError
from quanzi.site.database.errors import DatabaseRefused

EXIT_VIOLATIONS = 1
EXIT_MISTAKE = 2


class Mistake(click.ClickException):
    """Something the caller can put right; exit code 2."""

    exit_code = EXIT_MISTAKE


@contextlib.contextmanager
def told_plainly() -> Iterator[None]:
    """Turn expected failures into a Mistake; a defect of ours still rises with its traceback."""
    try:
        yield
    except DatabaseRefused as refusal:
        raise Mistake(str(refusal)) from refusal
    except DomainError as refusal:
        raise Mistake(refusal.text) from refusal
    except (ImproperlyConfigured, ValueError) as trouble:
        if isinstance(trouble, ValueError) and "QUANZI_" not in str(trouble) and "DATABASE_URL" not in str(trouble):
            raise
        raise Mistake(str(trouble)) from trouble
    except OperationalError as trouble:
        raise Mistake(f"The database does not answer: {str(trouble).strip()}") from trouble
    except DatabaseError as trouble:
        if "does not exist" in str(trouble):
            raise Mistake("The database is not prepared for this quanzi yet. Run: quanzi migrate") from trouble
        raise
    except PermissionError as trouble:
        raise Mistake(f"{trouble.filename}: {trouble.strerror}.") from trouble
