CREATE OR REPLACE FUNCTION public.authenticate_token(p_token text) RETURNS SETOF public.users
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
-- When it was last used is written once a quarter of an hour: a request reads, and seldom writes.
DECLARE
    v_now timestamptz := public.clock();
    v_token public.access_tokens;
BEGIN
    SELECT * INTO v_token FROM public.access_tokens AS t
    WHERE t.token_hash = sha256(convert_to(p_token, 'UTF8')) AND (t.expires_at IS NULL OR t.expires_at > v_now);
    IF NOT FOUND THEN
        RETURN;
    END IF;

    IF coalesce(v_token.last_seen_at, v_token.created_at) <= v_now - interval '15 minutes' THEN
        UPDATE public.access_tokens AS t SET last_seen_at = v_now
        WHERE t.token_hash = v_token.token_hash AND t.last_seen_at IS NOT DISTINCT FROM v_token.last_seen_at;
    END IF;
    RETURN QUERY
        SELECT (public.own_user(u)).* FROM public.users AS u WHERE u.id = v_token.user_id;
END
$$;

COMMENT ON FUNCTION public.authenticate_token IS 'The user a session or API token acts for: none or one row.';
