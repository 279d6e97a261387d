CREATE OR REPLACE FUNCTION public.validate_booking_time(p_event public.events, p_now timestamptz) RETURNS public.refusal
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS
$$
BEGIN
    IF p_event.canceled_at IS NOT NULL THEN
        RETURN public.refuse('EB203', format('Booking for event %s closed: the event was canceled.', p_event.id));
    ELSIF p_event.date > p_event.created_at AND p_event.date <= p_now THEN
        RETURN public.refuse('EB203', format('Booking for event %s closed when it started.', p_event.id));
    END IF;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION public.validate_booking_time IS
    'EB203 booking_closed and why, or NULL if the event takes bookings at p_now; read p_now after the event was locked.';
