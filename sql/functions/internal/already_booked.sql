CREATE OR REPLACE FUNCTION public.already_booked(p_booking public.bookings) RETURNS public.refusal
LANGUAGE sql IMMUTABLE AS
$$
    SELECT public.refuse(
        'EB202',
        format('This user already has booking %s for event %s.', p_booking.id, p_booking.event_id),
        json_build_object('booking_id', p_booking.id),
        'Confirm or cancel that booking instead.'
    )
$$;

COMMENT ON FUNCTION public.already_booked IS
    'EB202 already_booked, always: for a caller that has found the user''s live booking for the event.';
