CREATE OR REPLACE FUNCTION public.expire_bookings(p_limit integer DEFAULT 1000) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS
$$
-- Never waits while it holds a lock, so it is outside the lock order. Where only locked events are left it waits for one
-- of them, so that a rush for seats cannot put off the sweep for ever. A turn that expired nothing, because another
-- sweeper came first, is rolled back: that releases its locks before the next turn waits.
DECLARE
    v_now timestamptz := public.clock();
    v_expired integer := 0;
    v_found_any boolean := true;
    v_locked_event_id bigint;
BEGIN
    WHILE p_limit > 0 AND v_expired = 0 AND v_found_any LOOP
        BEGIN
            IF v_locked_event_id IS NULL THEN
                SELECT s.expired, s.found_any, s.locked_event_id INTO v_expired, v_found_any, v_locked_event_id
                FROM public.sweep_unlocked_events(v_now, p_limit) AS s;
            ELSE
                PERFORM 1 FROM public.events WHERE id = v_locked_event_id FOR UPDATE;
                v_expired := (SELECT l.lapsed FROM public.lapse_holds(v_locked_event_id, v_now, p_limit) AS l);
                PERFORM public.offer_seats(v_locked_event_id, public.clock());
                v_locked_event_id := NULL;
            END IF;
            IF v_expired = 0 THEN
                RAISE EXCEPTION SQLSTATE 'EBX01' USING MESSAGE = 'Nothing was expired in this turn.';
            END IF;
        EXCEPTION
            WHEN SQLSTATE 'EBX01' THEN NULL;
        END;
    END LOOP;

    PERFORM public.advance_due_waitlists();

    IF v_expired > 0 THEN
        PERFORM pg_notify('outbox', '');
    END IF;
    RETURN v_expired;
END
$$;

COMMENT ON FUNCTION public.expire_bookings IS
    'Cancels up to p_limit lapsed holds, frees their seats, offers them to who waits and queues the notifications; returns how many, 0 only when no lapsed hold is left. Call until it returns 0, from any number of sessions at once: they share the work.';
