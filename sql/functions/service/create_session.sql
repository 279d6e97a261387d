CREATE OR REPLACE FUNCTION public.create_session(
    p_user_id bigint,
    p_token text,
    p_lifetime interval,
    p_label text DEFAULT NULL,
    p_replaced_token text DEFAULT NULL
) RETURNS public.users
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
DECLARE
    v_now timestamptz := public.clock();
    v_user public.users;
BEGIN
    DELETE FROM public.access_tokens WHERE expires_at <= v_now;
    PERFORM public.revoke_access_token(p_replaced_token);
    INSERT INTO public.access_tokens (token_hash, user_id, kind, label, created_at, expires_at)
    VALUES (
        sha256(convert_to(p_token, 'UTF8')), p_user_id, 'session', left(p_label, 100), v_now, v_now + p_lifetime
    );
    SELECT * INTO STRICT v_user FROM public.users WHERE id = p_user_id;
    RETURN public.own_user(v_user);
END
$$;

COMMENT ON FUNCTION public.create_session IS
    'Starts a session under this token for the user, who is returned; p_label says on which device, and the session that the browser had before ends. Only the SHA-256 of the token is kept.';
