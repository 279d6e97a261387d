CREATE OR REPLACE FUNCTION public.record_sign_in_failure(p_email text) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
    DELETE FROM public.sign_in_failures WHERE at <= public.clock() - interval '15 minutes';
    INSERT INTO public.sign_in_failures (email, at) VALUES (lower(btrim(p_email)), public.clock())
$$;

COMMENT ON FUNCTION public.record_sign_in_failure IS 'Counts a wrong password for find_account, and forgets those older than 15 minutes.';
