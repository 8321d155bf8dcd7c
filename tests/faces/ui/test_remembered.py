"""What a process keeps of pages: as many as fit, each as it was put there."""

from __future__ import annotations

import random

from quanzi.faces.ui.remembered import Remembered


def test_long_addresses_are_weighed_too() -> None:
    kept = Remembered(room=10_000)
    for number in range(20):
        kept.put(("x" * 2_000, number), (b"",))
    assert kept.get(("x" * 2_000, 0)) is None


def random_page(number: int, size: int = 500) -> tuple[bytes, ...]:
    """Nothing can squeeze this."""
    return (random.Random(number).randbytes(size),)


def test_what_nobody_asks_for_falls_out_and_what_is_old_is_not_given() -> None:
    now = [0.0]
    kept = Remembered(room=3_000, clock=lambda: now[0])
    for number, name in enumerate("zabc"):
        kept.put(name, random_page(number))
        kept.get("z")
    assert (kept.get("a"), kept.get("c")) == (None, random_page(3))
    assert kept.get("z") == random_page(0), "it was asked for all the time"
    now[0] = 3_601
    assert kept.get("c") is None


def test_pages_of_one_kind_are_kept_in_a_tenth_of_their_room_and_come_back_as_they_were() -> None:
    frame = random.Random(0).randbytes(25_000).hex().encode()
    pages = [(frame[:9_000], b"", frame[9_000:], b"goods %d" % number, "桃".encode() * number) for number in range(100)]
    kept = Remembered(room=800_000)
    for number, parts in enumerate(pages):
        kept.put(number, parts, like="goods")
    assert len(kept) == 100, "ready to send, sixteen of them would fill the room"
    assert [kept.get(number) for number in range(100)] == pages
    kept.put("bare", ())
    assert kept.get("bare") == ()


def test_what_pages_are_squeezed_against_is_one_of_the_last_hour() -> None:
    now = [0.0]
    kept = Remembered(room=60_000, clock=lambda: now[0])
    kept.put("before", random_page(1, 5_000), like="goods")
    now[0] = 3_700
    for number in range(10):
        kept.put(number, (*random_page(2, 5_000), b"%d" % number), like="goods")
    assert [kept.get(number) for number in range(10)] == [
        (*random_page(2, 5_000), b"%d" % number) for number in range(10)
    ]
    assert len(kept) == 11, "each little more than its entry"
