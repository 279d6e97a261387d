CREATE OR REPLACE FUNCTION public.get_calendar(p_user_id bigint) RETURNS TABLE (version integer, language text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
BEGIN
    RETURN QUERY SELECT u.calendar_version, u.language FROM public.users AS u WHERE u.id = p_user_id AND u.erased_at IS NULL;
    IF NOT FOUND THEN
        PERFORM public.raise_refusal(public.user_not_found(p_user_id));
    END IF;
END
$$;

COMMENT ON FUNCTION public.get_calendar IS
    'Which address of the user''s calendar is the valid one, and in which language it speaks (NULL: not known). Raises EB003 user_not_found.';
