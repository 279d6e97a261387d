CREATE OR REPLACE FUNCTION public.change_event(
    p_event_id bigint,
    p_name text DEFAULT NULL,
    p_date timestamptz DEFAULT NULL,
    p_total_seats integer DEFAULT NULL,
    p_booking_ttl integer DEFAULT NULL,
    p_description text DEFAULT NULL,
    p_place text DEFAULT NULL,
    p_timezone text DEFAULT NULL,
    p_opens_at timestamptz DEFAULT NULL,
    p_closes_at timestamptz DEFAULT NULL,
    p_max_seats_per_booking integer DEFAULT NULL,
    p_published boolean DEFAULT NULL,
    p_no_show_minutes integer DEFAULT NULL,
    p_clear text[] DEFAULT '{}',
    p_versions integer[] DEFAULT NULL
) RETURNS public.events
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS
$$
-- NULL leaves a value as it is. A new booking_ttl is for holds that are made from now on: nobody's time is cut short. A new
-- timezone alone moves nothing: the event starts at the same moment, which another clock shows.
DECLARE
    v_before public.events;
    v_event public.events;
    v_taken integer;
BEGIN
    SELECT * INTO v_before FROM public.events WHERE id = p_event_id FOR UPDATE;
    IF NOT FOUND THEN
        PERFORM public.raise_refusal(public.event_not_found(p_event_id));
    END IF;
    IF v_before.waiting > 0 THEN  -- what was due until now is so by what the event was until now
        PERFORM public.advance_waitlist(p_event_id, public.clock());
        SELECT * INTO STRICT v_before FROM public.events WHERE id = p_event_id;
    END IF;
    IF v_before.version <> ALL (p_versions) THEN
        RAISE EXCEPTION USING ERRCODE = 'EB211',
            MESSAGE = format('Event %s was changed meanwhile: it has version %s.', p_event_id, v_before.version),
            DETAIL = json_build_object('version', v_before.version)::text,
            HINT = 'Read the event again, and change what is still to be changed.';
    END IF;
    IF v_before.canceled_at IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'EB210',
            MESSAGE = format('Event %s was canceled; it can no longer be changed.', p_event_id),
            HINT = 'Create a new event.';
    END IF;
    IF NOT p_clear <@ ARRAY['description', 'place', 'opens_at', 'closes_at', 'no_show_minutes'] THEN
        PERFORM public.raise_refusal(
            public.invalid_field('EB101', 'event', 'clear', 'can name description, place, opens_at, closes_at and no_show_minutes'));
    END IF;

    v_event := v_before;
    v_event.name := coalesce(btrim(p_name), v_before.name);
    v_event.date := coalesce(p_date, v_before.date);
    v_event.total_seats := coalesce(p_total_seats, v_before.total_seats);
    v_event.booking_ttl := coalesce(p_booking_ttl, v_before.booking_ttl);
    v_event.description := nullif(btrim(coalesce(p_description, v_before.description), E' \t\r\n'), '');
    v_event.place := nullif(btrim(coalesce(p_place, v_before.place)), '');
    v_event.timezone := coalesce(p_timezone, v_before.timezone);
    v_event.opens_at := coalesce(p_opens_at, v_before.opens_at);
    v_event.closes_at := coalesce(p_closes_at, v_before.closes_at);
    v_event.max_seats_per_booking := coalesce(p_max_seats_per_booking, v_before.max_seats_per_booking);
    v_event.published := coalesce(p_published, v_before.published);
    v_event.no_show_minutes := coalesce(p_no_show_minutes, v_before.no_show_minutes);
    IF 'description' = ANY (p_clear) THEN
        v_event.description := NULL;
    END IF;
    IF 'place' = ANY (p_clear) THEN
        v_event.place := NULL;
    END IF;
    IF 'opens_at' = ANY (p_clear) THEN
        v_event.opens_at := NULL;
    END IF;
    IF 'closes_at' = ANY (p_clear) THEN
        v_event.closes_at := NULL;
    END IF;
    IF 'no_show_minutes' = ANY (p_clear) THEN
        v_event.no_show_minutes := NULL;
    END IF;
    IF v_event IS NOT DISTINCT FROM v_before THEN
        RETURN v_before;
    END IF;
    PERFORM public.raise_refusal(public.validate_event(v_event));

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
        booking_ttl = v_event.booking_ttl,
        description = v_event.description,
        place = v_event.place,
        timezone = v_event.timezone,
        opens_at = v_event.opens_at,
        closes_at = v_event.closes_at,
        max_seats_per_booking = v_event.max_seats_per_booking,
        published = v_event.published,
        no_show_minutes = v_event.no_show_minutes,
        no_shows_freed_at = CASE WHEN v_event.date = v_before.date THEN no_shows_freed_at END,
        version = version + 1
    WHERE id = p_event_id
    RETURNING * INTO v_event;

    IF (v_event.name, v_event.date, v_event.place, v_event.timezone)
        IS DISTINCT FROM (v_before.name, v_before.date, v_before.place, v_before.timezone) THEN
        PERFORM public.queue_notifications(
            ARRAY(SELECT b.id FROM public.current_bookings AS b WHERE b.event_id = p_event_id AND b.status <> 'canceled'),
            'event_changed'
        );
        PERFORM pg_notify('outbox', '');
    END IF;
    PERFORM public.advance_waitlist(p_event_id, public.clock());
    SELECT * INTO STRICT v_event FROM public.events WHERE id = p_event_id;
    RETURN v_event;
END
$$;

COMMENT ON FUNCTION public.change_event IS
    'Changes what is not NULL of an event, sets what p_clear names to NULL, and tells those who booked of a new name, date, place or timezone. With p_versions, only if the event has one of them. Raises EB001 event_not_found, EB101 invalid_event, EB207 oversold where more seats are taken than are to be, EB210 event_canceled, EB211 precondition_failed.';
