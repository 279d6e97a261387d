CREATE OR REPLACE FUNCTION public.is_timezone(p_name text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS
$$
    -- UTC needs no look: reading the names of all zones takes 10 ms.
    SELECT coalesce(p_name = 'UTC' OR EXISTS (
        SELECT FROM pg_catalog.pg_timezone_names
        WHERE name = p_name AND name !~ '^(posix/|right/|localtime$|posixrules$|Factory$)'
    ), false)
$$;

COMMENT ON FUNCTION public.is_timezone IS
    'Whether this is the IANA name of a time zone, such as Europe/Berlin, written as the IANA writes it.';
