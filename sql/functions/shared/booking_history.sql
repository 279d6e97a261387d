CREATE OR REPLACE FUNCTION public.booking_history(p_booking_id bigint) RETURNS SETOF public.booking_changes
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
BEGIN
    RETURN QUERY SELECT * FROM public.booking_changes WHERE booking_id = p_booking_id ORDER BY id;
    IF NOT FOUND THEN
        PERFORM public.raise_refusal(public.booking_not_found(p_booking_id));
    END IF;
END
$$;

COMMENT ON FUNCTION public.booking_history IS
    'Each change of the booking''s status or seats, oldest first: when, from, to, why, by whom, for how many seats from then on. Raises EB002 booking_not_found.';
