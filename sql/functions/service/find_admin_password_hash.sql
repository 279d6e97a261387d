CREATE OR REPLACE FUNCTION public.find_admin_password_hash(p_email text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
    SELECT a.password_hash
    FROM public.users AS u
    JOIN public.accounts AS a ON a.user_id = u.id
    WHERE public.fold_email(u.email) = public.fold_email(p_email) AND u.role = 'admin'
$$;

COMMENT ON FUNCTION public.find_admin_password_hash IS
    'The password hash of the admin with this email, or NULL: given to create_admin again where the password is the same, it changes nothing.';
