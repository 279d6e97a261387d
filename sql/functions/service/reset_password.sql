CREATE OR REPLACE FUNCTION public.reset_password(p_token text, p_password_hash text) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
-- Whoever opened the link reads the mail of this address: that is the proof that it is theirs.
DECLARE
    v_user_id bigint := public.use_account_link('password_reset', p_token);
BEGIN
    PERFORM 1 FROM public.users WHERE id = v_user_id FOR NO KEY UPDATE;
    PERFORM public.end_access(v_user_id);
    PERFORM public.set_password(v_user_id, p_password_hash);
END
$$;

COMMENT ON FUNCTION public.reset_password IS
    'Gives the link''s user this password and an account if there was none; the email is proven, and all sessions and API tokens of the user end. Raises EB307 account_link_invalid.';
