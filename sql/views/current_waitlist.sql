CREATE OR REPLACE VIEW public.current_waitlist AS
SELECT
    w.id,
    w.event_id,
    w.user_id,
    w.seats,
    law.status,
    CASE WHEN law.status = 'waiting' THEN (
        SELECT count(*)::integer FROM public.waitlist AS ahead
        WHERE ahead.event_id = w.event_id AND ahead.status = 'waiting' AND ahead.id <= w.id
    ) END AS position,
    w.booking_id,
    w.created_at
FROM public.waitlist AS w
CROSS JOIN LATERAL (
    SELECT CASE
        WHEN w.status = 'offered' AND EXISTS (
            SELECT FROM public.bookings AS b
            WHERE b.id = w.booking_id AND b.status = 'pending' AND b.expires_at <= public.clock()
        ) THEN 'expired'
        WHEN w.status = 'waiting' AND EXISTS (
            SELECT FROM public.events AS e
            WHERE e.id = w.event_id AND (
                e.canceled_at IS NOT NULL
                OR CASE
                    WHEN e.no_show_minutes IS NULL OR e.date <= e.created_at THEN
                        (e.date > e.created_at AND e.date <= public.clock()) OR e.closes_at <= public.clock()
                    ELSE e.date + make_interval(mins => e.no_show_minutes + e.booking_ttl) <= public.clock()
                END
            )
        ) THEN 'expired'
        ELSE w.status
    END AS status
) AS law;

COMMENT ON VIEW public.current_waitlist IS
    'Waiting list entries as they count at this moment: an offer past its expires_at has expired, and so has who waits for an event that nobody can book any more. position: from 1 among those who wait.';
