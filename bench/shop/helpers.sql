CREATE SCHEMA bench;
CREATE TABLE bench.facts (seed int NOT NULL, scale float8 NOT NULL, built_at timestamptz NOT NULL);
CREATE TABLE bench.pairs (id bigserial PRIMARY KEY, one bigint NOT NULL, other bigint NOT NULL, UNIQUE (one, other));
-- Chance: always the same for the same number, salt and seed.
CREATE FUNCTION bench.r(n bigint, salt int, most bigint) RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT (hashint8extended(n, current_setting('bench.seed')::bigint * 1000 + salt) & 9223372036854775807) % most $$;
CREATE FUNCTION bench.pick(words text[], n bigint, salt int) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT words[1 + bench.r(n, salt, cardinality(words))::int] $$;
-- A word of two characters out of a thousand common ones, so that a searched word is rare as it is in life.
CREATE FUNCTION bench.word(n bigint, salt int) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT chr(20013 + (bench.r(n, salt, 400) * 31)::int) || chr(22269 + (bench.r(n, salt + 500, 400) * 17)::int) $$;
CREATE FUNCTION bench.words(n bigint, salt int, count int) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT string_agg(bench.word(n * 64 + i, salt), CASE WHEN i % 4 = 0 THEN '，' ELSE '' END) FROM generate_series(1, count) i $$;
CREATE FUNCTION bench.chain(first bigint, last bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    before text := coalesce((SELECT hash FROM ledger_link ORDER BY seq DESC LIMIT 1), repeat('0', 64));
    place bigint := coalesce((SELECT max(seq) FROM ledger_link), 0);
    one record;
    hash text;
BEGIN
    FOR one IN SELECT transaction_id, body FROM ledger_canonical WHERE transaction_id BETWEEN first AND last ORDER BY transaction_id LOOP
        hash := ledger_hash(before, one.body);
        place := place + 1;
        INSERT INTO ledger_link (transaction_id, seq, prev_hash, hash) VALUES (one.transaction_id, place, before, hash);
        before := hash;
    END LOOP;
END $$;
INSERT INTO ledger_account (code, currency, kind, may_go_negative)
VALUES ('cash.offline', 'CNY', 'asset', false), ('escrow.buyers', 'CNY', 'liability', false), ('income.goods', 'CNY', 'income', true);
