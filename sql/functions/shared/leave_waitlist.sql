CREATE OR REPLACE FUNCTION public.leave_waitlist(p_entry_id bigint) RETURNS public.waitlist
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS
$$
-- Not before its offer is locked is it sure what became of an entry: confirming takes only the offer's lock.
DECLARE
    v_entry public.waitlist;
    v_booking public.bookings;
    v_now timestamptz;
BEGIN
    SELECT * INTO v_entry FROM public.waitlist WHERE id = p_entry_id;
    IF NOT FOUND THEN
        PERFORM public.raise_refusal(public.waitlist_entry_not_found(p_entry_id));
    END IF;
    PERFORM 1 FROM public.events WHERE id = v_entry.event_id FOR UPDATE;
    SELECT * INTO STRICT v_entry FROM public.waitlist WHERE id = p_entry_id;
    SELECT * INTO v_booking FROM public.bookings WHERE id = v_entry.booking_id FOR UPDATE;
    v_now := public.clock();

    IF v_entry.status = 'offered' AND v_booking.status = 'pending' THEN
        PERFORM public.release_seats(
            v_entry.event_id,
            ARRAY[v_booking.id],
            CASE WHEN v_booking.expires_at <= v_now THEN 'expired' ELSE 'user' END,
            v_now
        );
    ELSIF v_entry.status = 'waiting' AND NOT EXISTS (
        SELECT FROM public.events AS e WHERE e.id = v_entry.event_id AND public.waiting_has_ended(e, v_now)
    ) THEN
        UPDATE public.waitlist SET status = 'left', kept_until = NULL WHERE id = p_entry_id;
        UPDATE public.events SET waiting = waiting - 1 WHERE id = v_entry.event_id;
    END IF;
    PERFORM public.advance_waitlist(v_entry.event_id, v_now);
    SELECT * INTO STRICT v_entry FROM public.waitlist WHERE id = p_entry_id;
    RETURN v_entry;
END
$$;

COMMENT ON FUNCTION public.leave_waitlist IS
    'Takes an entry out of the line, or gives back the seats it was offered; one that has ended stays as it is. Raises EB005 waitlist_entry_not_found.';
