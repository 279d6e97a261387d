CREATE OR REPLACE FUNCTION public.archive_events(p_before timestamptz, p_limit integer DEFAULT 1) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS
$$
-- An event is moved as a whole, so that the seat law holds for what is left. Nothing waits: an event that is locked is left
-- for the next call, and an event that has started takes no bookings, so its lock delays nobody.
DECLARE
    v_now timestamptz := public.clock();
    v_event public.events;
    v_bookings bigint[];
    v_archived integer := 0;
BEGIN
    FOR v_event IN
        SELECT e.* FROM public.events AS e
        WHERE e.date < least(p_before, v_now) AND e.date > e.created_at AND e.waiting = 0
          AND NOT EXISTS (
              SELECT FROM public.bookings AS b
              WHERE b.event_id = e.id AND (
                  b.status = 'pending'
                  OR EXISTS (SELECT FROM public.outbox AS o WHERE o.booking_id = b.id AND o.state = 'waiting')
              )
          )
          AND NOT EXISTS (SELECT FROM public.outbox AS o WHERE o.event_id = e.id AND o.state = 'waiting')
        ORDER BY e.date, e.id
        LIMIT p_limit
        FOR UPDATE SKIP LOCKED
    LOOP
        v_bookings := ARRAY(SELECT b.id FROM public.bookings AS b WHERE b.event_id = v_event.id ORDER BY b.id FOR UPDATE);

        -- Each table of the schema archive has the columns of its original, in the same order.
        INSERT INTO archive.events SELECT (v_event).*;
        INSERT INTO archive.bookings SELECT b.* FROM public.bookings AS b WHERE b.id = ANY (v_bookings);
        INSERT INTO archive.booking_changes SELECT c.* FROM public.booking_changes AS c WHERE c.booking_id = ANY (v_bookings);

        DELETE FROM public.booking_changes WHERE booking_id = ANY (v_bookings);
        DELETE FROM public.outbox WHERE booking_id = ANY (v_bookings) OR event_id = v_event.id;
        DELETE FROM public.waitlist WHERE event_id = v_event.id;
        DELETE FROM public.bookings WHERE id = ANY (v_bookings);
        DELETE FROM public.events WHERE id = v_event.id;
        v_archived := v_archived + 1;
    END LOOP;
    RETURN v_archived;
END
$$;

COMMENT ON FUNCTION public.archive_events IS
    'Moves up to p_limit events that started before p_before, with their bookings and history, to the schema archive, and deletes their waiting lists; returns how many. Left out: events that never close, and those with a hold, a waiting list or a message still to be dealt with. Call until it returns 0.';
