CREATE OR REPLACE FUNCTION public.refuse_event_values(
    p_name text,
    p_date timestamptz,
    p_total_seats integer,
    p_booking_ttl integer
) RETURNS public.refusal
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS
$$
DECLARE
    v_field text;
    v_wanted text;
BEGIN
    IF p_name IS NULL OR length(p_name) NOT BETWEEN 1 AND 200 THEN
        v_field := 'name';
        v_wanted := 'must have 1 to 200 characters';
    ELSIF p_date IS NULL OR p_date < timestamptz '1970-01-01 00:00+00' OR p_date >= timestamptz '9999-01-01 00:00+00' THEN
        v_field := 'date';
        v_wanted := 'must lie between the years 1970 and 9998';
    ELSIF p_total_seats IS NULL OR p_total_seats NOT BETWEEN 1 AND 1000000 THEN
        v_field := 'total_seats';
        v_wanted := 'must be from 1 to 1000000';
    ELSIF p_booking_ttl IS NULL OR p_booking_ttl NOT BETWEEN 1 AND 43200 THEN
        v_field := 'booking_ttl_minutes';
        v_wanted := 'must be from 1 to 43200 minutes (30 days)';
    ELSE
        RETURN NULL;
    END IF;
    RETURN public.refuse(
        'EB101',
        format('This is no event: %s %s.', v_field, v_wanted),
        json_build_object('errors', json_build_array(json_build_object('field', v_field, 'message', v_wanted)))
    );
END
$$;

COMMENT ON FUNCTION public.refuse_event_values(text, timestamptz, integer, integer) IS
    'EB101 invalid_event and the field that is out of range, or NULL if an event can be so; p_name without spaces around it.';
