CREATE OR REPLACE FUNCTION public.validate_event(
    p_name text,
    p_date timestamptz,
    p_total_seats integer,
    p_booking_ttl integer
) RETURNS public.refusal
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS
$$
BEGIN
    IF p_name IS NULL OR length(p_name) NOT BETWEEN 1 AND 200 THEN
        RETURN public.invalid_field('EB101', 'event', 'name', 'must have 1 to 200 characters');
    ELSIF p_date IS NULL OR p_date < timestamptz '1970-01-01 00:00+00' OR p_date >= timestamptz '9999-01-01 00:00+00' THEN
        RETURN public.invalid_field('EB101', 'event', 'date', 'must lie between the years 1970 and 9998');
    ELSIF p_total_seats IS NULL OR p_total_seats NOT BETWEEN 1 AND 1000000 THEN
        RETURN public.invalid_field('EB101', 'event', 'total_seats', 'must be from 1 to 1000000');
    ELSIF p_booking_ttl IS NULL OR p_booking_ttl NOT BETWEEN 1 AND 43200 THEN
        RETURN public.invalid_field('EB101', 'event', 'booking_ttl_minutes', 'must be from 1 to 43200 minutes (30 days)');
    END IF;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION public.validate_event IS
    'EB101 invalid_event and the field that is out of range, or NULL if an event can be so; p_name without spaces around it.';
