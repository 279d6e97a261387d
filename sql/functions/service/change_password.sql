CREATE OR REPLACE FUNCTION public.change_password(
    p_user_id bigint,
    p_old_hash text,
    p_new_hash text,
    p_token text,
    p_address text
) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
BEGIN
    UPDATE public.accounts SET password_hash = p_new_hash WHERE user_id = p_user_id AND password_hash = p_old_hash;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'EB308',
            MESSAGE = 'This is not the password.',
            HINT = 'Give the one that you sign in with, or ask for a link that sets a new one.';
    END IF;
    DELETE FROM public.access_tokens WHERE user_id = p_user_id AND token_hash <> sha256(convert_to(p_token, 'UTF8'));
    DELETE FROM public.account_links WHERE user_id = p_user_id;
    PERFORM public.record_sign_in(p_user_id, p_address);
END
$$;

COMMENT ON FUNCTION public.change_password IS
    'Replaces the password hash that was checked, and ends all sessions and API tokens of the user but that of p_token. Raises EB308 wrong_password if the hash is another one by now.';
