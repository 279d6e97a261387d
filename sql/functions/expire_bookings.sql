CREATE OR REPLACE FUNCTION public.expire_bookings(p_limit integer DEFAULT 1000) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS
$$
-- Skips events that somebody is busy with, so that it never makes anyone wait while it holds other events. When only
-- busy ones are left it waits for one of them, holding nothing, so that a rush for seats cannot put off the sweep for ever.
DECLARE
    v_now timestamptz := public.clock();
    v_event_id bigint;
    v_busy_event_id bigint;
    v_expired integer := 0;
BEGIN
    IF p_limit IS NULL OR p_limit < 1 THEN
        RETURN 0;
    END IF;

    FOR v_event_id IN
        SELECT DISTINCT oldest.event_id
        FROM (
            SELECT event_id FROM public.bookings
            WHERE status = 'pending' AND expires_at <= v_now
            ORDER BY expires_at
            LIMIT p_limit
        ) AS oldest
        ORDER BY oldest.event_id
    LOOP
        EXIT WHEN v_expired >= p_limit;
        PERFORM 1 FROM public.events WHERE id = v_event_id FOR UPDATE SKIP LOCKED;
        IF FOUND THEN
            v_expired := v_expired + public.lapse_holds(v_event_id, v_now, p_limit - v_expired);
        ELSE
            v_busy_event_id := v_event_id;
        END IF;
    END LOOP;

    IF v_expired = 0 AND v_busy_event_id IS NOT NULL THEN
        PERFORM 1 FROM public.events WHERE id = v_busy_event_id FOR UPDATE;
        v_expired := public.lapse_holds(v_busy_event_id, v_now, p_limit);
    END IF;

    IF v_expired > 0 THEN
        PERFORM pg_notify('outbox', '');
    END IF;
    RETURN v_expired;
END
$$;

COMMENT ON FUNCTION public.expire_bookings(integer) IS
    'Cancels up to p_limit lapsed holds, frees their seats and queues the messages; returns how many. Call until it returns 0, from any number of sessions.';
