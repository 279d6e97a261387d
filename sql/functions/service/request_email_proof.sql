CREATE OR REPLACE FUNCTION public.request_email_proof(p_user_id bigint, p_nonce text, p_token text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
BEGIN
    IF NOT EXISTS (SELECT FROM public.users WHERE id = p_user_id AND erased_at IS NULL) THEN
        PERFORM public.raise_refusal(public.user_not_found(p_user_id));
    END IF;
    RETURN public.mail_account_link(p_user_id, 'email_proof', p_nonce, p_token);
END
$$;

COMMENT ON FUNCTION public.request_email_proof IS
    'Mails a link that proves that the email is the user''s; false where there is no mail. Raises EB003 user_not_found.';
