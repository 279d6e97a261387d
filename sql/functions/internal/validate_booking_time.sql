CREATE OR REPLACE FUNCTION public.validate_booking_time(p_event public.events, p_now timestamptz) RETURNS public.refusal
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS
$$
-- An event whose date had already passed when it was created never closes by itself.
BEGIN
    IF p_event.canceled_at IS NOT NULL THEN
        RETURN public.refuse('EB203', format('Booking for event %s closed: the event was canceled.', p_event.id));
    ELSIF p_event.date <= p_now AND p_event.date > p_event.created_at THEN
        RETURN public.refuse('EB203', format('Booking for event %s closed when it started.', p_event.id));
    ELSIF p_event.closes_at <= p_now THEN
        RETURN public.refuse(
            'EB203',
            format(
                'Booking for event %s closed on %s (%s).',
                p_event.id, to_char(p_event.closes_at AT TIME ZONE p_event.timezone, 'YYYY-MM-DD HH24:MI'), p_event.timezone
            )
        );
    ELSIF p_event.opens_at > p_now THEN
        RETURN public.refuse(
            'EB203',
            format(
                'Booking for event %s opens on %s (%s).',
                p_event.id, to_char(p_event.opens_at AT TIME ZONE p_event.timezone, 'YYYY-MM-DD HH24:MI'), p_event.timezone
            ),
            json_build_object('opens_at', public.time_in_zone(p_event.opens_at, p_event.timezone)),
            'Book from then on.'
        );
    END IF;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION public.validate_booking_time IS
    'EB203 booking_closed if the event cannot be booked at this moment (canceled, started, closed, not open yet), or NULL if it can.';
