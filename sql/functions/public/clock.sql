CREATE OR REPLACE FUNCTION public.clock() RETURNS timestamptz
LANGUAGE sql VOLATILE AS
$$
    SELECT pg_catalog.clock_timestamp()
$$;

COMMENT ON FUNCTION public.clock IS
    'The time by which holds live and die. Everything that decides about time asks here, after it has its locks.';
