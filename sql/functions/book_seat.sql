CREATE OR REPLACE FUNCTION public.book_seat(
    p_event_id bigint,
    p_email text,
    p_name text DEFAULT NULL,
    p_telegram_id text DEFAULT NULL
) RETURNS public.bookings
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
-- The event's row is the gate: whoever holds its lock sees every seat of the event as it is, and the clock is
-- read behind the gate, so that time spent waiting counts. The user comes first: two bookers who add the same
-- email would otherwise wait for each other, one at the gate and one at the email.
DECLARE
    v_user_id bigint;
    v_event public.events;
    v_standing public.bookings;
    v_booking public.bookings;
    v_now timestamptz;
BEGIN
    v_user_id := public.find_or_add_user(p_email, p_name, p_telegram_id);

    SELECT * INTO v_event FROM public.events WHERE id = p_event_id FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'EB001', MESSAGE = format('There is no event %s.', p_event_id);
    END IF;

    SELECT * INTO v_standing FROM public.bookings
    WHERE event_id = p_event_id AND user_id = v_user_id AND status <> 'canceled' FOR UPDATE;

    v_now := public.clock();

    IF v_event.date > v_event.created_at AND v_event.date <= v_now THEN
        RAISE EXCEPTION USING ERRCODE = 'EB203',
            MESSAGE = format('Booking for event %s closed when it started.', p_event_id);
    END IF;

    IF v_standing.status = 'confirmed' OR v_standing.expires_at > v_now THEN
        RAISE EXCEPTION USING ERRCODE = 'EB202',
            MESSAGE = format('This user already has booking %s for event %s.', v_standing.id, p_event_id),
            DETAIL = json_build_object('booking_id', v_standing.id),
            HINT = 'Confirm or cancel that booking instead.';
    END IF;

    IF v_standing.id IS NOT NULL THEN  -- the user's own hold, lapsed
        PERFORM public.release_seats(p_event_id, ARRAY[v_standing.id], 'expired', v_now);
    ELSIF v_event.available_seats = 0 AND public.lapse_holds(p_event_id, v_now, 100) = 0 THEN
        RAISE EXCEPTION USING ERRCODE = 'EB201',
            MESSAGE = format('Event %s is sold out.', p_event_id),
            HINT = 'A held seat comes back when its hold lapses or is canceled; try again later.';
    END IF;

    INSERT INTO public.bookings (event_id, user_id, created_at, expires_at)
    VALUES (p_event_id, v_user_id, v_now, v_now + make_interval(mins => v_event.booking_ttl))
    RETURNING * INTO v_booking;
    UPDATE public.events SET available_seats = available_seats - 1 WHERE id = p_event_id;
    PERFORM public.tell_hold(v_booking);
    RETURN v_booking;
END
$$;

COMMENT ON FUNCTION public.book_seat(bigint, text, text, text) IS
    'Holds a seat for the user with this email, added if new, for the event''s booking_ttl. Raises EB001 event_not_found, EB102 invalid_user, EB201 sold_out, EB202 already_booked, EB203 booking_closed.';
