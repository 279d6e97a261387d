CREATE OR REPLACE FUNCTION public.insert_event(p_event public.events) RETURNS public.events
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS
$$
DECLARE
    v_event public.events;
BEGIN
    PERFORM public.raise_refusal(public.validate_event(p_event));

    INSERT INTO public.events (
        name, date, total_seats, available_seats, booking_ttl, created_at,
        description, place, timezone, opens_at, closes_at, max_seats_per_booking, published
    ) VALUES (
        p_event.name, p_event.date, p_event.total_seats, p_event.total_seats, p_event.booking_ttl, public.clock(),
        p_event.description, p_event.place, p_event.timezone, p_event.opens_at, p_event.closes_at,
        p_event.max_seats_per_booking, p_event.published
    ) RETURNING * INTO v_event;
    RETURN v_event;
END
$$;

COMMENT ON FUNCTION public.insert_event IS
    'Adds an event with what an organiser says of it and all its seats free. Raises EB101 invalid_event.';
