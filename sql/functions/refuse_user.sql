CREATE OR REPLACE FUNCTION public.refuse_user(p_email text, p_name text, p_telegram_id text) RETURNS public.refusal
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS
$$
DECLARE
    v_email text := btrim(p_email);
    v_field text;
    v_wanted text;
BEGIN
    IF v_email IS NULL OR length(v_email) > 254 OR v_email !~ '^[^@[:space:]]+@[^@[:space:]]+$' THEN
        v_field := 'email';
        v_wanted := 'must look like name@example.org and have at most 254 characters';
    ELSIF length(btrim(p_name)) > 200 THEN
        v_field := 'name';
        v_wanted := 'must have at most 200 characters';
    ELSIF length(btrim(p_telegram_id)) > 64 THEN
        v_field := 'telegram_id';
        v_wanted := 'must have at most 64 characters';
    ELSE
        RETURN NULL;
    END IF;
    RETURN public.refuse(
        'EB102',
        format('This is no user: %s %s.', v_field, v_wanted),
        json_build_object('errors', json_build_array(json_build_object('field', v_field, 'message', v_wanted)))
    );
END
$$;

COMMENT ON FUNCTION public.refuse_user(text, text, text) IS
    'EB102 invalid_user if nobody can have this email, name and telegram_id; NULL if somebody can.';
