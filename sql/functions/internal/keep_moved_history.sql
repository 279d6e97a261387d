CREATE OR REPLACE FUNCTION public.keep_moved_history() RETURNS trigger
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS
$$
BEGIN
    IF EXISTS (SELECT * FROM gone EXCEPT SELECT a.* FROM archive.booking_changes AS a JOIN gone USING (booking_id, id)) THEN
        RAISE EXCEPTION USING ERRCODE = 'EB208',
            MESSAGE = 'The history of bookings is only added to.',
            HINT = 'archive_events moves the history of events that are over.';
    END IF;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION public.keep_moved_history IS
    'Trigger on booking_changes: refuses to delete what does not stand in the archive word for word. Raises EB208 history_is_kept.';
