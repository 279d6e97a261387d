CREATE OR REPLACE FUNCTION public.already_checked_in(p_booking public.bookings) RETURNS public.refusal
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS
$$
    SELECT public.refuse(
        'EB216',
        format(
            'Booking %s was checked in on %s (%s)%s.',
            p_booking.id,
            to_char(p_booking.checked_in_at AT TIME ZONE e.timezone, 'YYYY-MM-DD HH24:MI:SS'),
            e.timezone,
            coalesce(' by ' || p_booking.checked_in_by, '')
        ),
        json_build_object(
            'booking_id', p_booking.id,
            'checked_in_at', p_booking.checked_in_at,
            'checked_in_by', p_booking.checked_in_by,
            'seats', p_booking.seats,
            'user_name', u.name
        ),
        'If that is a mistake, undo the check-in first.'
    )
    FROM public.events AS e, public.users AS u
    WHERE e.id = p_booking.event_id AND u.id = p_booking.user_id
$$;

COMMENT ON FUNCTION public.already_checked_in IS
    'EB216 already_checked_in, always, with when and where: for a caller that has locked a booking whose people are in.';
