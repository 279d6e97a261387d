CREATE OR REPLACE FUNCTION public.cancel_booking(p_booking_id bigint, p_reason text DEFAULT 'user') RETURNS public.bookings
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS
$$
DECLARE
    v_reason text := btrim(p_reason);
    v_event_id bigint;
    v_booking public.bookings;
    v_now timestamptz;
BEGIN
    PERFORM public.raise_refusal(public.validate_reason(v_reason, ARRAY['expired']));
    SELECT event_id INTO v_event_id FROM public.bookings WHERE id = p_booking_id;
    IF NOT FOUND THEN
        PERFORM public.raise_refusal(public.booking_not_found(p_booking_id));
    END IF;

    PERFORM 1 FROM public.events WHERE id = v_event_id FOR UPDATE;
    SELECT * INTO STRICT v_booking FROM public.bookings WHERE id = p_booking_id FOR UPDATE;
    v_now := public.clock();

    IF v_booking.status = 'canceled' THEN
        RETURN v_booking;
    ELSIF v_booking.checked_in_at IS NOT NULL THEN  -- whoever sits there would have given the seat to somebody else
        PERFORM public.raise_refusal(public.already_checked_in(v_booking));
    ELSIF v_booking.status = 'pending' AND v_booking.expires_at <= v_now THEN
        v_reason := 'expired';
    END IF;

    PERFORM public.release_seats(v_event_id, ARRAY[p_booking_id], v_reason, v_now);
    PERFORM public.advance_waitlist(v_event_id, v_now);
    SELECT * INTO STRICT v_booking FROM public.bookings WHERE id = p_booking_id;
    RETURN v_booking;
END
$$;

COMMENT ON FUNCTION public.cancel_booking IS
    'Cancels a hold or a confirmed booking and frees its seats, which are offered to who waits; a canceled one stays as it is, a lapsed hold reads ''expired''. Raises EB002 booking_not_found, EB103 invalid_reason, EB216 already_checked_in where the check-in must be undone first.';
