CREATE OR REPLACE FUNCTION public.attempt_booking(
    p_event public.events,
    p_user_id bigint,
    OUT refusal public.refusal,
    OUT free integer,
    OUT moment timestamptz
)
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS
$$
-- The event's row is the gate: whoever holds its lock sees every seat of the event as it is, and the clock is read
-- behind the gate, so that time spent waiting counts. The caller makes the booking and takes it off the counter.
DECLARE
    v_standing public.bookings;
BEGIN
    free := p_event.available_seats;

    SELECT * INTO v_standing FROM public.bookings
    WHERE event_id = p_event.id AND user_id = p_user_id AND status <> 'canceled' FOR UPDATE;

    moment := public.clock();

    IF p_event.date > p_event.created_at AND p_event.date <= moment THEN
        refusal := ROW ('EB203', format('Booking for event %s closed when it started.', p_event.id), NULL, NULL);
        RETURN;
    END IF;

    IF v_standing.status = 'confirmed' OR v_standing.expires_at > moment THEN
        refusal := ROW (
            'EB202',
            format('This user already has booking %s for event %s.', v_standing.id, p_event.id),
            json_build_object('booking_id', v_standing.id),
            'Confirm or cancel that booking instead.'
        );
        RETURN;
    END IF;

    IF v_standing.id IS NOT NULL THEN  -- the user's own hold, lapsed
        free := free + public.release_seats(p_event.id, ARRAY[v_standing.id], 'expired', moment);
    ELSIF free = 0 THEN
        free := public.lapse_holds(p_event.id, moment, 100);
    END IF;
    IF free = 0 THEN
        refusal := ROW (
            'EB201',
            format('Event %s is sold out.', p_event.id),
            NULL,
            'A held seat comes back when its hold lapses or is canceled; try again later.'
        );
        RETURN;
    END IF;
    free := free - 1;
END
$$;

COMMENT ON FUNCTION public.attempt_booking(public.events, bigint) IS
    'Finds a seat for the user at this moment, or says why there is none, and how many are free besides. Refuses with EB201 sold_out, EB202 already_booked, EB203 booking_closed. For functions that hold the event''s lock, make the booking and take it off the counter.';
