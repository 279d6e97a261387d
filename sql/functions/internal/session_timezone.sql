CREATE OR REPLACE FUNCTION public.session_timezone() RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS
$$
    SELECT CASE WHEN public.is_timezone(current_setting('TimeZone')) THEN current_setting('TimeZone') ELSE 'UTC' END
$$;

COMMENT ON FUNCTION public.session_timezone IS
    'The zone of an event for which none is named: the session''s, which the service and psql set as configured; UTC if it has no IANA name.';
