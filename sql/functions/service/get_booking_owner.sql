CREATE OR REPLACE FUNCTION public.get_booking_owner(p_booking_id bigint) RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
DECLARE
    v_user_id bigint;
BEGIN
    SELECT user_id INTO v_user_id FROM public.bookings WHERE id = p_booking_id;
    IF NOT FOUND THEN
        PERFORM public.raise_refusal(public.booking_not_found(p_booking_id));
    END IF;
    RETURN v_user_id;
END
$$;

COMMENT ON FUNCTION public.get_booking_owner IS
    'The id of the booking''s user, for deciding who may see and change it. Raises EB002 booking_not_found.';
