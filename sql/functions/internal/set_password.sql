CREATE OR REPLACE FUNCTION public.set_password(p_user_id bigint, p_password_hash text) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS
$$
-- Until now the account may have been a stranger's, and so may the chat that was linked to it.
BEGIN
    IF EXISTS (SELECT FROM public.accounts WHERE user_id = p_user_id AND email_proven_at IS NULL) THEN
        PERFORM public.unlink_telegram(p_user_id);
    END IF;
    INSERT INTO public.accounts (user_id, password_hash, created_at, email_proven_at)
    VALUES (p_user_id, p_password_hash, public.clock(), public.clock())
    ON CONFLICT (user_id) DO UPDATE
    SET password_hash = excluded.password_hash,
        email_proven_at = coalesce(accounts.email_proven_at, excluded.email_proven_at),
        claimed_name = NULL;
END
$$;

COMMENT ON FUNCTION public.set_password IS
    'Gives the user, who has proved that the email is theirs or for whom an operator vouches, an account with this password hash. Raises EB003 user_not_found.';
