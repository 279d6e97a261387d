CREATE OR REPLACE FUNCTION public.undo_check_in(p_booking_id bigint) RETURNS public.bookings
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS
$$
DECLARE
    v_booking public.bookings;
BEGIN
    SELECT * INTO v_booking FROM public.bookings WHERE id = p_booking_id FOR UPDATE;
    IF NOT FOUND THEN
        PERFORM public.raise_refusal(public.booking_not_found(p_booking_id));
    END IF;
    IF v_booking.checked_in_at IS NOT NULL THEN
        UPDATE public.bookings SET checked_in_at = NULL, checked_in_by = NULL WHERE id = p_booking_id
        RETURNING * INTO v_booking;
    END IF;
    RETURN v_booking;
END
$$;

COMMENT ON FUNCTION public.undo_check_in IS
    'Takes a check-in back, as if nobody had come in; one that was not made stays so. Raises EB002 booking_not_found.';
