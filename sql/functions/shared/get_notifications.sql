CREATE OR REPLACE FUNCTION public.get_notifications(p_limit integer DEFAULT 20) RETURNS json
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
    SELECT json_build_object(
        'enabled', bot.enabled,
        'bot', bot.username,
        'mail', (SELECT m.enabled FROM public.mail AS m),
        'waiting', waiting.count,
        'sent', (SELECT count(*) FROM public.outbox WHERE state = 'sent'),
        'failed', (SELECT count(*) FROM public.outbox WHERE state = 'failed'),
        'oldest_waiting_at', waiting.oldest,
        'problems', coalesce((
            SELECT json_agg(public.notification_json(problem) ORDER BY problem.id DESC)
            FROM (
                SELECT *
                FROM public.outbox
                WHERE state = 'failed' OR (state = 'waiting' AND last_error IS NOT NULL)
                ORDER BY id DESC
                LIMIT p_limit
            ) AS problem
        ), '[]')
    )
    FROM public.telegram_bot AS bot
    CROSS JOIN LATERAL (
        SELECT count(*) AS count, min(not_before) AS oldest
        FROM public.outbox
        WHERE state = 'waiting' AND not_before <= (SELECT public.clock())
    ) AS waiting
$$;

COMMENT ON FUNCTION public.get_notifications IS
    'The state of the outbox: how many notifications wait, were sent or failed, and the newest p_limit with an error. A reminder before its time does not count as waiting.';
