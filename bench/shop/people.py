"""Members, circles, ties, consents."""

SURNAMES = "'{王,李,张,刘,陈,杨,黄,赵,吴,周,徐,孙,马,朱,胡,林,郭,何,高,罗}'::text[]"
GIVEN = "'{小雨,建国,敏,静,丽娟,强,磊,洋,艳,勇,芳,杰,娜,秀英,涛,明,超,兰,霞,平,刚,桂英,文,晓东,思远}'::text[]"

MEMBERS = f"""
INSERT INTO accounts_member (id, password, is_superuser, name, email, email_verified_at, bio, language, is_active, is_staff,
    staff_role, is_leader, is_demo, joined_at, confirmed_at)
SELECT n, '!bench', false, bench.pick({SURNAMES}, n, 1) || bench.pick({GIVEN}, n, 2), 'm' || n || '@bench.example', at, '', '', true,
    false, '', n %% 5000 = 1, false, at, at
FROM generate_series(%(first)s, %(last)s) n, LATERAL (SELECT %(now)s - make_interval(days => 400 + bench.r(n, 3, 300)::int)) AS t(at)
"""

CIRCLES = """
INSERT INTO circles_circle (id, name, slug, summary, charter, place, admission, question, is_demo, created_at, founder_id)
SELECT n, bench.word(n, 10) || '邻里 ' || n, 'circle-' || n, '街坊', '只说用过的，好坏都说', '小区 ' || n,
    CASE WHEN n %% 10 = 0 THEN 'invitation' ELSE 'open' END, '', false, %(now)s - interval '380 days', (n - 1) * 200 + 1
FROM generate_series(%(first)s, %(last)s) n
"""

# Everybody is in the circle of their neighbourhood and in up to two others.
MEMBERSHIPS = """
INSERT INTO circles_membership (role, state, answer, reason, asked_at, joined_at, circle_id, member_id)
SELECT CASE WHEN n %% 200 = 1 AND place = 0 THEN 'founder' ELSE 'member' END, 'joined', '', '', at, at,
    CASE place WHEN 0 THEN least((n - 1) / 200 + 1, %(circles)s) ELSE 1 + bench.r(n, 20 + place, %(circles)s) END, n
FROM generate_series(%(first)s, %(last)s) n, generate_series(0, 2) place,
    LATERAL (SELECT %(now)s - make_interval(days => 100 + bench.r(n, 23, 250)::int)) AS t(at)
ON CONFLICT (circle_id, member_id) DO NOTHING
"""

# Two thirds of the people somebody knows live near; the rest anywhere.
PAIRS = """
INSERT INTO bench.pairs (one, other)
SELECT least(n, other), greatest(n, other)
FROM generate_series(%(first)s, %(last)s) n, generate_series(1, CASE WHEN n %% 4 = 0 THEN 6 ELSE 5 END) k, LATERAL (SELECT CASE
    WHEN bench.r(n * 8 + k, 30, 3) < 2 THEN 1 + (n + 1 + bench.r(n * 8 + k, 31, 120)) %% %(members)s
    ELSE 1 + bench.r(n * 8 + k, 32, %(members)s) END) AS t(other)
WHERE other <> n
ON CONFLICT DO NOTHING
"""

TIES = """
INSERT INTO trust_tie (source_id, target_id, kind, label, evidence, made_at, hidden)
SELECT source, target, kind, '', kind || ':' || p.id, %(now)s - make_interval(days => 1 + bench.r(p.id, 40, 360)::int), false
FROM bench.pairs p,
    LATERAL (SELECT CASE bench.r(p.id, 41, 10) WHEN 0 THEN 'family' WHEN 1 THEN 'bought_together' WHEN 2 THEN 'invited' ELSE 'friend' END) AS k(kind),
    LATERAL (VALUES (p.one, p.other), (p.other, p.one)) AS v(source, target)
WHERE p.id BETWEEN %(first)s AND %(last)s
"""

EDGES = """
SELECT trust_count(array_agg(source_id), array_agg(target_id))
FROM (SELECT DISTINCT source_id, target_id FROM trust_tie WHERE source_id BETWEEN %(first)s AND %(last)s) p
"""

# Every third person lets those who know them see what they kept.
CONSENTS = """
WITH said AS (
    INSERT INTO contact_consent (purpose, channel, granted, decided_at, "where", member_id, text_id)
    SELECT 'social_proof', 'none', true, %(now)s - interval '90 days', 'consents', n,
        (SELECT id FROM contact_consenttext WHERE purpose = 'social_proof' ORDER BY version DESC LIMIT 1)
    FROM generate_series(%(first)s, %(last)s) n WHERE n %% 3 = 0
    RETURNING id, member_id)
INSERT INTO contact_permission (purpose, channel, granted, consent_id, member_id) SELECT 'social_proof', 'none', true, id, member_id FROM said
"""
