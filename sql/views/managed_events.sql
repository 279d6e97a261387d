CREATE OR REPLACE VIEW public.managed_events AS
SELECT
    now.held AS held_seats,
    e.total_seats - e.available_seats - now.pending AS confirmed_seats,
    CASE WHEN public.waiting_has_ended(e, public.clock()) THEN 0 ELSE e.waiting END AS waiting,
    a.*
FROM public.event_answers AS a
JOIN public.events AS e ON e.id = a.id
CROSS JOIN LATERAL (
    SELECT coalesce(sum(b.seats), 0)::integer AS pending,
           coalesce(sum(b.seats) FILTER (WHERE b.expires_at > (SELECT public.clock())), 0)::integer AS held
    FROM public.bookings AS b
    WHERE b.event_id = e.id AND b.status = 'pending'
) AS now;

COMMENT ON VIEW public.managed_events IS
    'Events as those who run them see them: besides what event_answers has, the seats that are held and confirmed at this moment and how many wait. Only holds are read: what else is taken is confirmed.';
