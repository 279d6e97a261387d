CREATE OR REPLACE FUNCTION public.revoke_access_token(p_token text) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
    DELETE FROM public.access_tokens WHERE token_hash = sha256(convert_to(p_token, 'UTF8'))
$$;

COMMENT ON FUNCTION public.revoke_access_token IS 'Ends a session or API token.';
