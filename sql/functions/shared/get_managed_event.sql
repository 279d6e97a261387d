CREATE OR REPLACE FUNCTION public.get_managed_event(p_event_id bigint) RETURNS json
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS
$$
DECLARE
    v_event json;
BEGIN
    SELECT to_json(seen) INTO v_event
    FROM (
        SELECT
            m.*,
            (SELECT max(b.id) FROM public.bookings AS b WHERE b.event_id = m.id) AS newest_booking_id,
            (SELECT count(*) FROM public.problems_of_event(m.id, 100)) AS problems
        FROM public.managed_events AS m
        WHERE m.id = p_event_id
    ) AS seen;
    IF NOT FOUND THEN
        PERFORM public.raise_refusal(public.event_not_found(p_event_id));
    END IF;
    RETURN v_event;
END
$$;

COMMENT ON FUNCTION public.get_managed_event IS
    'An event for those who run it, as JSON: its row of managed_events, the id of its newest booking, and how many messages about it are in trouble (up to 100). Raises EB001 event_not_found.';
