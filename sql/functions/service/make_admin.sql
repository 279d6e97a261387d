CREATE OR REPLACE FUNCTION public.make_admin(p_user_id bigint) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
BEGIN
    UPDATE public.users SET role = 'admin' WHERE id = p_user_id AND role <> 'admin';
    IF FOUND THEN
        PERFORM public.end_access(p_user_id);
    END IF;
END
$$;

COMMENT ON FUNCTION public.make_admin IS
    'Gives a user the role admin; if it is new, all sessions and API tokens of the user end. While the email of the user''s account is not proven, the account acts as a user''s.';
