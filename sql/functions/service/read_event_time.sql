CREATE OR REPLACE FUNCTION public.read_event_time(
    p_time text,
    p_timezone text DEFAULT NULL,
    p_event_id bigint DEFAULT NULL
) RETURNS timestamptz
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
DECLARE
    v_timezone text := coalesce(
        p_timezone,
        (SELECT e.timezone FROM public.events AS e WHERE e.id = p_event_id),
        public.session_timezone()
    );
BEGIN
    IF p_time !~ ':[0-9.]+([+-][0-9:]+|Z)$' AND NOT public.is_timezone(v_timezone) THEN
        PERFORM public.raise_refusal(public.invalid_timezone());
    END IF;
    RETURN public.moment_in_zone(p_time, v_timezone);
END
$$;

COMMENT ON FUNCTION public.read_event_time IS
    'The moment that a time of ISO 8601 names; without an offset it is read in p_timezone, else in the zone of the event, else in the session''s. A skipped local time is moved on by the hour that is skipped, of a repeated one it is the later. Raises EB101 invalid_event for an unknown p_timezone.';
