"""Django's own commands: `python -m quanzi.site.manage makemigrations`; the database starts by itself."""

from __future__ import annotations

import os
import sys

from quanzi.site import home
from quanzi.site.database.errors import DatabaseRefused
from quanzi.site.database.lease import hold


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quanzi.site.settings")
    try:
        hold(home.home())
    except DatabaseRefused as refusal:
        sys.exit(str(refusal))
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
