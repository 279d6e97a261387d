CREATE OR REPLACE FUNCTION public.not_confirmed(p_booking public.bookings, p_now timestamptz) RETURNS public.refusal
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS
$$
BEGIN
    IF p_booking.status = 'pending' AND p_booking.expires_at > p_now THEN
        RETURN public.refuse(
            'EB215',
            format('Booking %s is not confirmed yet: it is held until %s.', p_booking.id, date_trunc('second', p_booking.expires_at)),
            json_build_object('booking_id', p_booking.id, 'booking_status', 'pending', 'cancel_reason', NULL),
            'Confirm it first.'
        );
    END IF;
    RETURN public.refuse(
        'EB215',
        format('Booking %s was canceled.', p_booking.id),
        json_build_object(
            'booking_id', p_booking.id,
            'booking_status', 'canceled',
            'cancel_reason', coalesce(p_booking.cancel_reason, 'expired')
        )
    );
END
$$;

COMMENT ON FUNCTION public.not_confirmed IS
    'EB215 not_confirmed, always, with what the booking is at p_now instead: for a caller that has found it pending or canceled.';
