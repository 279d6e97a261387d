CREATE OR REPLACE FUNCTION public.notifications_json(p_limit integer DEFAULT 20) RETURNS json
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
    SELECT json_build_object(
        'enabled', bot.enabled,
        'bot', bot.username,
        'waiting', waiting.count,
        'sent', (SELECT count(*) FROM public.outbox WHERE state = 'sent'),
        'failed', (SELECT count(*) FROM public.outbox WHERE state = 'failed'),
        'oldest_waiting_at', waiting.oldest,
        'problems', coalesce((
            SELECT json_agg(problem ORDER BY problem.id DESC)
            FROM (
                SELECT id, user_id, booking_id, kind, state, attempts, last_error, created_at, due_at
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

COMMENT ON FUNCTION public.notifications_json(integer) IS
    'How the messages are doing: how many wait, were sent or failed, and the newest p_limit that are in trouble. A reminder before its time does not wait yet.';
