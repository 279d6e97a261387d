CREATE OR REPLACE FUNCTION public.create_admin(p_email text, p_password_hash text) RETURNS public.users
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
DECLARE
    v_user_id bigint := public.find_or_add_user(p_email, NULL, NULL);
    v_user public.users;
BEGIN
    UPDATE public.users SET role = 'admin' WHERE id = v_user_id RETURNING * INTO v_user;
    INSERT INTO public.accounts (user_id, password_hash, created_at)
    VALUES (v_user_id, p_password_hash, public.clock())
    ON CONFLICT (user_id) DO UPDATE SET password_hash = excluded.password_hash;
    RETURN v_user;
END
$$;

COMMENT ON FUNCTION public.create_admin IS
    'Makes the user with this email, added if new, an admin who signs in with this password hash. Raises EB102 invalid_user.';
