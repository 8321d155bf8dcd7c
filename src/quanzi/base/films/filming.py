"""A program of its own that makes a film anew: decode, check, scale, encode. It is started for one file and then gone.

What people send is decoded here and nowhere else: this process has no database, no network use, a limit on memory, on
processor time and on what it writes, and it dies with the worker that started it. It imports nothing of quanzi.

    python -I filming.py SOURCE FOLDER LIMITS    writes FOLDER/film.mp4 and FOLDER/poster.png, prints one JSON object
"""

from __future__ import annotations

import errno
import json
import os
import sys
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

LONG_SIDE, SHORT_SIDE = 1280, 720
FRAMES_A_SECOND = 30
MAX_PIXELS = 9_000_000
"""A little more than 4K, which is 8.3 million."""
MAX_FRAMES_A_SECOND = 240
SLACK_SECONDS = 1
"""A clock that counts to sixty stops a moment later."""
EARLY_MOST = 2_000
"""Pieces of sound that may wait for the first picture; about forty seconds of it."""
TICKS = 90_000
SAMPLES = 48_000

CONTAINERS = {"mov": (4, (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip")), "matroska": (0, (b"\x1aE\xdf\xa3",))}
"""Demuxer by the marks a file begins with. None of these opens a second file, as play lists would."""
DECODERS = (
    "h264,hevc,vp8,libvpx,vp9,libvpx-vp9,av1,libdav1d,mpeg4,h263,mjpeg,"
    "aac,aac_latm,mp3,mp3float,opus,libopus,vorbis,amrnb,amrwb,pcm_s16le,pcm_s16be,alac"
)
VIDEO = {
    "preset": "veryfast", "crf": "25", "maxrate": "1800k", "bufsize": "3600k", "profile": "high", "threads": "2",
    "x264-params": "keyint=60",
}  # fmt: skip


class Refused(Exception):
    """The film cannot be used; the only argument is the code of the reason."""


@dataclass(frozen=True)
class Made:
    """What became of it. length_ms: of the pictures; has_sound: a track of sound was there."""

    width: int
    height: int
    length_ms: int
    has_sound: bool


def make(source: Path, folder: Path, *, seconds: int) -> Made:
    """Write the film and its first picture into a folder. Raises Refused."""
    import av
    import av.error

    try:
        with av.open(str(source), format=_demuxer(source), options={
            "codec_whitelist": DECODERS, "protocol_whitelist": "file", "enable_drefs": "0", "probesize": "5000000",
        }) as given:  # fmt: skip
            return _Making(given, folder, seconds).run()
    except Refused:
        raise
    except (av.error.FFmpegError, OSError, ValueError, IndexError, OverflowError, ZeroDivisionError) as error:
        number = getattr(error, "errno", None)
        if number in (errno.ENOSPC, errno.EDQUOT, errno.EIO):
            raise  # no fault of the film
        raise Refused("film_too_heavy" if number in (errno.ENOMEM, errno.EFBIG) else "not_a_film") from error


def _demuxer(source: Path) -> str:
    with source.open("rb") as file:
        head = file.read(12)
    for name, (at, marks) in CONTAINERS.items():
        if any(head[at:].startswith(mark) for mark in marks):
            return name
    raise Refused("not_a_film")


def shape(width: int, height: int) -> tuple[int, int]:
    """Even sides, at most 1280 × 720 lying or 720 × 1280 standing, never larger than it came."""
    scale = min(1.0, LONG_SIDE / max(width, height), SHORT_SIDE / min(width, height))
    return max(2, int(width * scale) // 2 * 2), max(2, int(height * scale) // 2 * 2)


class _Making:
    """One film on its way; `run` is its only door."""

    def __init__(self, given: Any, folder: Path, seconds: int) -> None:
        if not given.streams.video:
            raise Refused("not_a_film")
        self.given, self.folder, self.seconds = given, folder, seconds
        self.pictures = given.streams.video[0]
        self.sound = next((one for one in given.streams.audio if one.codec_context.sample_rate), None)
        self.start = (given.start_time or 0) / 1_000_000
        self.seen, self.last = 0, -1.0
        self.turn: Any = None
        self.early: list[Any] = []
        self.made: Any = None
        self.heard: Any = None
        self._check_header()

    def _check_header(self) -> None:
        self._check_size(self.pictures.codec_context.width, self.pictures.codec_context.height)
        if self.given.duration and self.given.duration / 1_000_000 > self.seconds + SLACK_SECONDS:
            raise Refused("film_too_long")
        self.pictures.codec_context.thread_count = 2

    def _check_size(self, width: int, height: int) -> None:
        if width * height > MAX_PIXELS:
            raise Refused("film_too_many_pixels")
        if min(width, height) < 2 or max(width, height) > 20 * min(width, height):
            raise Refused("not_a_film")

    def run(self) -> Made:
        import av

        with av.open(str(self.folder / "film.mp4"), "w", format="mp4", options={"movflags": "+faststart"}) as self.out:
            wanted = [one for one in (self.pictures, self.sound) if one is not None]
            for packet in self.given.demux(wanted):
                for frame in packet.decode():
                    self._show(frame) if packet.stream is self.pictures else self._play(frame)
            if self.made is None:
                raise Refused("not_a_film")
            self._let_sound()
            for stream in (self.made, self.heard):
                self.out.mux(stream.encode(None) if stream is not None else [])
        length = max(1, round((self.last + 1 / FRAMES_A_SECOND) * 1000))
        return Made(self.made.width, self.made.height, length, self.heard is not None)

    def _at(self, frame: Any) -> float:
        """Seconds from the beginning. Raises Refused where it goes on for too long."""
        at = float(frame.pts * frame.time_base) - self.start if frame.pts is not None else self.last + 0.04
        if at > self.seconds + SLACK_SECONDS:
            raise Refused("film_too_long")
        return at

    def _show(self, frame: Any) -> None:
        self.seen += 1
        if self.seen > (self.seconds + SLACK_SECONDS) * MAX_FRAMES_A_SECOND:
            raise Refused("film_too_long")
        self._check_size(frame.width, frame.height)
        at = self._at(frame)
        if at < 0 or (self.last >= 0 and at - self.last < 0.9 / FRAMES_A_SECOND):
            return
        upright = self._upright(frame)
        if self.made is None:
            self._begin(upright)
        picture = upright.reformat(self.made.width, self.made.height, "yuv420p")
        picture.pts, picture.time_base, picture.pict_type = round(at * TICKS), Fraction(1, TICKS), 0
        self.last = at
        self.out.mux(self.made.encode(picture))

    def _begin(self, first: Any) -> None:
        width, height = shape(first.width, first.height)
        self.made = self.out.add_stream("libx264", rate=FRAMES_A_SECOND, options=VIDEO)
        self.made.width, self.made.height, self.made.pix_fmt = width, height, "yuv420p"
        self.made.codec_context.time_base = Fraction(1, TICKS)
        if self.sound is not None:
            self.heard = self.out.add_stream("aac", rate=SAMPLES, layout="stereo", bit_rate=96_000)
        first.reformat(width, height, "rgb24").to_image().save(self.folder / "poster.png")

    def _upright(self, frame: Any) -> Any:
        """Telephones write how they were held beside the pictures; here the pictures are turned."""
        turn = round(frame.rotation) % 360
        if turn not in (90, 180, 270):
            return frame
        if self.turn is None:
            self.turn = self._turner(frame, {90: ["cclock"], 180: ["clock", "clock"], 270: ["clock"]}[turn])
        self.turn.push(frame)
        return self.turn.pull()

    def _turner(self, frame: Any, steps: list[str]) -> Any:
        import av.filter

        graph = av.filter.Graph()
        nodes = [graph.add_buffer(template=self.pictures), *(graph.add("transpose", one) for one in steps)]
        nodes.append(graph.add("buffersink"))
        graph.link_nodes(*nodes).configure()
        return graph

    def _play(self, frame: Any) -> None:
        at = self._at(frame)
        if at < 0:
            return
        frame.pts = round(at / frame.time_base)
        # A file's header is written with its first packet and names every track, so sound waits for the first picture.
        self.early.append(frame)
        if len(self.early) > EARLY_MOST:
            raise Refused("not_a_film")
        if self.made is not None:
            self._let_sound()

    def _let_sound(self) -> None:
        for frame in self.early:
            self.out.mux(self.heard.encode(frame))
        self.early.clear()


def confine(*, memory_mb: int, cpu_seconds: int, written_mb: int) -> None:
    """What this process may use from now on; and it goes when its parent goes, where the system can do that."""
    import resource

    for what, most in (
        (resource.RLIMIT_AS, memory_mb << 20),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_FSIZE, written_mb << 20),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        try:
            resource.setrlimit(what, (most, most))
        except (OSError, ValueError):
            continue  # macOS knows no limit of address space
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(1, 9)  # PR_SET_PDEATHSIG, SIGKILL
    os.nice(10)


def main() -> None:
    source, folder, limits = Path(sys.argv[1]), Path(sys.argv[2]), json.loads(sys.argv[3])
    seconds = limits.pop("seconds")
    confine(**limits)
    try:
        told: dict[str, Any] = asdict(make(source, folder, seconds=seconds))
    except Refused as refused:
        told = {"fault": str(refused)}
    except MemoryError:
        told = {"fault": "film_too_heavy"}
    print(json.dumps(told))


if __name__ == "__main__":
    main()
