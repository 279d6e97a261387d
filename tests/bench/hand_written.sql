-- The least that one call and one commit can do to book a seat, with the effect of book_seat for somebody new: a user, a
-- booking with its history (by the table's trigger), the counter. No batch, no lapsed holds, no refusals in words.
CREATE OR REPLACE FUNCTION public.hand_written_booking(p_event_id bigint, p_email text) RETURNS public.bookings
LANGUAGE plpgsql AS
$$
DECLARE
    v_user_id bigint := (SELECT id FROM public.users WHERE public.fold_email(email) = public.fold_email(p_email));
    v_booking_ttl integer;
    v_booking public.bookings;
BEGIN
    IF v_user_id IS NULL THEN
        INSERT INTO public.users (email, name) VALUES (p_email, split_part(p_email, '@', 1)) RETURNING id INTO v_user_id;
    END IF;
    UPDATE public.events SET available_seats = available_seats - 1
    WHERE id = p_event_id AND available_seats > 0 AND canceled_at IS NULL AND date > clock_timestamp()
    RETURNING booking_ttl INTO STRICT v_booking_ttl;
    INSERT INTO public.bookings (event_id, user_id, expires_at)
    VALUES (p_event_id, v_user_id, clock_timestamp() + make_interval(mins => v_booking_ttl))
    RETURNING * INTO v_booking;
    RETURN v_booking;
END
$$;
