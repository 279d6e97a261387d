CREATE OR REPLACE FUNCTION public.advance_due_waitlists() RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS
$$
-- Takes back no lapsed hold: expire_bookings counts those.
DECLARE
    v_event_id bigint;
BEGIN
    FOR v_event_id IN
        SELECT e.id FROM public.events AS e
        WHERE e.waiting > 0 AND public.waitlist_is_due(e, public.clock())
        ORDER BY e.id
        FOR UPDATE SKIP LOCKED
    LOOP
        PERFORM public.offer_seats(v_event_id, public.clock());
    END LOOP;
END
$$;

COMMENT ON FUNCTION public.advance_due_waitlists IS
    'Moves on the lines for which time went by: booking ended, or seats were kept for long enough. Leaves out events that another session has locked. For expire_bookings.';
