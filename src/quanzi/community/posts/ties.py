"""Which words tie people: an answer that helped, and replies."""

from quanzi.people.trust.models import TieKind
from quanzi.people.trust.ports import Deeds

HELPED = Deeds(
    kind=TieKind.HELPED, word="answer", about="post.id",
    # The asker is tied to the helper since the help was written.
    facts="""SELECT post.id, post.author_id, c.author_id, c.created_at
        FROM posts_post post JOIN posts_comment c ON c.id = post.accepted_comment_id AND c.removed_at IS NULL AND c.hidden_at IS NULL
        WHERE post.removed_at IS NULL AND post.hidden_at IS NULL AND post.author_id <> c.author_id {only}""",
)  # fmt: skip

REPLIED = Deeds(
    kind=TieKind.REPLIED, word="post", about="c.post_id",
    # Once for a conversation, however long: from the one who replied to the one replied to.
    facts="""SELECT c.post_id, c.author_id, coalesce(first.author_id, post.author_id), min(c.created_at)
        FROM posts_comment c JOIN posts_post post ON post.id = c.post_id AND post.removed_at IS NULL AND post.hidden_at IS NULL
        LEFT JOIN posts_comment first ON first.id = c.answers_id
        WHERE c.removed_at IS NULL AND c.hidden_at IS NULL AND c.author_id <> coalesce(first.author_id, post.author_id) {only}
        GROUP BY 1, 2, 3""",
)  # fmt: skip
