"""What is sent as a film is attacked before and while it is decoded; what comes out is ours alone."""

from __future__ import annotations

import json
import struct
import subprocess
import sys
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from quanzi.base.films import filming
from quanzi.base.films.filming import Refused, make, shape
from tests.factories.films import film_bytes


def made_of(data: bytes, folder: Path, *, seconds: int = 60) -> filming.Made:
    source = folder / "sent"
    source.write_bytes(data)
    return make(source, folder, seconds=seconds)


@pytest.mark.parametrize(("kind", "codec"), [("mp4", "libx264"), ("mov", "libx264"), ("webm", "libvpx")])
def test_each_kind_becomes_one_that_every_phone_plays(kind: str, codec: str, tmp_path: Path) -> None:
    made = made_of(film_bytes(kind=kind, codec=codec), tmp_path)
    assert (made.width, made.height, made.has_sound) == (64, 48, True)
    with av.open(tmp_path / "film.mp4") as film:
        assert [one.codec_context.name for one in film.streams] == ["h264", "aac"]
        assert film.streams.video[0].codec_context.pix_fmt == "yuv420p"
        assert 0.8 < film.duration / 1e6 < 1.2


def test_place_and_title_are_gone_and_it_begins_to_play_before_it_is_whole(tmp_path: Path) -> None:
    data = film_bytes()
    assert b"a secret place" in data
    made_of(data, tmp_path)
    film = (tmp_path / "film.mp4").read_bytes()
    assert b"secret" not in film and b"+31.2304" not in film
    assert film.index(b"moov") < film.index(b"mdat")
    assert (tmp_path / "poster.png").read_bytes().startswith(b"\x89PNG")


def test_a_film_without_sound_stays_without(tmp_path: Path) -> None:
    assert not made_of(film_bytes(sound=False), tmp_path).has_sound


@pytest.mark.parametrize(
    ("came", "goes"),
    [
        ((3840, 2160), (1280, 720)),
        ((1080, 1920), (720, 1280)),
        ((64, 48), (64, 48)),
        ((1001, 1001), (720, 720)),
        ((65, 33), (64, 32)),
    ],
)
def test_it_is_made_to_fit_and_never_larger(came: tuple[int, int], goes: tuple[int, int]) -> None:
    assert shape(*came) == goes


@pytest.mark.parametrize(
    "data",
    [
        b"", b"this is a text and no film at all", b"#EXTM3U\n#EXT-X-TARGETDURATION:1\nfile:///etc/passwd\n",
        b"ffconcat version 1.0\nfile /etc/passwd\n", b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 4000, b"\x1aE\xdf\xa3" + b"\xff" * 4000,
        b"RIFF\x00\x00\x00\x00AVI LIST", film_bytes()[:300],
    ],
)  # fmt: skip
def test_what_is_no_whole_film_is_refused(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="not_a_film"):
        made_of(data, tmp_path)


def test_sound_alone_is_no_film(tmp_path: Path) -> None:
    sound = tmp_path / "sound.mp4"
    with av.open(sound, "w") as out:
        heard = out.add_stream("aac", rate=48_000, layout="mono")
        silence = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
        silence.sample_rate = 48_000
        out.mux(heard.encode(silence))
        out.mux(heard.encode(None))
    with pytest.raises(Refused, match="not_a_film"):
        make(sound, tmp_path, seconds=60)


def test_it_ends_where_its_time_is_over_whatever_its_header_says(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="film_too_long"):
        made_of(film_bytes(frames=30, sound=False), tmp_path, seconds=1)


def test_too_many_pictures_in_a_moment_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filming, "MAX_FRAMES_A_SECOND", 4)
    with pytest.raises(Refused, match="film_too_long"):
        made_of(film_bytes(), tmp_path, seconds=1)


def test_huge_pictures_are_refused_by_the_header(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filming, "MAX_PIXELS", 64 * 47)
    with pytest.raises(Refused, match="film_too_many_pixels"):
        made_of(film_bytes(), tmp_path)
    assert not (tmp_path / "film.mp4").exists()


def test_the_process_of_its_own_says_in_one_line_what_it_made_and_is_held_to_its_limits(tmp_path: Path) -> None:
    (tmp_path / "sent").write_bytes(film_bytes())
    told = _run(tmp_path, memory_mb=3072, cpu_seconds=60, written_mb=64)
    assert json.loads(told.stdout)["width"] == 64
    starved = _run(tmp_path, memory_mb=3072, cpu_seconds=60, written_mb=0)
    assert json.loads(starved.stdout) == {"fault": "film_too_heavy"}


def _run(folder: Path, **limits: int) -> subprocess.CompletedProcess[bytes]:
    command = [
        sys.executable,
        "-I",
        filming.__file__,
        str(folder / "sent"),
        str(folder),
        json.dumps({"seconds": 60, **limits}),
    ]
    return subprocess.run(command, capture_output=True, check=False, timeout=30)


TURNS = {90: (0, 1, -1, 0), 180: (-1, 0, 0, -1), 270: (0, -1, 1, 0)}
WHITE_AT = {90: (24, 2), 180: (61, 24), 270: (24, 61)}


@pytest.mark.parametrize("turn", TURNS)
def test_a_telephone_held_otherwise_makes_a_film_that_stands_upright(turn: int, tmp_path: Path) -> None:
    data = bytearray(film_bytes(sound=False, white_left=True))
    at = data.index(b"tkhd") + 4 + 40  # where the header says how the pictures are turned
    a, b, c, d = (one << 16 for one in TURNS[turn])
    data[at : at + 36] = struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 1 << 30)
    made = made_of(bytes(data), tmp_path)
    assert (made.width, made.height) == ((64, 48) if turn == 180 else (48, 64))
    with Image.open(tmp_path / "poster.png") as poster:
        side = WHITE_AT[turn]
        opposite = (poster.width - 1 - side[0], poster.height - 1 - side[1])
        assert poster.convert("L").getpixel(side) > 200 > 60 > poster.convert("L").getpixel(opposite)
