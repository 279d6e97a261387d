CREATE OR REPLACE FUNCTION public.read_event_time(
    p_time text,
    p_timezone text DEFAULT NULL,
    p_event_id bigint DEFAULT NULL
) RETURNS timestamptz
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
-- A local time that the clocks skip or show twice is read with the offset of winter time, as PostgreSQL reads it in psql:
-- 2:30 in the skipped hour becomes 3:30, and in the repeated hour it is the later one.
DECLARE
    v_timezone text := coalesce(
        p_timezone,
        (SELECT e.timezone FROM public.events AS e WHERE e.id = p_event_id),
        public.session_timezone()
    );
BEGIN
    IF p_time ~ ':[0-9.]+([+-][0-9:]+|Z)$' THEN
        RETURN p_time::timestamptz;
    END IF;
    IF NOT public.is_timezone(v_timezone) THEN
        PERFORM public.raise_refusal(
            public.invalid_field('EB101', 'event', 'timezone', 'must be the IANA name of a time zone, such as Europe/Berlin'));
    END IF;
    RETURN p_time::timestamp AT TIME ZONE v_timezone;
END
$$;

COMMENT ON FUNCTION public.read_event_time IS
    'The moment that a time of ISO 8601 names; without an offset it is read in p_timezone, else in the zone of the event, else in the session''s. A skipped local time is moved on by the hour that is skipped, of a repeated one it is the later. Raises EB101 invalid_event for an unknown p_timezone.';
