CREATE OR REPLACE FUNCTION public.create_access_token(
    p_user_id bigint,
    p_token text,
    p_kind text,
    p_lifetime interval,
    p_label text DEFAULT NULL
) RETURNS public.users
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
    DELETE FROM public.access_tokens WHERE expires_at <= public.clock();
    INSERT INTO public.access_tokens (token_hash, user_id, kind, label, created_at, expires_at)
    VALUES (sha256(convert_to(p_token, 'UTF8')), p_user_id, p_kind, p_label, public.clock(), public.clock() + p_lifetime);
    SELECT u.* FROM public.users AS u WHERE u.id = p_user_id
$$;

COMMENT ON FUNCTION public.create_access_token IS
    'Lets this token act for the user, who is returned: kind ''session'' (a page) or ''api'' (a program); a NULL lifetime never ends. Only the SHA-256 of the token is kept.';
