CREATE OR REPLACE FUNCTION public.confirm_bookings(p_booking_ids bigint[], p_wait boolean DEFAULT true)
RETURNS SETOF public.booking_outcome
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS
$$
-- The seat was counted when it was held, so only bookings are locked: confirming never queues behind a popular event.
DECLARE
    v_booking public.bookings;
    v_bookings public.bookings[];
    v_now timestamptz;
    v_refusal public.refusal;
    v_confirmed bigint[] := ARRAY[]::bigint[];
BEGIN
    IF p_wait THEN
        PERFORM 1 FROM public.bookings WHERE id = ANY (p_booking_ids) ORDER BY event_id, expires_at, id FOR UPDATE;
    END IF;
    FOR n IN 1 .. cardinality(p_booking_ids) LOOP
        SELECT * INTO v_booking FROM public.bookings WHERE id = p_booking_ids[n] FOR UPDATE SKIP LOCKED;
        v_bookings[n] := v_booking;
    END LOOP;

    v_now := public.clock();
    FOR n IN 1 .. cardinality(p_booking_ids) LOOP
        v_booking := v_bookings[n];
        v_refusal := NULL;
        IF v_booking.id IS NOT NULL THEN
            v_refusal := public.validate_confirmation(v_booking, v_now);
        ELSIF NOT EXISTS (SELECT FROM public.bookings WHERE id = p_booking_ids[n]) THEN
            v_refusal := public.booking_not_found(p_booking_ids[n]);
        END IF;
        IF v_booking.id IS NULL OR v_refusal.sqlstate IS NOT NULL THEN
            v_booking := NULL;
        ELSIF v_booking.status = 'pending' THEN
            v_booking.status := 'confirmed';
            v_booking.confirmed_at := v_now;
            v_confirmed := v_confirmed || v_booking.id;
        END IF;
        RETURN NEXT ROW (n, v_booking, v_refusal)::public.booking_outcome;
    END LOOP;

    UPDATE public.bookings SET status = 'confirmed', confirmed_at = v_now WHERE id = ANY (v_confirmed);
    UPDATE public.waitlist SET status = 'booked' WHERE booking_id = ANY (v_confirmed) AND status = 'offered';
    PERFORM public.queue_notifications(v_confirmed, 'booking_confirmed');
END
$$;

COMMENT ON FUNCTION public.confirm_bookings IS
    'Confirms many living holds in one transaction: one row each, by its ordinal from 1, with the booking or why not: EB002 booking_not_found, EB204 booking_expired, EB205 booking_canceled. With p_wait false, neither where another session has locked the booking.';
