CREATE OR REPLACE FUNCTION public.finish_sign_in(
    p_user_id bigint,
    p_password_hash text,
    p_address text,
    p_token text,
    p_lifetime interval,
    p_label text DEFAULT NULL,
    p_replaced_token text DEFAULT NULL
) RETURNS SETOF public.users
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
-- The password may have changed while it was checked: then what was right a moment ago opens nothing any more.
BEGIN
    PERFORM 1 FROM public.accounts AS a WHERE a.user_id = p_user_id AND a.password_hash = p_password_hash FOR SHARE;
    IF FOUND THEN
        PERFORM public.record_sign_in(p_user_id, p_address);
        RETURN NEXT public.create_session(p_user_id, p_token, p_lifetime, p_label, p_replaced_token);
    END IF;
END
$$;

COMMENT ON FUNCTION public.finish_sign_in IS
    'Starts a session for the user whose password was right, and takes back the attempts counted by start_sign_in; no row if the account has another password hash by now.';
