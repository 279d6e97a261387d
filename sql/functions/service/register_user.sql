CREATE OR REPLACE FUNCTION public.register_user(
    p_email text,
    p_name text,
    p_telegram_id text,
    p_password_hash text
) RETURNS public.users
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
-- An email that a booking has made known is taken too: nobody gets a stranger's bookings by registering first.
DECLARE
    v_refusals public.refusal[];
    v_added bigint[];
    v_user public.users;
BEGIN
    SELECT found.refusals, found.added INTO v_refusals, v_added
    FROM public.find_or_add_users(ARRAY[p_email], ARRAY[p_name], ARRAY[p_telegram_id]) AS found;
    PERFORM public.raise_refusal(v_refusals[1]);

    SELECT * INTO v_user FROM public.users WHERE id = v_added[1];
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'EB206',
            MESSAGE = format('The email %s is taken.', btrim(p_email)),
            HINT = 'Sign in with it, or ask an administrator for access.';
    END IF;
    IF p_password_hash IS NOT NULL THEN
        INSERT INTO public.accounts (user_id, password_hash, created_at) VALUES (v_user.id, p_password_hash, public.clock());
    END IF;
    RETURN v_user;
END
$$;

COMMENT ON FUNCTION public.register_user IS
    'Adds a user, with an account if a password hash is given. Raises EB102 invalid_user, EB206 email_taken.';
