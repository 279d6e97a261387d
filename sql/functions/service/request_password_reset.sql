CREATE OR REPLACE FUNCTION public.request_password_reset(p_email text, p_nonce text, p_token text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
DECLARE
    v_user_id bigint := (
        SELECT id FROM public.users WHERE public.fold_email(email) = public.fold_email(p_email) AND erased_at IS NULL
    );
BEGIN
    RETURN public.mail_account_link(v_user_id, 'password_reset', p_nonce, p_token);
END
$$;

COMMENT ON FUNCTION public.request_password_reset IS
    'Mails a link that sets a new password to the user with this email, if there is one; false where there is no mail.';
