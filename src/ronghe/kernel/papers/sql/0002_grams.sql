-- Every pair of neighbouring characters of a paper's number and title, for finding a part of them by an index.
CREATE FUNCTION papers_grams(number text, title text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT substr(words, at, 2)), '{}')
    FROM lower(number || ' ' || title) AS words, generate_series(1, length(words) - 1) AS at
$$;
