CREATE OR REPLACE FUNCTION public.waiting_has_ended(p_event public.events, p_now timestamptz) RETURNS boolean
LANGUAGE sql STABLE AS
$$
    -- Who waits for the seats of no-shows waits past the start: until a hold that is offered then has lapsed.
    SELECT p_event.canceled_at IS NOT NULL OR CASE
        WHEN p_event.no_show_minutes IS NULL OR p_event.date <= p_event.created_at THEN
            (p_event.date > p_event.created_at AND p_event.date <= p_now) OR coalesce(p_event.closes_at <= p_now, false)
        ELSE p_event.date + make_interval(mins => p_event.no_show_minutes + p_event.booking_ttl) <= p_now
    END
$$;

COMMENT ON FUNCTION public.waiting_has_ended IS
    'Whether nobody can get a seat any more by p_now, so nobody waits: the event was canceled, or has closed or started, or, where seats of no-shows are freed, that is longer ago than one hold.';
