CREATE OR REPLACE FUNCTION public.has_lapsed_holds(p_event_id bigint, p_now timestamptz) RETURNS boolean
LANGUAGE sql STABLE AS
$$
    SELECT EXISTS (
        SELECT FROM public.bookings AS b
        WHERE b.event_id = p_event_id AND b.status = 'pending' AND b.expires_at <= p_now
    )
$$;

COMMENT ON FUNCTION public.has_lapsed_holds IS
    'Whether seats of the event are free that are still stored as held.';
