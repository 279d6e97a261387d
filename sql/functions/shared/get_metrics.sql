CREATE OR REPLACE FUNCTION public.get_metrics() RETURNS TABLE (name text, label text, value double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS
$$
-- Each line is read from a partial index that holds little more than what it counts.
    WITH now AS MATERIALIZED (
        SELECT public.clock() AS at
    ),
    holds AS MATERIALIZED (
        SELECT count(*) FILTER (WHERE b.expires_at > now.at) AS living,
               count(*) FILTER (WHERE b.expires_at <= now.at) AS lapsed,
               coalesce(extract(epoch FROM max(now.at) - min(b.expires_at) FILTER (WHERE b.expires_at <= now.at)), 0) AS lag
        FROM public.bookings AS b, now
        WHERE b.status = 'pending'
    ),
    waiting AS MATERIALIZED (
        SELECT o.channel, count(*) AS count, min(o.not_before) AS since
        FROM public.outbox AS o, now
        WHERE o.state = 'waiting' AND o.not_before <= now.at
        GROUP BY o.channel
    )
    SELECT 'holds', 'living', living::double precision FROM holds
    UNION ALL
    SELECT 'holds', 'lapsed', lapsed FROM holds
    UNION ALL
    SELECT 'sweep_lag', NULL, lag FROM holds
    UNION ALL
    SELECT 'outbox_waiting', c.channel, coalesce(waiting.count, 0)
    FROM (VALUES ('telegram'), ('mail')) AS c (channel) LEFT JOIN waiting USING (channel)
    UNION ALL
    SELECT 'outbox_oldest', c.channel, coalesce(extract(epoch FROM now.at - waiting.since), 0)
    FROM (VALUES ('telegram'), ('mail')) AS c (channel) LEFT JOIN waiting USING (channel), now
    UNION ALL
    SELECT 'outbox_failed', c.channel, count(o.id)
    FROM (VALUES ('telegram'), ('mail')) AS c (channel)
    LEFT JOIN public.outbox AS o ON o.state = 'failed' AND o.channel = c.channel
    GROUP BY c.channel
    UNION ALL
    SELECT 'waiting_list', s.status, count(w.id)
    FROM (VALUES ('waiting'), ('offered')) AS s (status)
    LEFT JOIN public.waitlist AS w ON w.status = s.status AND w.status IN ('waiting', 'offered')
    GROUP BY s.status
$$;

COMMENT ON FUNCTION public.get_metrics IS
    'What operators watch: living and lapsed (not yet swept) holds; sweep_lag, the seconds since the oldest lapsed hold ended; messages waiting, their greatest age in seconds, and failed, by channel; waiting list entries by status.';
