CREATE OR REPLACE FUNCTION public.end_session(p_user_id bigint, p_session_id bigint) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
BEGIN
    DELETE FROM public.access_tokens WHERE id = p_session_id AND user_id = p_user_id AND kind = 'session';
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'EB006', MESSAGE = format('User %s has no session %s.', p_user_id, p_session_id);
    END IF;
END
$$;

COMMENT ON FUNCTION public.end_session IS 'Ends one session of the user. Raises EB006 session_not_found.';
