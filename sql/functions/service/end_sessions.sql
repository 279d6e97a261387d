CREATE OR REPLACE FUNCTION public.end_sessions(p_user_id bigint) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
BEGIN
    IF NOT EXISTS (SELECT FROM public.users WHERE id = p_user_id) THEN
        PERFORM public.raise_refusal(public.user_not_found(p_user_id));
    END IF;
    DELETE FROM public.access_tokens WHERE user_id = p_user_id AND kind = 'session';
END
$$;

COMMENT ON FUNCTION public.end_sessions IS
    'Ends all sessions of the user; API tokens go on. Raises EB003 user_not_found.';
