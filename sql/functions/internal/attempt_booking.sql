CREATE OR REPLACE FUNCTION public.attempt_booking(p_event public.events, p_user_id bigint) RETURNS public.booking_attempt
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS
$$
-- Whoever holds the lock of the event's row sees every seat of the event as it is. The clock is read after the locks,
-- so that the time spent waiting for them counts.
DECLARE
    v_standing public.bookings;
    v_attempt public.booking_attempt;
    v_now timestamptz;
BEGIN
    v_attempt.free := p_event.available_seats;

    SELECT * INTO v_standing FROM public.bookings
    WHERE event_id = p_event.id AND user_id = p_user_id AND status <> 'canceled' FOR UPDATE;

    v_now := public.clock();
    v_attempt.moment := v_now;

    IF p_event.canceled_at IS NOT NULL THEN
        v_attempt.refusal := public.refuse('EB203', format('Booking for event %s closed: the event was canceled.', p_event.id));
        RETURN v_attempt;
    END IF;

    IF p_event.date > p_event.created_at AND p_event.date <= v_now THEN
        v_attempt.refusal := public.refuse('EB203', format('Booking for event %s closed when it started.', p_event.id));
        RETURN v_attempt;
    END IF;

    IF v_standing.status = 'confirmed' OR v_standing.expires_at > v_now THEN
        v_attempt.refusal := public.refuse(
            'EB202',
            format('This user already has booking %s for event %s.', v_standing.id, p_event.id),
            json_build_object('booking_id', v_standing.id),
            'Confirm or cancel that booking instead.'
        );
        RETURN v_attempt;
    END IF;

    IF v_standing.id IS NOT NULL THEN  -- the user's own hold, lapsed
        v_attempt.free := v_attempt.free + public.release_seats(p_event.id, ARRAY[v_standing.id], 'expired', v_now);
    ELSIF v_attempt.free = 0 THEN
        v_attempt.free := public.lapse_holds(p_event.id, v_now, 100);
    END IF;
    IF v_attempt.free = 0 THEN
        v_attempt.refusal := public.refuse(
            'EB201',
            format('Event %s is sold out.', p_event.id),
            p_hint => 'A held seat comes back when its hold lapses or is canceled; try again later.'
        );
        RETURN v_attempt;
    END IF;
    v_attempt.free := v_attempt.free - 1;
    RETURN v_attempt;
END
$$;

COMMENT ON FUNCTION public.attempt_booking IS
    'Finds a seat for the user at this moment, or says why there is none, and how many seats are free afterwards. Refuses with EB201 sold_out, EB202 already_booked, EB203 booking_closed. For book_seats, which holds the event''s lock, makes the booking and takes it off the counter.';
