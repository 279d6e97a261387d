CREATE OR REPLACE FUNCTION public.book_seat(
    p_event_id bigint,
    p_email text,
    p_name text DEFAULT NULL,
    p_telegram_id text DEFAULT NULL
) RETURNS public.bookings
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS
$$
-- The user comes first: two bookers who add the same email would otherwise wait for each other, one at the event and
-- one at the email.
DECLARE
    v_user_id bigint := public.find_or_add_user(p_email, p_name, p_telegram_id);
    v_event public.events;
    v_attempt public.booking_attempt;
    v_booking public.bookings;
BEGIN
    SELECT * INTO v_event FROM public.events WHERE id = p_event_id FOR UPDATE;
    IF NOT FOUND THEN
        PERFORM public.raise_refusal(public.refuse_event(p_event_id));
    END IF;
    v_attempt := public.attempt_booking(v_event, v_user_id);
    IF (v_attempt.refusal).sqlstate IS NOT NULL THEN
        PERFORM public.raise_refusal(v_attempt.refusal);
    END IF;

    INSERT INTO public.bookings (event_id, user_id, created_at, expires_at)
    VALUES (p_event_id, v_user_id, v_attempt.moment, v_attempt.moment + make_interval(mins => v_event.booking_ttl))
    RETURNING * INTO v_booking;
    UPDATE public.events SET available_seats = available_seats - 1 WHERE id = p_event_id;
    PERFORM public.tell_holds(ARRAY[v_booking.id]);
    RETURN v_booking;
END
$$;

COMMENT ON FUNCTION public.book_seat(bigint, text, text, text) IS
    'Holds a seat for the user with this email, added if new, for the event''s booking_ttl. Raises EB001 event_not_found, EB102 invalid_user, EB201 sold_out, EB202 already_booked, EB203 booking_closed.';
