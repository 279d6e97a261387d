CREATE OR REPLACE FUNCTION public.confirm_booking(p_booking_id bigint) RETURNS public.bookings
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS
$$
DECLARE
    v_outcome public.booking_outcome;
BEGIN
    SELECT * INTO STRICT v_outcome FROM public.confirm_bookings(ARRAY[p_booking_id]);
    PERFORM public.raise_refusal(v_outcome.refusal);
    RETURN v_outcome.booking;
END
$$;

COMMENT ON FUNCTION public.confirm_booking IS
    'Makes a living hold a confirmed booking; a confirmed one stays so: confirm_bookings for one. Raises EB002 booking_not_found, EB204 booking_expired, EB205 booking_canceled.';
