CREATE OR REPLACE FUNCTION public.get_attendance(p_event_id bigint) RETURNS json
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS
$$
DECLARE
    v_attendance json;
BEGIN
    SELECT json_build_object(
        'in', seats.came,
        'expected', seats.expected,
        'missing', seats.expected - seats.came,
        'event_name', e.name,
        'event_date', public.time_in_zone(e.date, e.timezone),
        'event_timezone', e.timezone,
        'event_place', e.place
    ) INTO v_attendance
    FROM public.events AS e
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(b.seats), 0) AS expected,
               coalesce(sum(b.seats) FILTER (WHERE b.checked_in_at IS NOT NULL), 0) AS came
        FROM public.bookings AS b
        WHERE b.event_id = e.id AND b.status = 'confirmed'
    ) AS seats
    WHERE e.id = p_event_id;
    IF NOT FOUND THEN
        PERFORM public.raise_refusal(public.event_not_found(p_event_id));
    END IF;
    RETURN v_attendance;
END
$$;

COMMENT ON FUNCTION public.get_attendance IS
    'How many seats of the event''s confirmed bookings are in, expected and missing, and which event it is. Raises EB001 event_not_found.';
