CREATE OR REPLACE FUNCTION public.find_account(p_email text)
RETURNS TABLE (user_id bigint, password_hash text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
DECLARE
    v_now timestamptz := public.clock();
BEGIN
    IF (
        SELECT count(*) FROM public.sign_in_failures AS f
        WHERE f.email = lower(btrim(p_email)) AND f.at > v_now - interval '15 minutes'
    ) >= 10 THEN
        RAISE EXCEPTION USING ERRCODE = 'EB301',
            MESSAGE = 'Too many wrong passwords for this email.',
            HINT = 'Wait 15 minutes.';
    END IF;
    RETURN QUERY
        SELECT a.user_id, a.password_hash
        FROM public.users AS u
        JOIN public.accounts AS a ON a.user_id = u.id
        WHERE lower(u.email) = lower(btrim(p_email));
END
$$;

COMMENT ON FUNCTION public.find_account IS
    'The account to check a password against: none or one row. Raises EB301 too_many_attempts after 10 failures in 15 minutes.';
