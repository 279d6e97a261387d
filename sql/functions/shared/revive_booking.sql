CREATE OR REPLACE FUNCTION public.revive_booking(p_booking_id bigint, p_reason text DEFAULT NULL) RETURNS public.bookings
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS
$$
-- The seats were given back when the hold lapsed, so they are taken anew, if nobody has come first. A person's limit of
-- bookings is not asked for: the money is here.
DECLARE
    v_reason text := btrim(p_reason);
    v_booking public.bookings;
    v_standing public.bookings;
    v_event public.events;
    v_now timestamptz;
BEGIN
    IF v_reason IS NOT NULL THEN
        PERFORM public.raise_refusal(public.validate_reason(v_reason, ARRAY['expired']));
    END IF;
    SELECT * INTO v_booking FROM public.bookings WHERE id = p_booking_id;
    IF NOT FOUND THEN
        PERFORM public.raise_refusal(public.booking_not_found(p_booking_id));
    END IF;
    PERFORM 1 FROM public.events WHERE id = v_booking.event_id FOR UPDATE;
    SELECT * INTO STRICT v_booking FROM public.bookings WHERE id = p_booking_id FOR UPDATE;
    v_now := public.clock();

    IF v_booking.status = 'confirmed' THEN
        RETURN v_booking;
    ELSIF v_booking.status = 'canceled' AND v_booking.cancel_reason <> 'expired' THEN
        PERFORM public.raise_refusal(public.validate_confirmation(v_booking, v_now));
    ELSIF v_booking.status = 'canceled' OR v_booking.expires_at <= v_now THEN
        PERFORM public.lapse_holds(v_booking.event_id, v_now, NULL);
        PERFORM public.offer_seats(v_booking.event_id, v_now);
        SELECT * INTO STRICT v_event FROM public.events WHERE id = v_booking.event_id;
        PERFORM public.raise_refusal(public.validate_booking_time(v_event, v_now));
        SELECT * INTO v_standing FROM public.bookings
        WHERE event_id = v_booking.event_id AND user_id = v_booking.user_id AND status <> 'canceled';
        IF FOUND THEN
            PERFORM public.raise_refusal(public.already_booked(v_standing));
        ELSIF v_event.waiting > 0 OR v_event.available_seats < v_booking.seats THEN
            PERFORM public.raise_refusal(public.sold_out(v_event));
        END IF;
        UPDATE public.events SET available_seats = available_seats - v_booking.seats WHERE id = v_event.id;
    END IF;

    PERFORM set_config('eventbooker.reason', coalesce(v_reason, ''), true);
    UPDATE public.bookings SET status = 'confirmed', confirmed_at = v_now, canceled_at = NULL, cancel_reason = NULL
    WHERE id = p_booking_id
    RETURNING * INTO v_booking;
    PERFORM set_config('eventbooker.reason', '', true);
    UPDATE public.waitlist SET status = 'booked' WHERE booking_id = p_booking_id AND status IN ('offered', 'expired');
    PERFORM public.queue_notifications(ARRAY[p_booking_id], 'booking_confirmed');
    RETURN v_booking;
END
$$;

COMMENT ON FUNCTION public.revive_booking IS
    'Confirms a booking whose hold has lapsed, because it was paid after all: takes its seats again if they are free and nobody waits for them. A living hold is confirmed, a confirmed booking stays so. The history keeps p_reason. Raises EB002 booking_not_found, EB103 invalid_reason, EB201 sold_out, EB202 already_booked, EB203 booking_closed, EB205 booking_canceled.';
