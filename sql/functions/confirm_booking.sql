CREATE OR REPLACE FUNCTION public.confirm_booking(p_booking_id bigint) RETURNS public.bookings
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS
$$
-- The seat was counted when it was held, so only the booking is locked: confirming never queues behind a popular event.
DECLARE
    v_booking public.bookings;
    v_now timestamptz;
    v_refusal public.refusal;
BEGIN
    SELECT * INTO v_booking FROM public.bookings WHERE id = p_booking_id FOR UPDATE;
    IF NOT FOUND THEN
        PERFORM public.raise_refusal(public.refuse_booking(p_booking_id));
    END IF;

    v_now := public.clock();
    v_refusal := public.refuse_confirmation(v_booking, v_now);
    IF v_refusal.sqlstate IS NOT NULL THEN
        PERFORM public.raise_refusal(v_refusal);
    END IF;

    IF v_booking.status = 'pending' THEN
        UPDATE public.bookings SET status = 'confirmed', confirmed_at = v_now
        WHERE id = p_booking_id
        RETURNING * INTO v_booking;
        PERFORM public.tell_users(ARRAY[p_booking_id], 'booking_confirmed');
    END IF;
    RETURN v_booking;
END
$$;

COMMENT ON FUNCTION public.confirm_booking(bigint) IS
    'Makes a living hold a confirmed booking; a confirmed one stays so. Raises EB002 booking_not_found, EB204 booking_expired, EB205 booking_canceled.';
