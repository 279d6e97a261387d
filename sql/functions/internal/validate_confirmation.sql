CREATE OR REPLACE FUNCTION public.validate_confirmation(p_booking public.bookings, p_now timestamptz) RETURNS public.refusal
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS
$$
BEGIN
    IF p_booking.status = 'canceled' AND p_booking.cancel_reason <> 'expired' THEN
        RETURN public.refuse('EB205', format('Booking %s was canceled.', p_booking.id), p_hint => 'Book a seat again.');
    ELSIF p_booking.status = 'canceled' OR (p_booking.status = 'pending' AND p_booking.expires_at <= p_now) THEN
        RETURN public.refuse(
            'EB204',
            format('The hold of booking %s lapsed at %s.', p_booking.id, date_trunc('second', p_booking.expires_at)),
            p_hint => 'Book a seat again.'
        );
    END IF;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION public.validate_confirmation IS
    'EB204 booking_expired or EB205 booking_canceled, or NULL if the booking is confirmed or can be at p_now; read p_now after the booking was locked.';
