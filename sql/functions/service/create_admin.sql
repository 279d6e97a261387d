CREATE OR REPLACE FUNCTION public.create_admin(p_email text, p_password_hash text) RETURNS public.users
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
-- Registering proves no email: whoever made the account, is signed in or linked a chat may be a stranger. So nothing of
-- what was there before opens anything afterwards, except where nothing changes, as at each start of the service.
DECLARE
    v_user_id bigint := public.find_or_add_user(p_email, NULL, NULL);
    v_user public.users;
    v_account public.accounts;
BEGIN
    SELECT * INTO STRICT v_user FROM public.users WHERE id = v_user_id FOR NO KEY UPDATE;
    SELECT * INTO v_account FROM public.accounts WHERE user_id = v_user_id;
    IF v_user.role = 'admin' AND v_account.password_hash = p_password_hash THEN
        RETURN v_user;
    END IF;

    PERFORM public.end_access(v_user_id);
    PERFORM public.set_password(v_user_id, p_password_hash);
    UPDATE public.users SET role = 'admin' WHERE id = v_user_id RETURNING * INTO v_user;
    RETURN v_user;
END
$$;

COMMENT ON FUNCTION public.create_admin IS
    'Makes the user with this email, added if new, an admin who signs in with this password hash; all sessions and API tokens of the user end, unless the user is an admin with this hash already. Raises EB102 invalid_user.';
