CREATE OR REPLACE FUNCTION public.refuse_booking(p_booking_id bigint) RETURNS public.refusal
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS
$$
BEGIN
    IF EXISTS (SELECT FROM public.bookings WHERE id = p_booking_id) THEN
        RETURN NULL;
    END IF;
    RETURN public.refuse('EB002', format('There is no booking %s.', p_booking_id));
END
$$;

COMMENT ON FUNCTION public.refuse_booking(bigint) IS 'EB002 booking_not_found, or NULL if there is such a booking.';
