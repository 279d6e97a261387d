CREATE OR REPLACE FUNCTION public.get_waitlist_entry(p_entry_id bigint) RETURNS json
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS
$$
DECLARE
    v_event_id bigint;
BEGIN
    SELECT event_id INTO v_event_id FROM public.waitlist WHERE id = p_entry_id;
    IF NOT FOUND THEN
        PERFORM public.raise_refusal(public.waitlist_entry_not_found(p_entry_id));
    END IF;
    PERFORM public.advance_waitlist_unless_locked(v_event_id);
    RETURN (SELECT to_json(w) FROM public.current_waitlist AS w WHERE w.id = p_entry_id);
END
$$;

COMMENT ON FUNCTION public.get_waitlist_entry IS
    'A waiting list entry as it counts now: a row of current_waitlist, after the line was moved on. Raises EB005 waitlist_entry_not_found.';
