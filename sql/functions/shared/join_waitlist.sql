CREATE OR REPLACE FUNCTION public.join_waitlist(
    p_event_id bigint,
    p_email text,
    p_name text DEFAULT NULL,
    p_telegram_id text DEFAULT NULL,
    p_seats integer DEFAULT 1,
    p_published_only boolean DEFAULT false
) RETURNS public.waitlist
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS
$$
DECLARE
    v_user_ids bigint[];
    v_refusals public.refusal[];
    v_user_id bigint;
    v_most integer := (SELECT max_bookings_per_user FROM public.booking_settings WHERE id);
    v_event public.events;
    v_booking public.bookings;
    v_entry public.waitlist;
    v_now timestamptz;
BEGIN
    SELECT user_ids, refusals INTO v_user_ids, v_refusals
    FROM public.find_or_add_users(ARRAY[p_email], ARRAY[p_name], ARRAY[p_telegram_id]);
    v_user_id := v_user_ids[1];
    IF v_user_id IS NULL THEN
        PERFORM public.raise_refusal(v_refusals[1]);
    END IF;
    IF v_most IS NOT NULL THEN
        PERFORM 1 FROM public.users WHERE id = v_user_id FOR NO KEY UPDATE;
    END IF;
    SELECT * INTO v_event FROM public.events WHERE id = p_event_id FOR UPDATE;
    IF NOT FOUND OR (p_published_only AND NOT v_event.published) THEN
        PERFORM public.raise_refusal(public.event_not_found(p_event_id));
    END IF;

    v_now := public.clock();
    PERFORM public.lapse_holds(p_event_id, v_now, NULL);
    PERFORM public.offer_seats(p_event_id, v_now);
    SELECT * INTO STRICT v_event FROM public.events WHERE id = p_event_id;
    PERFORM public.raise_refusal(public.validate_booking_time(v_event, v_now));

    SELECT * INTO v_entry FROM public.waitlist
    WHERE event_id = p_event_id AND user_id = v_user_id AND status IN ('waiting', 'offered');
    IF FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'EB212',
            MESSAGE = format('This user already waits for event %s.', p_event_id),
            DETAIL = json_build_object('entry_id', v_entry.id)::text,
            HINT = 'A seat will be offered in turn. To wait for another number of seats, leave and join again.';
    END IF;
    SELECT * INTO v_booking FROM public.bookings
    WHERE event_id = p_event_id AND user_id = v_user_id AND status <> 'canceled';
    IF FOUND THEN
        PERFORM public.raise_refusal(public.already_booked(v_booking));
    END IF;
    PERFORM public.raise_refusal(
        public.validate_seats(p_event_id, p_seats, least(v_event.max_seats_per_booking, v_event.total_seats)));
    IF v_most IS NOT NULL AND NOT public.may_book_more(v_user_id, v_most, v_now) THEN
        PERFORM public.raise_refusal(public.too_many_bookings(v_most));
    END IF;
    IF v_event.waiting = 0 AND v_event.available_seats >= p_seats THEN
        RAISE EXCEPTION USING ERRCODE = 'EB213',
            MESSAGE = format('Event %s has free seats: there is no need to wait.', p_event_id),
            DETAIL = json_build_object('free_seats', v_event.available_seats)::text,
            HINT = 'Book them.';
    END IF;

    INSERT INTO public.waitlist (event_id, user_id, seats, created_at)
    VALUES (p_event_id, v_user_id, p_seats, v_now)
    RETURNING * INTO v_entry;
    UPDATE public.events SET waiting = waiting + 1 WHERE id = p_event_id;
    PERFORM public.offer_seats(p_event_id, v_now);
    SELECT * INTO STRICT v_entry FROM public.waitlist WHERE id = v_entry.id;
    RETURN v_entry;
END
$$;

COMMENT ON FUNCTION public.join_waitlist IS
    'Puts the user with this email, added if new, at the end of the line for p_seats seats of a full event; where those behind may be served, they are offered at once. With p_published_only, an event that is not published is not found. Raises EB001 event_not_found, EB102 invalid_user, EB104 too_many_seats, EB202 already_booked, EB203 booking_closed, EB212 already_waiting, EB213 seats_available, EB214 too_many_bookings.';
