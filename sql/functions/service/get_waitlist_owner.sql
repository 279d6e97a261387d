CREATE OR REPLACE FUNCTION public.get_waitlist_owner(p_entry_id bigint) RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
DECLARE
    v_user_id bigint;
BEGIN
    SELECT user_id INTO v_user_id FROM public.waitlist WHERE id = p_entry_id;
    IF NOT FOUND THEN
        PERFORM public.raise_refusal(public.waitlist_entry_not_found(p_entry_id));
    END IF;
    RETURN v_user_id;
END
$$;

COMMENT ON FUNCTION public.get_waitlist_owner IS
    'The id of the entry''s user, for deciding who may see and leave it. Raises EB005 waitlist_entry_not_found.';
