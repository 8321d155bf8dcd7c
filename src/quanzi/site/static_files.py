"""How static files are stored: with a fingerprint of the content in the name, so that browsers keep them for ever."""

from __future__ import annotations

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage


class FingerprintedFiles(ManifestStaticFilesStorage):
    """Serves the plain name of a file that was not collected yet, instead of failing the page."""

    manifest_strict = False
