CREATE OR REPLACE FUNCTION public.validate_event(p_event public.events) RETURNS public.refusal
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS
$$
DECLARE
    v_first CONSTANT timestamptz := timestamptz '1970-01-01 00:00+00';
BEGIN
    IF p_event.name IS NULL OR length(p_event.name) NOT BETWEEN 1 AND 200 THEN
        RETURN public.invalid_field('EB101', 'event', 'name', 'must have 1 to 200 characters');
    ELSIF p_event.date IS NULL OR p_event.date < v_first OR p_event.date >= '9999-01-01 00:00+00' THEN
        RETURN public.invalid_field('EB101', 'event', 'date', 'must lie between the years 1970 and 9998');
    ELSIF p_event.total_seats IS NULL OR p_event.total_seats NOT BETWEEN 1 AND 1000000 THEN
        RETURN public.invalid_field('EB101', 'event', 'total_seats', 'must be from 1 to 1000000');
    ELSIF p_event.booking_ttl IS NULL OR p_event.booking_ttl NOT BETWEEN 1 AND 43200 THEN
        RETURN public.invalid_field('EB101', 'event', 'booking_ttl_minutes', 'must be from 1 to 43200 minutes (30 days)');
    ELSIF length(p_event.description) > 10000 THEN
        RETURN public.invalid_field('EB101', 'event', 'description', 'must have at most 10000 characters');
    ELSIF length(p_event.place) > 200 THEN
        RETURN public.invalid_field('EB101', 'event', 'place', 'must have at most 200 characters');
    ELSIF p_event.closes_at < v_first OR p_event.closes_at > p_event.date THEN
        RETURN public.invalid_field('EB101', 'event', 'closes_at', 'must not be after the date of the event');
    ELSIF p_event.opens_at < v_first OR p_event.opens_at >= coalesce(p_event.closes_at, p_event.date) THEN
        RETURN public.invalid_field('EB101', 'event', 'opens_at', 'must be before closes_at and the date of the event');
    ELSIF p_event.max_seats_per_booking IS NULL OR p_event.max_seats_per_booking NOT BETWEEN 1 AND 1000000 THEN
        RETURN public.invalid_field('EB101', 'event', 'max_seats_per_booking', 'must be from 1 to 1000000');
    ELSIF p_event.no_show_minutes NOT BETWEEN 1 AND 1440 THEN
        RETURN public.invalid_field('EB101', 'event', 'no_show_minutes', 'must be from 1 to 1440 minutes (a day)');
    ELSIF p_event.published IS NULL THEN
        RETURN public.invalid_field('EB101', 'event', 'published', 'must be true or false');
    ELSIF NOT public.is_timezone(p_event.timezone) THEN
        RETURN public.invalid_timezone();
    END IF;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION public.validate_event IS
    'EB101 invalid_event and the field that is out of range, or NULL if an event can be so; texts without spaces around them.';
