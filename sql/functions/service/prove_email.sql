CREATE OR REPLACE FUNCTION public.prove_email(p_user_id bigint, p_token text) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
-- Only whoever is signed in as the link's user proves anything: else the owner of the mailbox would, by opening a link that
-- somebody else asked for, hand over what is theirs.
DECLARE
    v_name text;
BEGIN
    PERFORM public.use_account_link('email_proof', p_token, p_user_id);
    SELECT claimed_name INTO v_name FROM public.accounts WHERE user_id = p_user_id AND email_proven_at IS NULL FOR UPDATE;
    UPDATE public.accounts SET email_proven_at = public.clock(), claimed_name = NULL
    WHERE user_id = p_user_id AND email_proven_at IS NULL;
    UPDATE public.users SET name = coalesce(v_name, name), mail_broken_at = NULL, mail_error = NULL
    WHERE id = p_user_id AND (v_name IS NOT NULL OR mail_broken_at IS NOT NULL);
END
$$;

COMMENT ON FUNCTION public.prove_email IS
    'The user has shown that the email is theirs: what was made for it before the account existed is the account''s own now; and mails reach them again. Raises EB307 account_link_invalid.';
