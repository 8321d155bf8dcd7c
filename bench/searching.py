"""The search among many posts: a shop of real words, its index made, and what one search costs.

Words are of a list of spoken Chinese, the commonest far more often than others, as people write. Each search is asked as a member would
who knows people and is in circles; among them words that stand in a fifth of all posts, words of three and four characters, pinyin,
slips, words that nobody wrote, and what is asked while somebody types.
"""

from __future__ import annotations

import json
import random
import time
from bisect import bisect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from pathlib import Path

import pypinyin
from django.db import connection

from bench.shop.defaults import of_the_models
from quanzi.base import planned
from quanzi.community.circles.queries import my_circle_ids
from quanzi.growth.searching.indexing import rebuild
from quanzi.growth.searching.queries import Asked, Reader, search, suggest
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member

MEMBERS, CIRCLES, PRODUCTS, KNOWN = 2_000, 100, 5_000, 300
ENGLISH = ("tomato", "soup", "organic", "coffee", "bread", "peach", "honey", "tea", "cheese", "noodles")

POSTS_INDEX = """CREATE INDEX search_posts ON searching_entry USING gin (keys) WITH (fastupdate = off)
    WHERE kind IN ('note', 'question', 'experience')"""

MEMBER = """INSERT INTO accounts_member (id, password, is_superuser, name, email, bio, language, is_active, is_staff, staff_role, is_leader,
    is_demo, joined_at, confirmed_at)
    SELECT n, '!', false, '会员' || n, 'm' || n || '@bench.example', '', '', true, false, '', false, false, now(), now()
    FROM generate_series(1, %s) n"""
CIRCLE = """INSERT INTO circles_circle (id, name, slug, summary, charter, place, admission, question, is_demo, created_at, founder_id)
    SELECT n, '圈子' || n, 'c' || n, '', '', '', CASE WHEN n %% 3 = 0 THEN 'invitation' ELSE 'open' END, '', false, now(), n
    FROM generate_series(1, %s) n"""
PLACES = """INSERT INTO circles_membership (role, state, answer, reason, asked_at, joined_at, circle_id, member_id)
    SELECT 'member', 'joined', '', '', now(), now(), 1 + (n * k * 7) %% %s, n FROM generate_series(1, %s) n, generate_series(1, 3) k
    ON CONFLICT DO NOTHING"""


