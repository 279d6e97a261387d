CREATE OR REPLACE FUNCTION public.event_json(p_event public.events) RETURNS json
LANGUAGE sql VOLATILE AS
$$
    SELECT json_build_object(
        'id', p_event.id,
        'name', p_event.name,
        'date', p_event.date,
        'total_seats', p_event.total_seats,
        'available_seats', p_event.available_seats + (
            SELECT count(*) FROM public.bookings
            WHERE event_id = p_event.id AND status = 'pending' AND expires_at <= (SELECT public.clock())
        ),
        'booking_ttl_minutes', p_event.booking_ttl,
        'created_at', p_event.created_at
    )
$$;

COMMENT ON FUNCTION public.event_json(public.events) IS
    'An event as the API answers it: the seats of lapsed holds count as free. Times carry the offset of the session''s time zone.';
