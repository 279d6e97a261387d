CREATE OR REPLACE FUNCTION public.change_event(
    p_event_id bigint,
    p_name text DEFAULT NULL,
    p_date timestamptz DEFAULT NULL,
    p_total_seats integer DEFAULT NULL,
    p_booking_ttl integer DEFAULT NULL
) RETURNS public.events
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS
$$
-- NULL leaves a value as it is. A new booking_ttl is for holds that are made from now on: nobody's time is cut short.
DECLARE
    v_before public.events;
    v_event public.events;
    v_taken integer;
BEGIN
    SELECT * INTO v_before FROM public.events WHERE id = p_event_id FOR UPDATE;
    IF NOT FOUND THEN
        PERFORM public.raise_refusal(public.event_not_found(p_event_id));
    END IF;
    IF v_before.canceled_at IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'EB210',
            MESSAGE = format('Event %s was canceled; it can no longer be changed.', p_event_id),
            HINT = 'Create a new event.';
    END IF;

    v_event := v_before;
    v_event.name := coalesce(btrim(p_name), v_before.name);
    v_event.date := coalesce(p_date, v_before.date);
    v_event.total_seats := coalesce(p_total_seats, v_before.total_seats);
    v_event.booking_ttl := coalesce(p_booking_ttl, v_before.booking_ttl);
    PERFORM public.raise_refusal(
        public.validate_event(v_event.name, v_event.date, v_event.total_seats, v_event.booking_ttl));

    v_taken := v_before.total_seats - v_before.available_seats;
    IF v_taken > v_event.total_seats THEN
        v_taken := v_taken - (
            SELECT l.seats FROM public.lapse_holds(p_event_id, public.clock(), v_taken - v_event.total_seats) AS l
        );
    END IF;
    IF v_taken > v_event.total_seats THEN
        RAISE EXCEPTION USING ERRCODE = 'EB207',
            MESSAGE = format('%s seats of event %s are taken; total_seats cannot be %s.', v_taken, p_event_id, v_event.total_seats),
            HINT = format('Leave at least %s, or free %s first.', v_taken, v_taken - v_event.total_seats);
    END IF;

    UPDATE public.events
    SET name = v_event.name,
        date = v_event.date,
        total_seats = v_event.total_seats,
        available_seats = v_event.total_seats - v_taken,
        booking_ttl = v_event.booking_ttl
    WHERE id = p_event_id
    RETURNING * INTO v_event;

    IF (v_event.name, v_event.date) IS DISTINCT FROM (v_before.name, v_before.date) THEN
        PERFORM public.queue_notifications(
            ARRAY(SELECT b.id FROM public.current_bookings AS b WHERE b.event_id = p_event_id AND b.status <> 'canceled'),
            'event_changed'
        );
        PERFORM pg_notify('outbox', '');
    END IF;
    RETURN v_event;
END
$$;

COMMENT ON FUNCTION public.change_event IS
    'Changes what is not NULL of an event, and tells those who booked if its name or date is new. Raises EB001 event_not_found, EB101 invalid_event, EB207 oversold where more seats are taken than are to be, EB210 event_canceled.';
