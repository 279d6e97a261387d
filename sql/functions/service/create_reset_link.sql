CREATE OR REPLACE FUNCTION public.create_reset_link(p_user_id bigint, p_nonce text, p_token text) RETURNS timestamptz
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
BEGIN
    IF NOT EXISTS (SELECT FROM public.users WHERE id = p_user_id AND erased_at IS NULL) THEN
        PERFORM public.raise_refusal(public.user_not_found(p_user_id));
    END IF;
    RETURN public.create_account_link(p_user_id, 'password_reset', p_nonce, p_token);
END
$$;

COMMENT ON FUNCTION public.create_reset_link IS
    'Makes a link that sets a new password for the user, for an admin to hand over; returns when it ends. Raises EB003 user_not_found.';
