CREATE OR REPLACE VIEW public.tickets AS
SELECT
    b.id AS booking_id,
    b.user_id,
    b.code,
    b.status = 'canceled' AS is_canceled,
    b.seats,
    b.created_at AS booked_at,
    e.version + (SELECT count(*) FROM public.booking_changes AS c WHERE c.booking_id = b.id)::integer AS sequence,
    e.name AS event_name,
    e.date AS event_date,
    e.timezone AS event_timezone,
    e.place AS event_place
FROM public.bookings AS b
JOIN public.events AS e ON e.id = b.event_id
WHERE b.confirmed_at IS NOT NULL;

COMMENT ON VIEW public.tickets IS
    'What tickets and calendars show of bookings that are confirmed, or were until they were canceled. sequence grows with each change of the event and of the booking.';
