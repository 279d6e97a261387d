CREATE OR REPLACE FUNCTION public.confirm_booking(p_booking_id bigint) RETURNS public.bookings
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
-- The seat was counted when it was held, so only the booking is locked: confirming never queues behind a popular event.
DECLARE
    v_booking public.bookings;
    v_now timestamptz;
BEGIN
    SELECT * INTO v_booking FROM public.bookings WHERE id = p_booking_id FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'EB002', MESSAGE = format('There is no booking %s.', p_booking_id);
    END IF;

    v_now := public.clock();

    IF v_booking.status = 'confirmed' THEN
        RETURN v_booking;
    ELSIF v_booking.status = 'canceled' AND v_booking.cancel_reason <> 'expired' THEN
        RAISE EXCEPTION USING ERRCODE = 'EB205',
            MESSAGE = format('Booking %s was canceled.', p_booking_id),
            HINT = 'Book a seat again.';
    ELSIF v_booking.status = 'canceled' OR v_booking.expires_at <= v_now THEN
        RAISE EXCEPTION USING ERRCODE = 'EB204',
            MESSAGE = format('The hold of booking %s lapsed at %s.', p_booking_id, date_trunc('second', v_booking.expires_at)),
            HINT = 'Book a seat again.';
    END IF;

    UPDATE public.bookings SET status = 'confirmed', confirmed_at = v_now
    WHERE id = p_booking_id
    RETURNING * INTO v_booking;
    PERFORM public.tell_users(ARRAY[p_booking_id], 'booking_confirmed');
    RETURN v_booking;
END
$$;

COMMENT ON FUNCTION public.confirm_booking(bigint) IS
    'Makes a living hold a confirmed booking; a confirmed one stays so. Raises EB002 booking_not_found, EB204 booking_expired, EB205 booking_canceled.';
