CREATE OR REPLACE FUNCTION public.offer_seats(p_event_id bigint, p_now timestamptz) RETURNS bigint[]
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS
$$
-- In order of the line. Who wants more seats than are free is passed over; whoever was passed over three times stops the
-- line when the next behind would be served: seats are kept for one TTL, in which every hold there is ends one way or
-- the other. If enough seats have not gathered by then, the line moves on and the count starts again.
DECLARE
    v_event public.events;
    v_free integer;
    v_lapsed integer;
    v_most integer := (SELECT max_bookings_per_user FROM public.booking_settings WHERE id);
    v_entry public.waitlist;
    v_booking_id bigint;
    v_offers bigint[] := ARRAY[]::bigint[];
    v_passed_over bigint[] := ARRAY[]::bigint[];
    v_keeps bigint;
BEGIN
    SELECT * INTO STRICT v_event FROM public.events WHERE id = p_event_id;
    IF v_event.waiting = 0 THEN
        RETURN v_offers;
    END IF;
    IF public.waiting_has_ended(v_event, p_now) THEN
        PERFORM public.end_waitlist(p_event_id);
        RETURN v_offers;
    END IF;
    v_free := v_event.available_seats;
    IF v_free = 0 OR v_event.opens_at > p_now THEN
        RETURN v_offers;
    END IF;
    v_lapsed := (
        SELECT coalesce(sum(seats), 0)::integer FROM public.bookings
        WHERE event_id = p_event_id AND status = 'pending' AND expires_at <= p_now
    );

    FOR v_entry IN
        SELECT * FROM public.waitlist
        WHERE event_id = p_event_id AND status = 'waiting' AND seats <= v_event.total_seats
        ORDER BY id
    LOOP
        CONTINUE WHEN v_most IS NOT NULL AND NOT public.may_book_more(v_entry.user_id, v_most, p_now);

        IF v_entry.seats > v_free THEN
            EXIT WHEN v_entry.seats <= v_free + v_lapsed;  -- its turn, as soon as the sweep has freed the rest
            EXIT WHEN v_entry.kept_until > p_now;
            IF v_entry.kept_until <= p_now THEN
                UPDATE public.waitlist SET passed_over = 0, kept_until = NULL WHERE id = v_entry.id;
            ELSIF v_entry.passed_over = 3 THEN
                v_keeps := coalesce(v_keeps, v_entry.id);
            END IF;
            v_passed_over := v_passed_over || v_entry.id;
            CONTINUE;
        END IF;

        IF v_keeps IS NOT NULL THEN
            UPDATE public.waitlist SET kept_until = p_now + make_interval(mins => v_event.booking_ttl) WHERE id = v_keeps;
            EXIT;
        END IF;
        INSERT INTO public.bookings (event_id, user_id, created_at, expires_at, seats)
        VALUES (p_event_id, v_entry.user_id, p_now, p_now + make_interval(mins => v_event.booking_ttl), v_entry.seats)
        RETURNING id INTO v_booking_id;
        UPDATE public.waitlist SET status = 'offered', booking_id = v_booking_id, kept_until = NULL WHERE id = v_entry.id;
        WITH ahead AS (
            UPDATE public.waitlist SET passed_over = passed_over + 1 WHERE id = ANY (v_passed_over)
            RETURNING id, passed_over
        )
        SELECT min(id) INTO v_keeps FROM ahead WHERE passed_over = 3;
        v_offers := v_offers || v_booking_id;
        v_free := v_free - v_entry.seats;
        EXIT WHEN v_free = 0;
    END LOOP;

    UPDATE public.events SET available_seats = v_free, waiting = waiting - cardinality(v_offers)
    WHERE id = p_event_id AND v_offers <> '{}';
    PERFORM public.queue_hold_notifications(v_offers, 'seat_offered');
    RETURN v_offers;
END
$$;

COMMENT ON FUNCTION public.offer_seats IS
    'Offers the event''s free seats to those who wait, as holds, and tells them; ends the waiting list if nobody can book any more; returns the new holds. For functions that hold the event''s lock and have freed seats.';
