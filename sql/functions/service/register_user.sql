CREATE OR REPLACE FUNCTION public.register_user(
    p_email text,
    p_name text,
    p_telegram_id text,
    p_password_hash text,
    p_claim boolean DEFAULT false
) RETURNS public.users
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
-- Registering proves no email. With p_claim, an email that only guests have used gets its account, but what is older than
-- the account stays hidden from it until the proof. Whoever has rights already is no guest.
DECLARE
    v_user_ids bigint[];
    v_refusals public.refusal[];
    v_added bigint[];
    v_user public.users;
BEGIN
    SELECT found.user_ids, found.refusals, found.added INTO v_user_ids, v_refusals, v_added
    FROM public.find_or_add_users(ARRAY[p_email], ARRAY[p_name], ARRAY[p_telegram_id]) AS found;
    PERFORM public.raise_refusal(v_refusals[1]);

    SELECT * INTO STRICT v_user FROM public.users WHERE id = v_user_ids[1] FOR NO KEY UPDATE;
    IF v_added IS NULL AND (
        NOT p_claim OR p_password_hash IS NULL OR v_user.role = 'admin'
        OR EXISTS (SELECT FROM public.accounts WHERE user_id = v_user.id)
        OR EXISTS (SELECT FROM public.access_tokens WHERE user_id = v_user.id)
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'EB206',
            MESSAGE = format('The email %s is taken.', btrim(p_email)),
            HINT = 'Sign in with it, or set a new password.';
    END IF;
    IF p_password_hash IS NOT NULL THEN
        INSERT INTO public.accounts (user_id, password_hash, created_at, claimed_name)
        VALUES (
            v_user.id, p_password_hash, public.clock(),
            CASE WHEN v_added IS NULL THEN public.default_user_name(p_name, p_email) END
        );
    END IF;
    RETURN public.own_user(v_user);
END
$$;

COMMENT ON FUNCTION public.register_user IS
    'Adds a user, with an account if a password hash is given; with p_claim also for an email that only guests have used, unproven. Raises EB102 invalid_user, EB206 email_taken.';
