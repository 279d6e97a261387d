CREATE OR REPLACE FUNCTION public.lapse_holds(
    p_event_id bigint,
    p_now timestamptz,
    p_limit integer,
    OUT lapsed integer,
    OUT seats integer
)
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS
$$
-- Waits for a hold that somebody has locked instead of skipping it: its seat may be the only one that is free.
DECLARE
    v_lapsed bigint[] := ARRAY(
        SELECT id FROM public.bookings
        WHERE event_id = p_event_id AND status = 'pending' AND expires_at <= p_now
        ORDER BY expires_at, id
        LIMIT p_limit
        FOR UPDATE
    );
BEGIN
    lapsed := cardinality(v_lapsed);
    seats := CASE WHEN lapsed = 0 THEN 0 ELSE public.release_seats(p_event_id, v_lapsed, 'expired', p_now) END;
END
$$;

COMMENT ON FUNCTION public.lapse_holds IS
    'Cancels up to p_limit of the event''s lapsed holds (NULL: all), oldest first; how many lapsed, and how many seats that freed. For functions that hold the event''s lock.';
