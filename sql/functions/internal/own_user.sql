CREATE OR REPLACE FUNCTION public.own_user(p_user public.users) RETURNS public.users
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS
$$
-- Whoever has not proved that the email is theirs learns nothing of what others said of it, and gets no rights by it.
DECLARE
    v_account public.accounts;
BEGIN
    SELECT * INTO v_account FROM public.accounts WHERE user_id = p_user.id;
    IF v_account.user_id IS NOT NULL AND v_account.email_proven_at IS NULL THEN
        p_user.role := 'user';
        IF v_account.claimed_name IS NOT NULL THEN
            p_user.name := v_account.claimed_name;
            p_user.created_at := v_account.created_at;
            p_user.telegram_id := NULL;
        END IF;
    END IF;
    RETURN p_user;
END
$$;

COMMENT ON FUNCTION public.own_user IS
    'The user as the person signed in sees and uses it: without what is older than an account whose email is not proven.';
