CREATE OR REPLACE FUNCTION public.advance_waitlist(p_event_id bigint, p_now timestamptz) RETURNS bigint[]
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS
$$
BEGIN
    IF NOT EXISTS (SELECT FROM public.events WHERE id = p_event_id AND waiting > 0) THEN
        RETURN ARRAY[]::bigint[];
    END IF;
    PERFORM public.lapse_holds(p_event_id, p_now, NULL);
    RETURN public.offer_seats(p_event_id, p_now);
END
$$;

COMMENT ON FUNCTION public.advance_waitlist IS
    'Brings the event''s waiting list up to p_now: takes back all lapsed holds and offers what is free; returns the new holds. For functions that hold the event''s lock and read p_now after it.';
