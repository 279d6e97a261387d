CREATE OR REPLACE FUNCTION public.is_email_proven(p_user_id bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
    SELECT email_proven_at IS NOT NULL FROM public.accounts WHERE user_id = p_user_id
$$;

COMMENT ON FUNCTION public.is_email_proven IS
    'Whether the account''s email was proven to be its user''s; NULL for a user without an account.';
