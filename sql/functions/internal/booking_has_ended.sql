CREATE OR REPLACE FUNCTION public.booking_has_ended(p_event public.events, p_now timestamptz) RETURNS boolean
LANGUAGE sql IMMUTABLE AS
$$
    SELECT p_event.canceled_at IS NOT NULL
        OR (p_event.date > p_event.created_at AND p_event.date <= p_now)
        OR coalesce(p_event.closes_at <= p_now, false)
$$;

COMMENT ON FUNCTION public.booking_has_ended IS
    'Whether the event was canceled, or has closed or started by p_now: nobody can book it any more, so nobody waits for it.';
