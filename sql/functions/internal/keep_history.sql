CREATE OR REPLACE FUNCTION public.keep_history() RETURNS trigger
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS
$$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'EB208',
        MESSAGE = 'The history of bookings is only added to.',
        HINT = 'Read it with booking_history(booking_id).';
END
$$;

COMMENT ON FUNCTION public.keep_history IS 'Trigger on booking_changes: refuses to change or delete. Raises EB208 history_is_kept.';
