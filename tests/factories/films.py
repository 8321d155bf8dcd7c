"""Tiny films, drawn by code."""

from __future__ import annotations

import io
from datetime import datetime
from fractions import Fraction
from functools import cache

import av
import numpy as np

from quanzi.base.films import services
from quanzi.base.films.models import Film

PLACE = "+31.2304+121.4737/"


@cache
def film_bytes(
    *,
    side: tuple[int, int] = (64, 48),
    frames: int = 10,
    rate: int = 10,
    sound: bool = True,
    kind: str = "mp4",
    codec: str = "libx264",
    white_left: bool = False,
) -> bytes:
    """A second of growing grey, or white at the left of black, with silence, and with a place in its tags."""
    out = io.BytesIO()
    with av.open(out, "w", format=kind) as made:
        made.metadata["location"] = PLACE
        made.metadata["title"] = "a secret place"
        pictures = made.add_stream(codec, rate=rate)
        pictures.width, pictures.height, pictures.pix_fmt = *side, "yuv420p"
        heard = made.add_stream("libopus" if kind == "webm" else "aac", rate=48_000, layout="mono") if sound else None
        for at in range(frames):
            shade = np.full((side[1], side[0], 3), at * 20 % 255, np.uint8)
            if white_left:
                shade[:] = 0
                shade[:, : side[0] // 2] = 255
            frame = av.VideoFrame.from_ndarray(shade, format="rgb24")
            frame.pts, frame.time_base = at, Fraction(1, rate)
            made.mux(pictures.encode(frame))
        made.mux(pictures.encode(None))
        for at in range(frames * 48_000 // rate // 1024 if heard else 0):
            piece = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
            piece.sample_rate, piece.pts, piece.time_base = 48_000, at * 1024, Fraction(1, 48_000)
            made.mux(heard.encode(piece))
        if heard:
            made.mux(heard.encode(None))
    return out.getvalue()


def send_film(data: bytes, *, owner_id: int, key: str = "a-film-key", now: datetime) -> Film:
    """A film that has arrived whole and waits."""
    film = services.begin(owner_id=owner_id, key=key, size=len(data), now=now)
    return services.receive(film_id=film.pk, offset=0, data=data, now=now)
