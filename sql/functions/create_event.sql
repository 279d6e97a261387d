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
    v_field text;
    v_wanted text;
    v_event public.events;
BEGIN
    IF v_name IS NULL OR length(v_name) NOT BETWEEN 1 AND 200 THEN
        v_field := 'name';
        v_wanted := 'must have 1 to 200 characters';
    ELSIF p_date IS NULL OR p_date < '1970-01-01 00:00+00' OR p_date >= '9999-01-01 00:00+00' THEN
        v_field := 'date';
        v_wanted := 'must lie between the years 1970 and 9998';
    ELSIF p_total_seats IS NULL OR p_total_seats NOT BETWEEN 1 AND 1000000 THEN
        v_field := 'total_seats';
        v_wanted := 'must be from 1 to 1000000';
    ELSIF p_booking_ttl IS NULL OR p_booking_ttl NOT BETWEEN 1 AND 43200 THEN
        v_field := 'booking_ttl_minutes';
        v_wanted := 'must be from 1 to 43200 minutes (30 days)';
    END IF;
    IF v_field IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'EB101',
            MESSAGE = format('This is no event: %s %s.', v_field, v_wanted),
            DETAIL = json_build_object('errors', json_build_array(
                json_build_object('field', v_field, 'message', v_wanted)));
    END IF;

    INSERT INTO public.events (name, date, total_seats, available_seats, booking_ttl, created_at)
    VALUES (v_name, p_date, p_total_seats, p_total_seats, p_booking_ttl, public.clock())
    RETURNING * INTO v_event;
    RETURN v_event;
END
$$;

COMMENT ON FUNCTION public.create_event(text, timestamptz, integer, integer) IS
    'Creates an event with all its seats free; p_booking_ttl is in minutes. Raises EB101 invalid_event.';
