CREATE OR REPLACE FUNCTION public.create_session(
    p_user_id bigint,
    p_token text,
    p_lifetime interval,
    p_label text DEFAULT NULL,
    p_replaced_token text DEFAULT NULL
) RETURNS public.users
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
BEGIN
    PERFORM public.revoke_access_token(p_replaced_token);
    RETURN public.own_user(public.create_access_token(p_user_id, p_token, 'session', p_lifetime, left(p_label, 100)));
END
$$;

COMMENT ON FUNCTION public.create_session IS
    'Starts a session under this token for the user, who is returned; p_label says on which device, and the session that the browser had before ends.';
