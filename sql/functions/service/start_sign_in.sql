CREATE OR REPLACE FUNCTION public.start_sign_in(p_email text, p_address text)
RETURNS TABLE (user_id bigint, password_hash text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
-- The attempt is counted before the password is checked, and under a lock, so that many at once are not more than one after
-- the other; finish_sign_in takes it back. A stranger's guesses count for the stranger's address: where the owner signed
-- in before, only the guesses from there count.
DECLARE
    v_email text := public.fold_email(p_email);
    v_key text;
    v_now timestamptz;
    v_from_here bigint;
    v_for_email bigint;
    v_by_address bigint;
    v_known boolean;
BEGIN
    FOREACH v_key IN ARRAY ARRAY['sign in as ' || v_email, 'sign in from ' || p_address] LOOP  -- always in this order
        PERFORM pg_advisory_xact_lock(hashtextextended(v_key, 0));
    END LOOP;
    v_now := public.clock();

    DELETE FROM public.sign_in_attempts AS old WHERE old.ctid IN (
        SELECT a.ctid FROM public.sign_in_attempts AS a WHERE a.at <= v_now - interval '15 minutes' FOR UPDATE SKIP LOCKED
    );
    SELECT count(*) FILTER (WHERE a.address = p_address), count(*) INTO v_from_here, v_for_email
    FROM public.sign_in_attempts AS a
    WHERE a.email = v_email AND a.at > v_now - interval '15 minutes';
    SELECT count(*) INTO v_by_address
    FROM public.sign_in_attempts AS a
    WHERE a.address = p_address AND a.at > v_now - interval '15 minutes';
    v_known := EXISTS (
        SELECT FROM public.users AS u
        JOIN public.sign_in_addresses AS s ON s.user_id = u.id
        WHERE public.fold_email(u.email) = v_email AND s.address = p_address
    );

    IF v_from_here >= 10 OR v_by_address >= 50 OR (v_for_email >= 100 AND NOT v_known) THEN
        RAISE EXCEPTION USING ERRCODE = 'EB301',
            MESSAGE = 'Too many wrong passwords.',
            HINT = 'Wait 15 minutes, or set a new password.';
    END IF;

    INSERT INTO public.sign_in_attempts (email, address, at) VALUES (v_email, p_address, v_now);
    RETURN QUERY
        SELECT a.user_id, a.password_hash
        FROM public.users AS u
        JOIN public.accounts AS a ON a.user_id = u.id
        WHERE public.fold_email(u.email) = v_email;
END
$$;

COMMENT ON FUNCTION public.start_sign_in IS
    'Counts an attempt to sign in from this address and returns the account to check the password against: none or one row. Raises EB301 too_many_attempts after 10 for the email from the address, 50 from the address, or 100 for the email from wherever its user has not signed in before, in 15 minutes.';
