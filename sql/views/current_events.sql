CREATE OR REPLACE VIEW public.current_events AS
SELECT
    e.id,
    e.name,
    e.date,
    e.total_seats,
    CASE WHEN e.waiting > 0 THEN 0 ELSE e.available_seats + (
        SELECT coalesce(sum(b.seats), 0)::integer FROM public.bookings AS b
        WHERE b.event_id = e.id AND b.status = 'pending' AND b.expires_at <= (SELECT public.clock())
    ) END AS available_seats,
    e.booking_ttl AS booking_ttl_minutes,
    e.created_at,
    e.canceled_at,
    e.description,
    e.place,
    e.timezone,
    e.opens_at,
    e.closes_at,
    e.max_seats_per_booking,
    e.published,
    e.version,
    e.no_show_minutes
FROM public.events AS e;

COMMENT ON VIEW public.current_events IS
    'Events as they count at this moment: the seats of lapsed holds are free, whether or not they were swept, and while people wait no seat is free for others.';
