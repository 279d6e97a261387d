CREATE OR REPLACE FUNCTION public.get_secret_key() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
    SELECT value FROM public.service_secrets WHERE name = 'secret_key'
$$;

COMMENT ON FUNCTION public.get_secret_key IS
    'The key from which booking tokens are derived where none is configured; made once, by the migration.';
