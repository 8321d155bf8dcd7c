"""Searching literally, also in Chinese: pairs of neighbouring characters in an index, the words themselves checked again.

Complete by construction: whatever holds the words holds each of their pairs. No dictionary, no extension.
"""

from django.db import migrations

FORWARD = """
-- Every pair of neighbouring characters, in lower case.
CREATE FUNCTION text_bigrams(said text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT array_to_tsvector(coalesce(array_agg(DISTINCT pair), '{}')) FROM (
        SELECT c || lead(c) OVER (ORDER BY place) AS pair
        FROM unnest(string_to_array(lower(said), NULL)) WITH ORDINALITY AS u(c, place)
    ) AS pairs WHERE pair IS NOT NULL
$$;

-- What text_bigrams of a text must hold when the text holds the word; NULL for less than two characters.
CREATE FUNCTION text_bigram_query(word text) RETURNS tsquery LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT string_agg('''' || replace(replace(lexeme, '\\', '\\\\'), '''', '''''') || '''', ' & ')::tsquery
    FROM unnest(text_bigrams(word))
$$;

CREATE INDEX product_words ON catalogue_product USING gin (text_bigrams(name || ' ' || summary || ' ' || origin));
"""

BACKWARD = """
DROP INDEX product_words;
DROP FUNCTION text_bigram_query(text);
DROP FUNCTION text_bigrams(text);
"""


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0004_product_of_shelf")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
