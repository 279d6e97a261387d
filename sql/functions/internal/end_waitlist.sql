CREATE OR REPLACE FUNCTION public.end_waitlist(p_event_id bigint) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS
$$
BEGIN
    WITH ended AS (
        UPDATE public.waitlist SET status = 'expired', kept_until = NULL
        WHERE event_id = p_event_id AND status = 'waiting'
        RETURNING id, user_id
    )
    INSERT INTO public.outbox (user_id, event_id, kind, channel, due_at, not_before, created_at)
    SELECT ended.user_id, p_event_id, 'waitlist_ended', way.channel, clock.now, clock.now, clock.now
    FROM ended
    JOIN public.notification_channels AS way ON way.user_id = ended.user_id
    CROSS JOIN LATERAL (SELECT public.clock() AS now) AS clock
    ORDER BY ended.id;

    UPDATE public.events SET waiting = 0 WHERE id = p_event_id AND waiting > 0;
END
$$;

COMMENT ON FUNCTION public.end_waitlist IS
    'Lets the entries that still wait for the event expire and tells their people. For functions that hold the event''s lock and know that nobody can book it any more.';
