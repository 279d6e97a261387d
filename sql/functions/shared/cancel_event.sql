CREATE OR REPLACE FUNCTION public.cancel_event(p_event_id bigint, p_reason text DEFAULT 'event canceled') RETURNS public.events
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS
$$
DECLARE
    v_reason text := btrim(p_reason);
    v_event public.events;
    v_now timestamptz;
BEGIN
    PERFORM public.raise_refusal(public.validate_reason(v_reason, ARRAY['expired', 'user', 'admin']));
    SELECT * INTO v_event FROM public.events WHERE id = p_event_id FOR UPDATE;
    IF NOT FOUND THEN
        PERFORM public.raise_refusal(public.event_not_found(p_event_id));
    END IF;
    IF v_event.canceled_at IS NOT NULL THEN
        RETURN v_event;
    END IF;

    v_now := public.clock();
    PERFORM public.lapse_holds(p_event_id, v_now, NULL);
    UPDATE public.events SET canceled_at = v_now WHERE id = p_event_id;
    PERFORM public.release_seats(
        p_event_id,
        ARRAY(
            SELECT b.id FROM public.bookings AS b
            WHERE b.event_id = p_event_id AND b.status <> 'canceled'
            ORDER BY b.expires_at, b.id
            FOR UPDATE
        ),
        v_reason,
        v_now
    );
    PERFORM public.end_waitlist(p_event_id);
    PERFORM pg_notify('outbox', '');
    SELECT * INTO STRICT v_event FROM public.events WHERE id = p_event_id;
    RETURN v_event;
END
$$;

COMMENT ON FUNCTION public.cancel_event IS
    'Cancels an event and all its bookings for the reason, and tells those who booked or wait; nobody can book it any more. A canceled one stays as it is. Raises EB001 event_not_found, EB103 invalid_reason.';
