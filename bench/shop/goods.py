"""Makers, shelves, products, variants, prices, lots."""

THINGS = "'{蜂蜜,大米,山核桃,红薯,普洱茶,绿茶,陶碗,卡包,毛巾,竹篮,香菇,木耳,苹果,雪梨,橙子,土鸡蛋,腊肉,豆腐乳,辣椒酱,花生油}'::text[]"
KINDS = "'{新季,手工,高山,老树,散养,石磨,农家,古法,有机,头茬}'::text[]"
PLACES = "'{浙江临安,云南勐海,黑龙江五常,山东莒南,江西赣南,福建德化,四川汉源,新疆阿克苏,陕西洛川,安徽宁国}'::text[]"

PICTURES = """
INSERT INTO media_picture (id, sha256, width, height, bytes, alt, purpose, created_at)
SELECT n, encode(sha256(convert_to('bench ' || n, 'UTF8')), 'hex'), 1280, 1024, 90000, '', 'product', %(now)s - interval '390 days'
FROM generate_series(%(first)s, %(last)s) n
"""

SHELVES = """
WITH makers AS (
    INSERT INTO catalogue_maker (id, name, slug, place, story, is_demo)
    SELECT n, bench.word(n, 50) || '家', 'maker-' || n, '山里', bench.words(n, 51, 30), false FROM generate_series(1, 200) n)
INSERT INTO catalogue_category (id, name, name_en, slug, position)
SELECT n, '货架 ' || n, 'Shelf ' || n, 'shelf-' || n, n FROM generate_series(1, 12) n
"""

PRODUCTS = f"""
INSERT INTO catalogue_product (id, name, slug, summary, story, origin, state, return_rule, return_days, claim_hours, is_demo,
    created_at, category_id, maker_id)
SELECT n, bench.pick({KINDS}, n, 60) || bench.word(n, 61) || bench.pick({THINGS}, n, 62), 'product-' || n, bench.words(n, 63, 8),
    bench.words(n, 64, 40), bench.pick({PLACES}, n, 65), 'on_sale', 'seven_days', 7, 48, false,
    %(now)s - interval '380 days' + make_interval(secs => n * 1000), 1 + bench.r(n, 66, 12), 1 + bench.r(n, 67, 200)
FROM generate_series(%(first)s, %(last)s) n
"""

PRODUCT_PICTURES = """
INSERT INTO catalogue_productpicture (position, picture_id, product_id)
SELECT k, 1 + (bench.r(n, 70, %(pictures)s) + k) %% %(pictures)s, n FROM generate_series(%(first)s, %(last)s) n, generate_series(0, 1) k
"""

SKUS = """
INSERT INTO catalogue_sku (id, code, options, price_minor, cost_minor, currency, weight_g, unit_note, is_active, position, product_id)
SELECT n, 'SKU' || n, jsonb_build_object('规格', (1 + (n - 1) %% 4) || ' 份'), price, price * 6 / 10, 'CNY', 500, '', true, (n
    - 1) %% 4, (n - 1) / 4 + 1
FROM generate_series(%(first)s, %(last)s) n, LATERAL (SELECT (990 + 10 * bench.r((n - 1) / 4, 80, 900)) * (1 + (n - 1) %% 4)) AS t(price)
"""

PRICES = """
INSERT INTO catalogue_pricechange (price_minor, currency, changed_at, actor, sku_id)
SELECT price_minor, currency, %(now)s - interval '380 days', 'system', id FROM catalogue_sku WHERE id BETWEEN %(first)s AND %(last)s
"""

LOTS = """
INSERT INTO catalogue_lot (id, code, made_on, expires_at, storage, note, sku_id)
SELECT n, 'L' || n, (%(now)s - interval '300 days')::date, %(now)s + interval '400 days', 'ambient', '', n
FROM generate_series(%(first)s, %(last)s) n
"""
