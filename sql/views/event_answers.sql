CREATE OR REPLACE VIEW public.event_answers AS
SELECT
    e.id,
    e.name,
    public.time_in_zone(e.date, e.timezone) AS date,
    e.total_seats,
    e.available_seats,
    e.booking_ttl_minutes,
    e.created_at,
    e.canceled_at,
    e.description,
    e.place,
    e.timezone,
    public.time_in_zone(e.opens_at, e.timezone) AS opens_at,
    public.time_in_zone(e.closes_at, e.timezone) AS closes_at,
    e.max_seats_per_booking,
    e.published,
    e.version,
    e.no_show_minutes
FROM public.current_events AS e;

COMMENT ON VIEW public.event_answers IS
    'Events as the API answers them: what organisers say of their times has the offset of the event''s own zone, the rest that of the session.';
