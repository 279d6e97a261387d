CREATE OR REPLACE FUNCTION public.owned_since(p_user_id bigint) RETURNS timestamptz
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS
$$
    SELECT coalesce(
        (SELECT created_at FROM public.accounts WHERE user_id = p_user_id AND email_proven_at IS NULL),
        '-infinity'
    )
$$;

COMMENT ON FUNCTION public.owned_since IS
    'From when on what was made for the user''s email is the account''s own: always, or since the account exists while its email is not proven.';
