CREATE OR REPLACE FUNCTION public.end_every_session() RETURNS bigint
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS
$$
    DELETE FROM public.account_links;
    DELETE FROM public.telegram_links;
    WITH ended AS (DELETE FROM public.access_tokens WHERE kind = 'session' RETURNING true)
    SELECT count(*) FROM ended
$$;

COMMENT ON FUNCTION public.end_every_session IS
    'After restoring a backup: those that were ended since it was made live no more. Ends all sessions, and all links that set a password, prove an email or connect a chat; returns how many sessions. API tokens stay.';
