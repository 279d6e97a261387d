CREATE OR REPLACE FUNCTION public.validate_user(p_email text, p_name text, p_telegram_id text) RETURNS public.refusal
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS
$$
DECLARE
    v_email text := btrim(p_email);
BEGIN
    IF v_email IS NULL OR length(v_email) > 254 OR v_email !~ '^[^@[:space:]]+@[^@[:space:]]+$' THEN
        RETURN public.invalid_field('EB102', 'user', 'email', 'must look like name@example.org and have at most 254 characters');
    ELSIF public.fold_email(v_email) LIKE '%@erased.invalid' THEN
        RETURN public.invalid_field('EB102', 'user', 'email', 'must not be what is left of somebody who had their data deleted');
    ELSIF length(btrim(p_name)) > 200 THEN
        RETURN public.invalid_field('EB102', 'user', 'name', 'must have at most 200 characters');
    ELSIF btrim(p_telegram_id) !~ '^([1-9][0-9]{0,15})?$' THEN
        RETURN public.invalid_field('EB102', 'user', 'telegram_id', 'must be the number of a private chat, such as 123456789');
    END IF;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION public.validate_user IS
    'EB102 invalid_user if nobody can have this email, name and telegram_id; NULL if somebody can.';
