CREATE OR REPLACE FUNCTION public.time_in_zone(p_time timestamptz, p_timezone text) RETURNS text
LANGUAGE sql STABLE AS
$$
    -- As PostgreSQL writes a timestamptz in JSON, but with the offset of a zone that is not the session's.
    SELECT trim('"' FROM to_json(p_time AT TIME ZONE p_timezone)::text)
        || CASE WHEN p_time AT TIME ZONE p_timezone < p_time AT TIME ZONE 'UTC' THEN '-' ELSE '+' END
        || regexp_replace(
            to_char(
                greatest(
                    p_time AT TIME ZONE p_timezone - p_time AT TIME ZONE 'UTC',
                    p_time AT TIME ZONE 'UTC' - p_time AT TIME ZONE p_timezone
                ),
                'HH24:MI:SS'
            ),
            ':00$', ''
        )
$$;

COMMENT ON FUNCTION public.time_in_zone IS
    'The moment as in ISO 8601, with the offset that the zone has at that moment: 2030-07-01T18:00:00+02:00.';
