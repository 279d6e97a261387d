CREATE OR REPLACE FUNCTION public.add_user(
    p_email text,
    p_name text,
    p_telegram_id text
) RETURNS public.users
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS
$$
DECLARE
    v_refusal public.refusal := public.refuse_user(p_email, p_name, p_telegram_id);
    v_user public.users;
BEGIN
    IF v_refusal.sqlstate IS NOT NULL THEN
        PERFORM public.raise_refusal(v_refusal);
    END IF;

    INSERT INTO public.users (email, name, telegram_id, created_at)
    VALUES (btrim(p_email), public.user_name(p_name, p_email), nullif(btrim(p_telegram_id), ''), public.clock())
    ON CONFLICT DO NOTHING
    RETURNING * INTO v_user;
    RETURN v_user;
END
$$;

COMMENT ON FUNCTION public.add_user(text, text, text) IS
    'Adds a user; without a name, the part of the email before the @ stands in. NULL if the email is taken. Raises EB102 invalid_user.';
