CREATE OR REPLACE FUNCTION public.create_api_token(
    p_email text,
    p_token text,
    p_lifetime interval DEFAULT NULL,
    p_label text DEFAULT NULL
) RETURNS public.users
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
DECLARE
    v_user_id bigint := (SELECT id FROM public.users WHERE public.fold_email(email) = public.fold_email(p_email));
BEGIN
    IF v_user_id IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'EB003', MESSAGE = format('No user has the email %s.', btrim(p_email));
    END IF;
    RETURN public.create_access_token(v_user_id, p_token, 'api', p_lifetime, p_label);
END
$$;

COMMENT ON FUNCTION public.create_api_token IS
    'Lets this token act for the user with this email, who is returned; a NULL lifetime never ends. Raises EB003 user_not_found.';
