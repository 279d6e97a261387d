CREATE OR REPLACE FUNCTION public.archive_events(p_before timestamptz, p_limit integer DEFAULT 1) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
-- An event goes as a whole, so that the seat law holds for whatever is left. Nobody waits: an event that somebody is busy
-- with is left for the next call, and one that has started takes no bookings, so its lock is in nobody's way.
DECLARE
    v_now timestamptz := public.clock();
    v_event public.events;
    v_bookings bigint[];
    v_archived integer := 0;
BEGIN
    FOR v_event IN
        SELECT e.* FROM public.events AS e
        WHERE e.date < least(p_before, v_now) AND e.date > e.created_at
          AND NOT EXISTS (
              SELECT FROM public.bookings AS b
              WHERE b.event_id = e.id AND (
                  b.status = 'pending'
                  OR EXISTS (SELECT FROM public.outbox AS o WHERE o.booking_id = b.id AND o.state = 'waiting')
              )
          )
        ORDER BY e.date, e.id
        LIMIT p_limit
        FOR UPDATE SKIP LOCKED
    LOOP
        v_bookings := ARRAY(SELECT b.id FROM public.bookings AS b WHERE b.event_id = v_event.id ORDER BY b.id FOR UPDATE);

        INSERT INTO archive.events
        SELECT v_event.id, v_event.name, v_event.date, v_event.total_seats, v_event.available_seats, v_event.booking_ttl,
               v_event.created_at, v_event.canceled_at;
        INSERT INTO archive.bookings
        SELECT b.id, b.event_id, b.user_id, b.status, b.created_at, b.expires_at, b.confirmed_at, b.canceled_at, b.cancel_reason
        FROM public.bookings AS b WHERE b.id = ANY (v_bookings);
        INSERT INTO archive.booking_changes
        SELECT c.booking_id, c.id, c.changed_at, c.from_status, c.to_status, c.reason, c.changed_by
        FROM public.booking_changes AS c WHERE c.booking_id = ANY (v_bookings);

        DELETE FROM public.booking_changes WHERE booking_id = ANY (v_bookings);
        DELETE FROM public.outbox WHERE booking_id = ANY (v_bookings);
        DELETE FROM public.bookings WHERE id = ANY (v_bookings);
        DELETE FROM public.events WHERE id = v_event.id;
        v_archived := v_archived + 1;
    END LOOP;
    RETURN v_archived;
END
$$;

COMMENT ON FUNCTION public.archive_events(timestamptz, integer) IS
    'Moves up to p_limit events that started before p_before, with their bookings and history, to the schema archive; returns how many. Left out: events that never close, and those with a hold or a message still to be dealt with. Call until it returns 0.';
