CREATE OR REPLACE FUNCTION public.confirm_booking(p_booking_id bigint, p_reason text DEFAULT NULL) RETURNS public.bookings
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS
$$
-- What writes the history knows the reason from a setting of the transaction, which is empty again before anything else is
-- changed in it.
DECLARE
    v_reason text := btrim(p_reason);
    v_outcome public.booking_outcome;
BEGIN
    IF v_reason IS NOT NULL THEN
        PERFORM public.raise_refusal(public.validate_reason(v_reason, ARRAY['expired']));
        PERFORM set_config('eventbooker.reason', v_reason, true);
    END IF;
    SELECT * INTO STRICT v_outcome FROM public.confirm_bookings(ARRAY[p_booking_id]);
    PERFORM public.raise_refusal(v_outcome.refusal);
    IF v_reason IS NOT NULL THEN
        PERFORM set_config('eventbooker.reason', '', true);
    END IF;
    RETURN v_outcome.booking;
END
$$;

COMMENT ON FUNCTION public.confirm_booking IS
    'Makes a living hold a confirmed booking; a confirmed one stays so: confirm_bookings for one. The history keeps p_reason, of somebody who confirms for another. Raises EB002 booking_not_found, EB103 invalid_reason, EB204 booking_expired, EB205 booking_canceled.';
