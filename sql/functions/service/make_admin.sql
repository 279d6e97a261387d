CREATE OR REPLACE FUNCTION public.make_admin(p_user_id bigint) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
    UPDATE public.users SET role = 'admin' WHERE id = p_user_id AND role <> 'admin'
$$;

COMMENT ON FUNCTION public.make_admin IS 'Gives a user the role admin.';
