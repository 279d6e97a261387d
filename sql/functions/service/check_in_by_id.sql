CREATE OR REPLACE FUNCTION public.check_in_by_id(p_booking_id bigint, p_event_id bigint, p_by text DEFAULT NULL) RETURNS json
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
-- To a door, a booking of another event is none: its id was not in the door's list.
BEGIN
    IF NOT EXISTS (SELECT FROM public.bookings WHERE id = p_booking_id AND event_id = p_event_id) THEN
        PERFORM public.raise_refusal(public.booking_not_found(p_booking_id));
    END IF;
    RETURN public.checked_in_json(public.check_in(p_booking_id, p_by));
END
$$;

COMMENT ON FUNCTION public.check_in_by_id IS
    'check_in of a booking that was chosen from the list of the event''s door; as JSON, with user_name. Raises EB002 booking_not_found, EB215 not_confirmed, EB216 already_checked_in.';
