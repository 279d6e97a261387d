CREATE OR REPLACE FUNCTION public.change_booking_seats(p_booking_id bigint, p_seats integer) RETURNS public.bookings
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS
$$
-- Fewer seats are always possible, also after the event has closed and where the event allows fewer a booking by now.
DECLARE
    v_booking public.bookings;
    v_event public.events;
    v_more integer;
    v_now timestamptz;
BEGIN
    SELECT * INTO v_booking FROM public.bookings WHERE id = p_booking_id;
    IF NOT FOUND THEN
        PERFORM public.raise_refusal(public.booking_not_found(p_booking_id));
    END IF;
    SELECT * INTO STRICT v_event FROM public.events WHERE id = v_booking.event_id FOR UPDATE;
    SELECT * INTO STRICT v_booking FROM public.bookings WHERE id = p_booking_id FOR UPDATE;
    v_now := public.clock();
    PERFORM public.raise_refusal(public.validate_confirmation(v_booking, v_now));

    v_more := p_seats - v_booking.seats;
    IF v_more = 0 THEN
        RETURN v_booking;
    ELSIF v_booking.checked_in_at IS NOT NULL THEN
        PERFORM public.raise_refusal(public.already_checked_in(v_booking));
    ELSIF v_more < 0 AND p_seats >= 1 THEN
        NULL;
    ELSE
        PERFORM public.raise_refusal(public.validate_seats(v_event.id, p_seats, v_event.max_seats_per_booking));
        PERFORM public.raise_refusal(public.validate_booking_time(v_event, v_now));
        IF v_event.waiting > 0 THEN
            PERFORM public.advance_waitlist(v_event.id, v_now);
            SELECT * INTO STRICT v_event FROM public.events WHERE id = v_event.id;
        END IF;
        IF v_event.available_seats < v_more THEN
            v_event.available_seats := v_event.available_seats + (
                SELECT l.seats FROM public.lapse_holds(v_event.id, v_now, v_more - v_event.available_seats) AS l
            );
        END IF;
        IF v_event.waiting > 0 OR v_event.available_seats < v_more THEN
            PERFORM public.raise_refusal(public.sold_out(v_event));
        END IF;
    END IF;

    UPDATE public.events SET available_seats = available_seats - v_more WHERE id = v_event.id;
    UPDATE public.bookings SET seats = p_seats WHERE id = p_booking_id RETURNING * INTO v_booking;
    PERFORM public.advance_waitlist(v_event.id, v_now);
    RETURN v_booking;
END
$$;

COMMENT ON FUNCTION public.change_booking_seats IS
    'Gives seats of a live booking back, or takes more where they are free and nobody waits for them. Raises EB002 booking_not_found, EB104 too_many_seats, EB201 sold_out, EB203 booking_closed, EB204 booking_expired, EB205 booking_canceled, EB216 already_checked_in where the check-in must be undone first.';
