CREATE OR REPLACE FUNCTION public.add_user(
    p_email text,
    p_name text,
    p_telegram_id text
) RETURNS public.users
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS
$$
DECLARE
    v_email text := btrim(p_email);
    v_name text := coalesce(nullif(btrim(p_name), ''), left(split_part(v_email, '@', 1), 200));
    v_telegram_id text := nullif(btrim(p_telegram_id), '');
    v_field text;
    v_wanted text;
    v_user public.users;
BEGIN
    IF v_email IS NULL OR length(v_email) > 254 OR v_email !~ '^[^@[:space:]]+@[^@[:space:]]+$' THEN
        v_field := 'email';
        v_wanted := 'must look like name@example.org and have at most 254 characters';
    ELSIF length(v_name) > 200 THEN
        v_field := 'name';
        v_wanted := 'must have at most 200 characters';
    ELSIF length(v_telegram_id) > 64 THEN
        v_field := 'telegram_id';
        v_wanted := 'must have at most 64 characters';
    END IF;
    IF v_field IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'EB102',
            MESSAGE = format('This is no user: %s %s.', v_field, v_wanted),
            DETAIL = json_build_object('errors', json_build_array(
                json_build_object('field', v_field, 'message', v_wanted)));
    END IF;

    INSERT INTO public.users (email, name, telegram_id, created_at)
    VALUES (v_email, v_name, v_telegram_id, public.clock())
    ON CONFLICT DO NOTHING
    RETURNING * INTO v_user;
    RETURN v_user;
END
$$;

COMMENT ON FUNCTION public.add_user(text, text, text) IS
    'Adds a user; without a name, the part of the email before the @ stands in. NULL if the email is taken. Raises EB102 invalid_user.';
