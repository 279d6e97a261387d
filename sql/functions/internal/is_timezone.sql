CREATE OR REPLACE FUNCTION public.is_timezone(p_name text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS
$$
    -- UTC needs no look.
    SELECT coalesce(p_name = 'UTC' OR public.known_timezones(ARRAY[p_name]) <> '{}', false)
$$;

COMMENT ON FUNCTION public.is_timezone IS
    'Whether this is the IANA name of a time zone, such as Europe/Berlin, written as the IANA writes it.';
