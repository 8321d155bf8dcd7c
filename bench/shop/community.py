"""Posts, the goods they name, experiences, comments, reactions. Three in ten posts are experiences, one in ten is a question.

Post n is by the member who bought line 2 * n - 1, and about the goods of that line; two thirds stand in the author's own circle.
"""

POSTS = """
INSERT INTO posts_post (id, circle_id, author_id, kind, title, body, is_demo, created_at, hidden_reason)
SELECT n, CASE WHEN n %% 3 <> 0 THEN least((l.member_id - 1) / 200 + 1, %(circles)s) END, l.member_id,
    CASE WHEN n %% 10 < 3 AND l.kept_at IS NOT NULL THEN 'experience' WHEN n %% 10 = 3 THEN 'question' ELSE 'note' END,
    bench.words(n, 90, 6), bench.words(n, 91, 20 + bench.r(n, 92, 20)::int), false,
    %(now)s - interval '330 days' + make_interval(secs => n * 325.0 * 86400 / %(posts)s), ''
FROM generate_series(%(first)s, %(last)s) n JOIN sales_orderline l ON l.id = 2 * n - 1
"""

POST_PRODUCTS = """
INSERT INTO posts_postproduct (position, post_id, product_id)
SELECT 0, n, l.product_id FROM generate_series(%(first)s, %(last)s) n JOIN sales_orderline l ON l.id = 2 * n - 1 WHERE n %% 10 < 7
"""

POST_PICTURES = """
INSERT INTO posts_postpicture (position, post_id, picture_id)
SELECT 0, n, 1 + bench.r(n, 100, %(pictures)s) FROM generate_series(%(first)s, %(last)s) n WHERE n %% 2 = 0
"""

EXPERIENCES = """
INSERT INTO experiences_experience (post_id, stars, created_at, line_id, member_id, product_id)
SELECT p.id, 5 - bench.r(p.id, 101, 8)::int / 4, p.created_at, l.id, l.member_id, l.product_id
FROM posts_post p JOIN sales_orderline l ON l.id = 2 * p.id - 1 WHERE p.kind = 'experience' AND p.id BETWEEN %(first)s AND %(last)s
"""

COMMENTS = """
INSERT INTO posts_comment (post_id, author_id, body, created_at, hidden_reason)
SELECT n, 1 + bench.r(n, 110, %(members)s), bench.words(n, 111, 8), %(now)s - interval '5 days', ''
FROM generate_series(%(first)s, %(last)s) n WHERE n %% 10 IN (1, 3, 5)
"""

REACTIONS = """
INSERT INTO posts_reaction (post_id, member_id, created_at)
SELECT 1 + bench.r(n, 120, %(posts)s), 1 + bench.r(n, 121, %(members)s), %(now)s - interval '4 days'
FROM generate_series(%(first)s, %(last)s) n
ON CONFLICT (post_id, member_id) DO NOTHING
"""
