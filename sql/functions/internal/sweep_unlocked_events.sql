CREATE OR REPLACE FUNCTION public.sweep_unlocked_events(
    p_now timestamptz,
    p_limit integer,
    OUT expired integer,
    OUT found_any boolean,
    OUT locked_event_id bigint
)
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS
$$
-- First the events of the oldest lapsed holds; `seats > 0` asks for the index that is for nothing else. Where other sessions
-- have locked all of these, any event with a lapsed hold: one index lookup for each event that has holds, so that sweepers at
-- work at once take different events.
DECLARE
    v_event_ids bigint[];
    v_event_id bigint;
BEGIN
    expired := 0;
    FOR v_pass IN 1 .. 2 LOOP
        IF v_pass = 1 THEN
            v_event_ids := ARRAY(
                SELECT DISTINCT oldest.event_id
                FROM (
                    SELECT b.event_id FROM public.bookings AS b
                    WHERE b.status = 'pending' AND b.seats > 0 AND b.expires_at <= p_now
                    ORDER BY b.expires_at
                    LIMIT p_limit
                ) AS oldest
                ORDER BY oldest.event_id
            );
            found_any := v_event_ids <> '{}';
        ELSE
            v_event_ids := ARRAY(
                WITH RECURSIVE first_to_lapse AS (
                    (
                        SELECT b.event_id, b.expires_at FROM public.bookings AS b
                        WHERE b.status = 'pending'
                        ORDER BY b.event_id, b.expires_at
                        LIMIT 1
                    )
                    UNION ALL
                    SELECT following.event_id, following.expires_at
                    FROM first_to_lapse AS f
                    CROSS JOIN LATERAL (
                        SELECT b.event_id, b.expires_at FROM public.bookings AS b
                        WHERE b.status = 'pending' AND b.event_id > f.event_id
                        ORDER BY b.event_id, b.expires_at
                        LIMIT 1
                    ) AS following
                )
                SELECT f.event_id FROM first_to_lapse AS f WHERE f.expires_at <= p_now LIMIT p_limit
            );
        END IF;

        FOREACH v_event_id IN ARRAY v_event_ids LOOP
            EXIT WHEN expired >= p_limit;
            PERFORM 1 FROM public.events WHERE id = v_event_id FOR UPDATE SKIP LOCKED;
            IF FOUND THEN
                expired := expired + (SELECT l.lapsed FROM public.lapse_holds(v_event_id, p_now, p_limit - expired) AS l);
                PERFORM public.offer_seats(v_event_id, public.clock());
            ELSE
                locked_event_id := v_event_id;
            END IF;
        END LOOP;
        EXIT WHEN expired > 0 OR locked_event_id IS NULL;
    END LOOP;
END
$$;

COMMENT ON FUNCTION public.sweep_unlocked_events IS
    'Cancels up to p_limit lapsed holds of events that no other session has locked, and returns how many; whether any hold had lapsed; and one of the events that were locked, if there is one. For expire_bookings.';
