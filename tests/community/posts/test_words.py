"""Searching finds every post that holds the words, and no other."""

from __future__ import annotations

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from quanzi.community.posts.models import Post
from quanzi.community.posts.queries import feed
from tests.factories.community import make_person, make_post

SIGNS = st.text(alphabet="蜂蜜茶ab A%_'\\&|!:*()<> \u0301é🐝", min_size=1, max_size=12)


class EveryText(TestCase):
    @settings(max_examples=60, deadline=None)
    @given(said=SIGNS, words=st.one_of(SIGNS, st.just("")))
    def test_the_index_leaves_nothing_out_that_a_plain_look_finds(self, said: str, words: str) -> None:
        post = make_post(author=make_person(), title="头", body="")
        Post.objects.filter(pk=post.pk).update(body=said)
        asked = words or said[len(said) // 3 :]
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT strpos(lower(title || ' ' || body), lower(%s)) > 0 FROM posts_post WHERE id = %s",
                [asked, post.pk],
            )
            holds = cursor.fetchone()[0]
        assert (post.pk in {item.id for item in feed(words=asked)}) == holds


@pytest.mark.django_db
def test_a_search_reads_the_index_where_posts_are_many() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
        cursor.execute(
            "EXPLAIN SELECT FROM posts_post post WHERE text_bigrams(post.title || ' ' || post.body) @@ text_bigram_query('蜂蜜')"
        )
        assert "post_words" in "\n".join(row[0] for row in cursor.fetchall())
