CREATE OR REPLACE FUNCTION public.check_in(p_booking_id bigint, p_by text DEFAULT NULL) RETURNS public.bookings
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS
$$
-- Takes only the booking's lock: of two doors that scan one ticket at once, the second waits for the first, and a door
-- never queues behind a rush for seats.
DECLARE
    v_booking public.bookings;
    v_now timestamptz;
BEGIN
    SELECT * INTO v_booking FROM public.bookings WHERE id = p_booking_id FOR UPDATE;
    IF NOT FOUND THEN
        PERFORM public.raise_refusal(public.booking_not_found(p_booking_id));
    END IF;
    v_now := public.clock();
    IF v_booking.status <> 'confirmed' THEN
        PERFORM public.raise_refusal(public.not_confirmed(v_booking, v_now));
    ELSIF v_booking.checked_in_at IS NOT NULL THEN
        PERFORM public.raise_refusal(public.already_checked_in(v_booking));
    END IF;

    UPDATE public.bookings SET checked_in_at = v_now, checked_in_by = nullif(left(btrim(p_by), 200), '')
    WHERE id = p_booking_id
    RETURNING * INTO v_booking;
    RETURN v_booking;
END
$$;

COMMENT ON FUNCTION public.check_in IS
    'Lets the people of a confirmed booking in, once; p_by says at which door, or by whom (200 characters of it are kept). Raises EB002 booking_not_found, EB215 not_confirmed, EB216 already_checked_in.';
