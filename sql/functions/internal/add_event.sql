CREATE OR REPLACE FUNCTION public.add_event(p_event public.events) RETURNS public.events
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS
$$
    INSERT INTO public.events (
        name, date, total_seats, available_seats, booking_ttl, created_at,
        description, place, timezone, opens_at, closes_at, max_seats_per_booking, published, no_show_minutes
    ) VALUES (
        p_event.name, p_event.date, p_event.total_seats, p_event.total_seats, p_event.booking_ttl, public.clock(),
        p_event.description, p_event.place, p_event.timezone, p_event.opens_at, p_event.closes_at,
        p_event.max_seats_per_booking, p_event.published, p_event.no_show_minutes
    ) RETURNING *
$$;

COMMENT ON FUNCTION public.add_event IS
    'Adds an event with what an organiser says of it and all its seats free. For functions that have validated it.';
