CREATE OR REPLACE FUNCTION public.authenticate_token(p_token text) RETURNS SETOF public.token_access
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
-- When it was last used is written once a quarter of an hour: a request reads, and seldom writes. That an API token was
-- used at all is written at once, because "never used" is why people revoke one.
DECLARE
    v_now timestamptz := public.clock();
    v_token public.access_tokens;
    v_last_seen timestamptz;
    v_user public.users;
BEGIN
    SELECT * INTO v_token FROM public.access_tokens AS t
    WHERE t.token_hash = sha256(convert_to(p_token, 'UTF8')) AND (t.expires_at IS NULL OR t.expires_at > v_now);
    IF NOT FOUND THEN
        RETURN;
    END IF;

    v_last_seen := coalesce(v_token.last_seen_at, CASE v_token.kind WHEN 'session' THEN v_token.created_at END);
    IF v_last_seen IS NULL OR v_last_seen <= v_now - interval '15 minutes' THEN
        UPDATE public.access_tokens AS t SET last_seen_at = v_now
        WHERE t.token_hash = v_token.token_hash AND t.last_seen_at IS NOT DISTINCT FROM v_token.last_seen_at;
    END IF;

    IF v_token.scope IS DISTINCT FROM 'door' THEN
        SELECT u.* INTO v_user FROM public.users AS u WHERE u.id = v_token.user_id;
        v_user := public.own_user(v_user);
    END IF;
    RETURN NEXT ROW(v_user, v_token.scope, v_token.event_id)::public.token_access;
END
$$;

COMMENT ON FUNCTION public.authenticate_token IS
    'Whom a session or API token acts for, and the scope of an API token; a door token acts for nobody and names its event. None or one row.';
