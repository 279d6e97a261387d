CREATE OR REPLACE FUNCTION public.renew_calendar(p_user_id bigint) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
DECLARE
    v_version integer;
BEGIN
    UPDATE public.users SET calendar_version = calendar_version + 1
    WHERE id = p_user_id AND erased_at IS NULL
    RETURNING calendar_version INTO v_version;
    IF NOT FOUND THEN
        PERFORM public.raise_refusal(public.user_not_found(p_user_id));
    END IF;
    RETURN v_version;
END
$$;

COMMENT ON FUNCTION public.renew_calendar IS
    'Ends the address of the user''s calendar that was valid until now; returns which is from now on. Raises EB003 user_not_found.';
