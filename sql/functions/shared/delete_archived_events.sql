CREATE OR REPLACE FUNCTION public.delete_archived_events(p_before timestamptz, p_limit integer DEFAULT 1) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
DECLARE
    v_events bigint[] := ARRAY(
        SELECT e.id FROM archive.events AS e
        WHERE e.date < p_before
        ORDER BY e.date, e.id
        LIMIT p_limit
        FOR UPDATE SKIP LOCKED
    );
BEGIN
    WITH gone AS (
        DELETE FROM archive.bookings WHERE event_id = ANY (v_events) RETURNING id
    )
    DELETE FROM archive.booking_changes WHERE booking_id IN (SELECT id FROM gone);
    DELETE FROM archive.events WHERE id = ANY (v_events);
    RETURN cardinality(v_events);
END
$$;

COMMENT ON FUNCTION public.delete_archived_events IS
    'Deletes for good up to p_limit events of the archive that started before p_before, with their bookings and history; returns how many. People stay. Call until it returns 0.';
