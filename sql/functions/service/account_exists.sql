CREATE OR REPLACE FUNCTION public.account_exists(p_email text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
    SELECT EXISTS (
        SELECT FROM public.users AS u
        JOIN public.accounts AS a ON a.user_id = u.id
        WHERE public.fold_email(u.email) = public.fold_email(p_email)
    )
$$;

COMMENT ON FUNCTION public.account_exists IS 'Whether an account owns this email, so that only its owner may book with it.';
