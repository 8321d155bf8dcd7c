"""How static files are stored: with a fingerprint of the content in the name, so that browsers keep them for ever."""

from __future__ import annotations

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage


class FingerprintedFiles(ManifestStaticFilesStorage):
    """Serves the plain name of a file that was not collected yet, instead of failing the page."""

    manifest_strict = False

    def stored_name(self, name: str) -> str:
        """The fingerprinted name, or the plain one while the file is not collected (tests, a first start)."""
        try:
            return str(super().stored_name(name))
        except ValueError:
            return name
