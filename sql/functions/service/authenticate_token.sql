CREATE OR REPLACE FUNCTION public.authenticate_token(p_token text) RETURNS SETOF public.users
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
    SELECT u.*
    FROM public.access_tokens AS t
    JOIN public.users AS u ON u.id = t.user_id
    WHERE t.token_hash = sha256(convert_to(p_token, 'UTF8'))
      AND (t.expires_at IS NULL OR t.expires_at > public.clock())
$$;

COMMENT ON FUNCTION public.authenticate_token IS 'The user a session or API token acts for: none or one row.';
