CREATE OR REPLACE FUNCTION public.create_event(
    p_name text,
    p_date timestamptz,
    p_total_seats integer,
    p_booking_ttl integer DEFAULT 10,
    p_description text DEFAULT NULL,
    p_place text DEFAULT NULL,
    p_timezone text DEFAULT NULL,
    p_opens_at timestamptz DEFAULT NULL,
    p_closes_at timestamptz DEFAULT NULL,
    p_max_seats_per_booking integer DEFAULT 1,
    p_published boolean DEFAULT true,
    p_no_show_minutes integer DEFAULT NULL
) RETURNS public.events
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
DECLARE
    v_event public.events;
BEGIN
    v_event.name := p_name;
    v_event.date := p_date;
    v_event.total_seats := p_total_seats;
    v_event.booking_ttl := p_booking_ttl;
    v_event.description := p_description;
    v_event.place := p_place;
    v_event.timezone := p_timezone;
    v_event.opens_at := p_opens_at;
    v_event.closes_at := p_closes_at;
    v_event.max_seats_per_booking := p_max_seats_per_booking;
    v_event.published := p_published;
    v_event.no_show_minutes := p_no_show_minutes;
    RETURN public.insert_event(public.tidy_event(v_event));
END
$$;

COMMENT ON FUNCTION public.create_event IS
    'Creates an event with all its seats free. p_booking_ttl is in minutes; p_timezone is an IANA name, NULL the session''s; booking opens at p_opens_at (NULL: now) and closes at p_closes_at (NULL: when it starts); p_no_show_minutes after the start the seats of who has not come in go to who waits (NULL: never). Raises EB101 invalid_event.';