class Speech:
    """Words with the frequency of speech, from one seed."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        phrases = json.loads((Path(pypinyin.__file__).parent / "phrases_dict.json").read_text(encoding="utf-8"))
        known = sorted(word for word in phrases if 2 <= len(word) <= 4 and all("一" <= one <= "鿿" for one in word))
        self.dice.shuffle(known)
        self.words = known[:20_000]
        self.sums = list(accumulate(1 / (rank + 3) for rank in range(len(self.words))))

    def word(self) -> str:
        return self.words[bisect(self.sums, self.dice.random() * self.sums[-1])]

    def said(self, least: int, most: int) -> str:
        parts = [self.word() for _ in range(self.dice.randint(least, most))]
        return "".join(parts) + (f" {self.dice.choice(ENGLISH)}" if self.dice.random() < 0.2 else "")


def fill(*, posts: int, seed: int) -> None:
    """Members, circles of which a third is closed, goods and posts."""
    speech, now = Speech(seed), clock.now()
    with connection.cursor() as cursor, of_the_models(cursor):
        cursor.execute("SET session_replication_role = replica; SET synchronous_commit = off")
        cursor.execute("DROP INDEX IF EXISTS post_words, product_words")  # of other pages
        cursor.execute(MEMBER, [MEMBERS])
        cursor.execute(CIRCLE, [CIRCLES])
        cursor.execute(PLACES, [CIRCLES, MEMBERS])
        with cursor.copy(
            "COPY catalogue_product (id, name, slug, summary, story, origin, return_rule, return_days, claim_hours, state, is_demo, "
            "created_at) FROM STDIN"
        ) as copy:
            for n in range(1, PRODUCTS + 1):
                copy.write_row(
                    (
                        n,
                        speech.said(2, 4)[:80],
                        f"p{n}",
                        speech.said(5, 10)[:200],
                        "",
                        speech.words[n % 30],
                        "seven_days",
                        7,
                        48,
                        "on_sale",
                        False,
                        now,
                    )
                )
        with cursor.copy(
            "COPY posts_post (id, circle_id, author_id, kind, title, body, is_demo, created_at, hidden_reason) FROM STDIN"
        ) as copy:
            for row in _posts(speech, posts, now):
                copy.write_row(row)
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("VACUUM ANALYZE")


def _posts(speech: Speech, count: int, now: datetime) -> Iterator[tuple[object, ...]]:
    for n in range(1, count + 1):
        circle = speech.dice.randint(1, CIRCLES) if n % 3 else None
        kind = "question" if n % 10 == 3 else "note"
        at = now - timedelta(seconds=(count - n) * 150)
        yield (
            n,
            circle,
            speech.dice.randint(1, MEMBERS),
            kind,
            speech.said(2, 4)[:60],
            speech.said(14, 26),
            False,
            at,
            "",
        )


@dataclass(frozen=True)
class Timing:
    """Of one way to ask. cpu_ms, cpu_p99_ms: of this process and of its part of the database."""

    title: str
    asked: int
    found: float
    p50_ms: float
    p99_ms: float
    cpu_ms: float
    cpu_p99_ms: float


def measure(*, seed: int, times: int) -> list[Timing]:
    """Each way to ask, `times` times by members in turn; the first ten are not counted."""
    speech, now = Speech(seed), clock.now()
    speech.dice.seed(seed + 1)
    common = speech.words[:40]
    ways: dict[str, Callable[[], str]] = {
        "two characters": lambda: _of_length(speech, 2),
        "three characters": lambda: _of_length(speech, 3),
        "four characters": lambda: _of_length(speech, 4),
        "the commonest words": lambda: speech.dice.choice(common),
        "two words": lambda: f"{speech.word()} {speech.word()}",
        "pinyin": lambda: "".join(pypinyin.lazy_pinyin(speech.word())),
        "English": lambda: speech.dice.choice(ENGLISH),
        "with a slip": lambda: speech.dice.choice(ENGLISH)[:-1] + "x",
        "nobody wrote it": lambda: speech.dice.choice(speech.words[-200:]) + "咦",
    }
    readers = [_reader(1 + number * 37) for number in range(20)]
    found = [_time(title, words, lambda said, who: search(asked=Asked(words=said), reader=who, now=now).total, readers, times)
             for title, words in ways.items()]  # fmt: skip
    typing = _time(
        "while typing",
        lambda: speech.word()[:2],
        lambda said, who: len(suggest(words=said, reader=who)),
        readers,
        times,
    )
    return [*found, typing]


def _reader(member_id: int) -> Reader:
    """Somebody in three circles who knows `KNOWN` people; whom one knows is found before the search, and measured elsewhere."""
    known = {1 + (member_id * 31 + step * 97) % MEMBERS: 0.6 / (1 + step % 7) for step in range(KNOWN)}
    return Reader(member_id, tuple(my_circle_ids(Member(pk=member_id))), (), known)


def _of_length(speech: Speech, length: int) -> str:
    while len(word := speech.word()) != length:
        pass
    return word


def _time(
    title: str, words: Callable[[], str], ask: Callable[[str, Reader], int], readers: list[Reader], times: int
) -> Timing:
    spent: list[float] = []
    worked: list[float] = []
    found = 0
    pid = planned.value("SELECT pg_backend_pid()")
    for number in range(times + 10):
        said, who = words(), readers[number % len(readers)]
        started, cpu = time.perf_counter(), _cpu(pid)
        count = ask(said, who)
        if number >= 10:
            spent.append((time.perf_counter() - started) * 1000)
            worked.append((_cpu(pid) - cpu) * 1000)
            found += count
    spent.sort()
    worked.sort()
    last = min(times - 1, int(times * 0.99))
    return Timing(title, times, found / times, spent[times // 2], spent[last], sum(worked) / times, worked[last])


def _cpu(pid: int) -> float:
    """Seconds that this process and the database's part for it have worked."""
    theirs = Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()[0]
    return time.process_time() + int(theirs) / 1e9


def index(told: Callable[[int, int], None]) -> tuple[float, str]:
    """Make the index, as a restored shop would: entries first, then the index of their keys; seconds, and how much room it takes."""
    started = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off; SET maintenance_work_mem = '512MB'")
        cursor.execute("DROP INDEX search_posts")
        rebuild(told=told)
        cursor.execute(POSTS_INDEX)
        cursor.execute("VACUUM ANALYZE searching_entry")
    size = planned.value("SELECT pg_size_pretty(pg_total_relation_size('searching_entry'))")
    return time.monotonic() - started, str(size)
