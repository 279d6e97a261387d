CREATE OR REPLACE FUNCTION public.event_json(p_event public.current_events) RETURNS json
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS
$$
    SELECT to_json(event) FROM (
        SELECT
            p_event.id,
            p_event.name,
            public.time_in_zone(p_event.date, p_event.timezone) AS date,
            p_event.total_seats,
            p_event.available_seats,
            p_event.booking_ttl_minutes,
            p_event.created_at,
            p_event.canceled_at,
            p_event.description,
            p_event.place,
            p_event.timezone,
            public.time_in_zone(p_event.opens_at, p_event.timezone) AS opens_at,
            public.time_in_zone(p_event.closes_at, p_event.timezone) AS closes_at,
            p_event.max_seats_per_booking,
            p_event.published,
            p_event.version
    ) AS event
$$;

COMMENT ON FUNCTION public.event_json IS
    'An event as the API answers it: what organisers say of its times has the offset of its own zone, the rest that of the session.';
