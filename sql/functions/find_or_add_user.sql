CREATE OR REPLACE FUNCTION public.find_or_add_user(
    p_email text,
    p_name text,
    p_telegram_id text
) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
-- A known user's name and telegram_id stay as they are: whoever books with an email has not proved it to be theirs.
DECLARE
    v_email text := btrim(p_email);
    v_user_id bigint;
BEGIN
    SELECT id INTO v_user_id FROM public.users WHERE lower(email) = lower(v_email);
    IF FOUND THEN
        RETURN v_user_id;
    END IF;

    v_user_id := (public.add_user(v_email, p_name, p_telegram_id)).id;
    IF v_user_id IS NULL THEN  -- somebody else added this email between our two looks
        SELECT id INTO STRICT v_user_id FROM public.users WHERE lower(email) = lower(v_email);
    END IF;
    RETURN v_user_id;
END
$$;

COMMENT ON FUNCTION public.find_or_add_user(text, text, text) IS
    'The id of the user with this email, added if new. For book_seat and sign-in. Raises EB102 invalid_user.';
