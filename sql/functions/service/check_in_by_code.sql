CREATE OR REPLACE FUNCTION public.check_in_by_code(p_code text, p_event_id bigint, p_by text DEFAULT NULL) RETURNS json
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
DECLARE
    v_booking public.bookings := public.find_booking_by_code(p_code);
BEGIN
    IF v_booking.id IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'EB008',
            MESSAGE = 'No booking has this code.',
            HINT = 'Scan the ticket again, or look for the person by name.';
    ELSIF v_booking.event_id IS DISTINCT FROM p_event_id THEN
        PERFORM public.raise_refusal(public.wrong_event(v_booking.event_id));
    END IF;
    RETURN public.checked_in_json(public.check_in(v_booking.id, p_by));
END
$$;

COMMENT ON FUNCTION public.check_in_by_code IS
    'check_in of the booking whose ticket carries the code, at the door of this event; as JSON, with user_name. Raises EB008 unknown_code, EB215 not_confirmed, EB216 already_checked_in, EB217 wrong_event.';
