CREATE OR REPLACE FUNCTION public.waitlist_is_due(p_event public.events, p_now timestamptz) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS
$$
BEGIN
    RETURN p_event.waiting > 0 AND (
        public.waiting_has_ended(p_event, p_now)
        OR EXISTS (
            SELECT FROM public.bookings
            WHERE event_id = p_event.id AND status = 'pending' AND expires_at <= p_now
        )
        OR EXISTS (
            SELECT FROM public.waitlist
            WHERE event_id = p_event.id AND status = 'waiting' AND seats <= p_event.total_seats
              AND (seats <= p_event.available_seats OR kept_until <= p_now)
        )
    );
END
$$;

COMMENT ON FUNCTION public.waitlist_is_due IS
    'Whether advance_waitlist may have something to do at p_now: a quick look without a lock. Also true while seats are kept from somebody for whom they would do.';
