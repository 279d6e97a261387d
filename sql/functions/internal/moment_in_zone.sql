CREATE OR REPLACE FUNCTION public.moment_in_zone(p_time text, p_timezone text) RETURNS timestamptz
LANGUAGE sql STABLE AS
$$
    -- A local time that the clocks skip or show twice is read with the offset of winter time, as PostgreSQL reads it in psql:
    -- 2:30 in the skipped hour becomes 3:30, and in the repeated hour it is the later one.
    SELECT CASE
        WHEN p_time ~ ':[0-9.]+([+-][0-9:]+|Z)$' THEN p_time::timestamptz
        ELSE p_time::timestamp AT TIME ZONE p_timezone
    END
$$;

COMMENT ON FUNCTION public.moment_in_zone IS
    'The moment that a time of ISO 8601 names; without an offset it is read in the zone.';
