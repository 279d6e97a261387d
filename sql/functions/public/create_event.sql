CREATE OR REPLACE FUNCTION public.create_event(
    p_name text,
    p_date timestamptz,
    p_total_seats integer,
    p_booking_ttl integer DEFAULT 10
) RETURNS public.events
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
DECLARE
    v_name text := btrim(p_name);
    v_event public.events;
BEGIN
    PERFORM public.raise_refusal(public.validate_event(v_name, p_date, p_total_seats, p_booking_ttl));

    INSERT INTO public.events (name, date, total_seats, available_seats, booking_ttl, created_at)
    VALUES (v_name, p_date, p_total_seats, p_total_seats, p_booking_ttl, public.clock())
    RETURNING * INTO v_event;
    RETURN v_event;
END
$$;

COMMENT ON FUNCTION public.create_event IS
    'Creates an event with all its seats free; p_booking_ttl is in minutes. Raises EB101 invalid_event.';
