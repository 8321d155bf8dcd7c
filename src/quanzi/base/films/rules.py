"""What is said in a film, wherever the film stands."""

from __future__ import annotations

WORDS_MAX = 5000
"""Characters."""


def are_captions(words: str) -> bool:
    """Whether what is said stands there moment by moment, as WebVTT."""
    return words.startswith("WEBVTT")
