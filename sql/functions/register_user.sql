CREATE OR REPLACE FUNCTION public.register_user(
    p_email text,
    p_name text,
    p_telegram_id text,
    p_password_hash text
) RETURNS public.users
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
-- An email that a booking has made known is taken too: nobody may come into a stranger's bookings by registering first.
DECLARE
    v_user public.users := public.add_user(p_email, p_name, p_telegram_id);
BEGIN
    IF v_user.id IS NULL THEN
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

COMMENT ON FUNCTION public.register_user(text, text, text, text) IS
    'Adds a user, with an account if a password hash is given. Raises EB102 invalid_user, EB206 email_taken.';
