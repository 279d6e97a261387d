CREATE OR REPLACE FUNCTION public.find_user_id(p_email text) RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
DECLARE
    v_user_id bigint := (
        SELECT id FROM public.users WHERE public.fold_email(email) = public.fold_email(p_email) AND erased_at IS NULL
    );
BEGIN
    IF v_user_id IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'EB003', MESSAGE = format('No user has the email %s.', btrim(p_email));
    END IF;
    RETURN v_user_id;
END
$$;

COMMENT ON FUNCTION public.find_user_id IS 'The id of the user with this email. Raises EB003 user_not_found.';
