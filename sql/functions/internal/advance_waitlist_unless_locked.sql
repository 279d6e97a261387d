CREATE OR REPLACE FUNCTION public.advance_waitlist_unless_locked(p_event_id bigint) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS
$$
BEGIN
    PERFORM 1 FROM public.events AS e WHERE e.id = p_event_id AND public.waitlist_is_due(e, public.clock());
    IF FOUND THEN
        PERFORM 1 FROM public.events WHERE id = p_event_id FOR UPDATE SKIP LOCKED;
        IF FOUND THEN
            PERFORM public.advance_waitlist(p_event_id, public.clock());
        END IF;
    END IF;
END
$$;

COMMENT ON FUNCTION public.advance_waitlist_unless_locked IS
    'advance_waitlist where there is something to do and no other session has locked the event; for functions that only want to answer, and for the sweep.';
