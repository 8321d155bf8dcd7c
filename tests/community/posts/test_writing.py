"""Writing: what may stand, what is cleaned, who may change it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quanzi.base.audit.models import AuditEntry
from quanzi.base.events.services import deliver_pending
from quanzi.community.circles.services import ask_to_join
from quanzi.community.posts import errors, services
from quanzi.community.posts.models import Reaction
from quanzi.community.posts.policies import may_read
from quanzi.community.posts.text import as_html, tidy
from quanzi.kernel import clock
from quanzi.kernel.errors import NotAllowed, NotFound
from quanzi.people.contact.models import Notice
from quanzi.people.safety.services import block
from tests.factories.community import make_circle, make_person, make_post


@pytest.mark.django_db
class TestWriting:
    def test_members_write_and_strangers_are_asked_to_join(self) -> None:
        circle = make_circle()
        assert make_post(author=circle.founder, circle=circle).circle_id == circle.pk
        with pytest.raises(errors.JoinFirst):
            make_post(author=make_person(), circle=circle)

    @pytest.mark.parametrize("title", ["", "  \n ", "长" * 61, "\u202e\u200b"])
    def test_a_title_is_one_visible_sentence(self, title: str) -> None:
        with pytest.raises(errors.TitleNeeded) as refused:
            make_post(title=title)
        assert "title" in refused.value.fields

    def test_a_long_body_is_refused_with_its_length(self) -> None:
        with pytest.raises(errors.BodyTooLong) as refused:
            make_post(body="长" * 5001)
        assert refused.value.params == {"limit": 5000, "length": 5001}

    def test_a_bare_experience_is_refused(self) -> None:
        with pytest.raises(errors.ExperienceNeedsKeptGoods):
            make_post(kind="experience")

    def test_a_flood_is_slowed_down(self) -> None:
        author, now = make_person(), clock.now()
        for _ in range(services.BURST_MAX):
            make_post(author=author, now=now)
        with pytest.raises(errors.TooFast):
            make_post(author=author, now=now + timedelta(minutes=1))
        make_post(author=author, now=now + services.BURST)

    def test_only_the_author_changes_or_takes_back(self) -> None:
        post, other, now = make_post(), make_person(), clock.now()
        with pytest.raises(NotAllowed):
            services.edit_post(post=post, member=other, title="改了", body="", now=now)
        with pytest.raises(NotAllowed):
            services.remove_post(post=post, member=other, now=now)
        services.remove_post(post=post, member=post.author, now=now)
        post.refresh_from_db()
        assert not may_read(post.author, post)


@pytest.mark.django_db
class TestTalking:
    def test_the_author_hears_of_a_comment_once_and_not_of_their_own(self) -> None:
        post, other, now = make_post(), make_person("老赵"), clock.now()
        services.comment(post=post, author=other, body="放阳台能放五天", now=now)
        services.comment(post=post, author=post.author, body="谢谢", now=now)
        deliver_pending(now=now)
        deliver_pending(now=now)
        assert [notice.params["name"] for notice in Notice.objects.filter(member=post.author)] == ["老赵"]

    def test_comments_of_another_post_are_not_answered_here(self) -> None:
        post, elsewhere, now = make_post(), make_post(), clock.now()
        row = services.comment(post=elsewhere, author=post.author, body="好", now=now)
        with pytest.raises(NotFound):
            services.comment(post=post, author=post.author, body="好", answers=row, now=now)

    def test_an_asker_accepts_an_answer_to_a_question_only(self) -> None:
        question, note, now = make_post(kind="question", title="菠菜能放几天"), make_post(), clock.now()
        answer = services.comment(post=question, author=make_person(), body="五天", now=now)
        services.accept_answer(post=question, comment=answer, member=question.author, now=now)
        question.refresh_from_db()
        assert question.accepted_comment_id == answer.pk
        with pytest.raises(NotAllowed):
            services.accept_answer(post=question, comment=answer, member=make_person(), now=now)
        under = services.comment(post=note, author=make_person(), body="嗯", now=now)
        with pytest.raises(errors.NotAQuestion):
            services.accept_answer(post=note, comment=under, member=note.author, now=now)

    def test_useful_counts_once_and_never_for_oneself(self) -> None:
        post, reader, now = make_post(), make_person(), clock.now()
        for _ in range(3):
            services.react(post=post, member=reader, now=now)
        services.react(post=post, member=post.author, now=now)
        assert Reaction.objects.filter(post=post).count() == 1
        services.unreact(post=post, member=reader, now=now)
        assert not Reaction.objects.filter(post=post).exists()

    def test_nothing_passes_a_block(self) -> None:
        post, other, now = make_post(), make_person(), clock.now()
        block(member=post.author, other=other, now=now)
        assert not may_read(other, post)
        with pytest.raises(errors.JoinFirst):
            services.comment(post=post, author=other, body="喂", now=now)

    def test_posts_of_a_closed_door_are_read_inside_only(self) -> None:
        circle = make_circle(admission="invitation")
        post = make_post(author=circle.founder, circle=circle)
        assert not may_read(make_person(), post)
        assert not may_read(None, post)
        assert may_read(circle.founder, post)


@pytest.mark.django_db
class TestModerating:
    def test_hiding_needs_a_reason_reaches_the_author_and_stays_in_the_log(self) -> None:
        circle, writer, now = make_circle(), make_person(), clock.now()
        ask_to_join(circle=circle, member=writer, now=now)
        post = make_post(author=writer, circle=circle)
        with pytest.raises(errors.CommentNeeded):
            services.hide_post(post=post, moderator=circle.founder, reason=" ", now=now)
        with pytest.raises(NotAllowed):
            services.hide_post(post=post, moderator=writer, reason="不喜欢", now=now)
        services.hide_post(post=post, moderator=circle.founder, reason="与公约不符", now=now)
        deliver_pending(now=now)
        post.refresh_from_db()
        assert not may_read(make_person(), post)
        assert may_read(writer, post)
        assert Notice.objects.get(member=writer, kind="post_hidden").params["reason"] == "与公约不符"
        assert AuditEntry.objects.filter(action="post.hide", target=f"post:{post.pk}").count() == 1


class TestText:
    @pytest.mark.parametrize(
        ("written", "drawn"),
        [
            ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
            ("一行\n两行", "<p>一行<br>两行</p>"),
            (
                "看 https://a.example/x?y=1&z=2 。",
                '<p>看 <a href="https://a.example/x?y=1&amp;z=2" rel="noopener noreferrer">https://a.example/x?y=1&amp;z=2</a> 。</p>',
            ),
            (
                'https://a.example/"onclick="x',
                '<p><a href="https://a.example/" rel="noopener noreferrer">https://a.example/</a>"onclick="x</p>',
            ),
            ("javascript:alert(1)", "<p>javascript:alert(1)</p>"),
        ],
    )
    def test_text_is_escaped_and_only_web_addresses_become_links(self, written: str, drawn: str) -> None:
        assert as_html(written) == drawn

    @given(st.text())
    def test_no_text_becomes_a_tag_of_its_own(self, written: str) -> None:
        drawn = str(as_html(tidy(written, keep_lines=True)))
        for allowed in ("<p>", "</p>", "<br>", "</a>"):
            drawn = drawn.replace(allowed, "")
        assert "<" not in drawn.replace('<a href="http', "")

    @given(st.text())
    def test_tidying_twice_changes_nothing(self, written: str) -> None:
        once = tidy(written, keep_lines=True)
        assert tidy(once, keep_lines=True) == once

    def test_letters_that_turn_text_around_are_taken_out_and_emoji_stay(self) -> None:
        assert tidy("好\u202e吃\u200b 👨‍👩‍👧") == "好吃 👨‍👩‍👧"
