CREATE OR REPLACE FUNCTION public.next_lapse(p_event_id bigint) RETURNS timestamptz
LANGUAGE sql VOLATILE AS
$$
    SELECT min(expires_at) FROM public.bookings
    WHERE event_id = p_event_id AND status = 'pending' AND expires_at > (SELECT public.clock())
$$;

COMMENT ON FUNCTION public.next_lapse(bigint) IS
    'When the next living hold of the event lapses if nobody confirms it; NULL if there is none.';
