CREATE OR REPLACE FUNCTION public.get_booking(p_booking_id bigint) RETURNS json
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
DECLARE
    v_booking json;
BEGIN
    SELECT to_json(b) INTO v_booking FROM public.current_bookings AS b WHERE b.id = p_booking_id;
    IF NOT FOUND THEN
        PERFORM public.raise_refusal(public.booking_not_found(p_booking_id));
    END IF;
    RETURN v_booking;
END
$$;

COMMENT ON FUNCTION public.get_booking IS
    'A booking as it counts now: a row of current_bookings. Raises EB002 booking_not_found.';
