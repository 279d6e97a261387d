CREATE OR REPLACE FUNCTION public.attempt_booking(
    p_event public.events,
    p_user_id bigint,
    p_seats integer,
    p_most integer,
    p_taken integer
) RETURNS public.booking_attempt
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

    v_attempt.refusal := public.validate_booking_time(p_event, v_now);
    IF (v_attempt.refusal).sqlstate IS NOT NULL THEN
        RETURN v_attempt;
    END IF;

    IF v_standing.status = 'confirmed' OR v_standing.expires_at > v_now THEN
        v_attempt.refusal := public.already_booked(v_standing);
        RETURN v_attempt;
    END IF;

    v_attempt.refusal := public.validate_seats(p_event.id, p_seats, p_event.max_seats_per_booking);
    IF (v_attempt.refusal).sqlstate IS NOT NULL THEN
        RETURN v_attempt;
    END IF;

    IF p_most IS NOT NULL AND NOT public.may_book_more(p_user_id, p_most - p_taken, v_now) THEN
        v_attempt.refusal := public.too_many_bookings(p_most);
        RETURN v_attempt;
    END IF;

    IF p_event.waiting > 0 THEN  -- what is free, also the seats of the user's own lapsed hold, is theirs
        v_attempt.refusal := public.sold_out(p_event);
        RETURN v_attempt;
    END IF;

    IF v_standing.id IS NOT NULL THEN  -- the user's own hold, lapsed
        v_attempt.free := v_attempt.free + public.release_seats(p_event.id, ARRAY[v_standing.id], 'expired', v_now);
    END IF;
    IF v_attempt.free < p_seats THEN
        v_attempt.free := v_attempt.free + (
            SELECT l.seats FROM public.lapse_holds(p_event.id, v_now, greatest(100, p_seats - v_attempt.free)) AS l
        );
    END IF;
    IF v_attempt.free < p_seats THEN
        p_event.available_seats := v_attempt.free;
        v_attempt.refusal := public.sold_out(p_event);
        RETURN v_attempt;
    END IF;
    v_attempt.free := v_attempt.free - p_seats;
    RETURN v_attempt;
END
$$;

COMMENT ON FUNCTION public.attempt_booking IS
    'Finds seats for the user at this moment, or says why there are none, and how many seats are free afterwards. Refuses with EB104 too_many_seats, EB201 sold_out, EB202 already_booked, EB203 booking_closed, EB214 too_many_bookings. p_most is how many live bookings a person may have (NULL: any number), p_taken how many more the caller is about to make for this one. For book_seats, which holds the event''s lock, makes the booking and takes it off the counter.';
