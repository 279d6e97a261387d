CREATE OR REPLACE FUNCTION public.count_requests(
    p_keys bytea[],
    p_seconds integer[],
    p_periods bigint[],
    p_requests integer[]
) RETURNS TABLE (ordinal bigint, current integer, previous integer)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS
$$
-- In order of the keys, so that two calls cannot wait for each other.
BEGIN
    INSERT INTO public.request_counts AS c (key, period, requests, expires_at)
    SELECT t.key, t.period, sum(t.requests), to_timestamp((t.period + 2) * max(t.seconds))
    FROM unnest(p_keys, p_seconds, p_periods, p_requests) AS t (key, seconds, period, requests)
    GROUP BY t.key, t.period
    ORDER BY t.key, t.period
    ON CONFLICT (key, period) DO UPDATE SET requests = c.requests + excluded.requests;

    RETURN QUERY
        SELECT t.ordinal, now_in.requests, coalesce(before.requests, 0)
        FROM unnest(p_keys, p_periods) WITH ORDINALITY AS t (key, period, ordinal)
        JOIN public.request_counts AS now_in ON now_in.key = t.key AND now_in.period = t.period
        LEFT JOIN public.request_counts AS before ON before.key = t.key AND before.period = t.period - 1;
END
$$;

COMMENT ON FUNCTION public.count_requests IS
    'Adds requests to the counts of many keys, each in a period of so many seconds, and returns for each key, by its ordinal from 1, everybody''s requests in that period and in the one before.';
