CREATE OR REPLACE FUNCTION public.repair_seats(p_event_id bigint)
RETURNS TABLE (event_id bigint, seats_before integer, seats_after integer, explanation text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
-- While the event is locked no seat is taken or given back, so the count stays true until the commit.
DECLARE
    v_event public.events;
    v_taken integer;
BEGIN
    SELECT * INTO v_event FROM public.events AS e WHERE e.id = p_event_id FOR UPDATE;
    IF NOT FOUND THEN
        PERFORM public.raise_refusal(public.event_not_found(p_event_id));
    END IF;

    SELECT coalesce(sum(b.seats), 0)::integer INTO v_taken
    FROM public.bookings AS b
    WHERE b.event_id = p_event_id AND b.status <> 'canceled';
    IF v_taken > v_event.total_seats THEN
        RAISE EXCEPTION USING ERRCODE = 'EB207',
            MESSAGE = format('Event %s has %s seats and %s are taken.', p_event_id, v_event.total_seats, v_taken),
            HINT = format('Cancel bookings of at least %s seats or raise total_seats, then repair again.', v_taken - v_event.total_seats);
    END IF;

    event_id := p_event_id;
    seats_before := v_event.available_seats;
    seats_after := v_event.total_seats - v_taken;
    IF seats_before = seats_after THEN
        explanation := format('Event %s adds up: nothing was done.', p_event_id);
    ELSE
        UPDATE public.events AS e SET available_seats = seats_after WHERE e.id = p_event_id;
        PERFORM public.advance_waitlist(p_event_id, public.clock());
        explanation := format('available_seats of event %s was %s and is %s now: %s of %s seats are taken.',
                       p_event_id, seats_before, seats_after, v_taken, v_event.total_seats);
    END IF;
    RETURN NEXT;
END
$$;

COMMENT ON FUNCTION public.repair_seats IS
    'Sets an event''s available_seats to what its bookings leave, under the event''s lock; says what it was and is. Raises EB001 event_not_found, EB207 oversold.';
