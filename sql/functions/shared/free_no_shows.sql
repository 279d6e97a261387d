CREATE OR REPLACE FUNCTION public.free_no_shows(p_limit integer DEFAULT 1) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS
$$
-- No more is taken away than the line wants, from those who confirmed last; where nobody waits, latecomers keep their seats.
-- An event has its turn once: who is offered a seat by it, or comes in and goes out again, does not lose it to a next one.
DECLARE
    v_event public.events;
    v_now timestamptz;
    v_wanted bigint;
    v_absent bigint[];
    v_freed integer := 0;
BEGIN
    FOR v_event IN
        SELECT e.* FROM public.events AS e
        WHERE e.no_show_minutes IS NOT NULL AND e.no_shows_freed_at IS NULL AND e.canceled_at IS NULL
          AND e.date > e.created_at AND e.date <= public.clock()
          AND e.date + make_interval(mins => e.no_show_minutes) <= public.clock()
        ORDER BY e.date, e.id
        LIMIT p_limit
        FOR UPDATE SKIP LOCKED
    LOOP
        v_now := public.clock();
        PERFORM public.advance_waitlist(v_event.id, v_now);
        v_wanted := (
            SELECT coalesce(sum(w.seats), 0) FROM public.waitlist AS w
            WHERE w.event_id = v_event.id AND w.status = 'waiting' AND w.seats <= v_event.total_seats
        ) - (SELECT e.available_seats FROM public.events AS e WHERE e.id = v_event.id);
        IF v_wanted > 0 THEN
            v_absent := ARRAY(
                SELECT b.id FROM public.bookings AS b
                WHERE b.event_id = v_event.id AND b.status = 'confirmed' AND b.checked_in_at IS NULL
                ORDER BY b.expires_at, b.id
                FOR UPDATE
            );
            v_absent := ARRAY(
                SELECT latest.id
                FROM (
                    SELECT b.id, sum(b.seats) OVER (ORDER BY b.confirmed_at DESC, b.id DESC) - b.seats AS freed_before
                    FROM public.bookings AS b WHERE b.id = ANY (v_absent)
                ) AS latest
                WHERE latest.freed_before < v_wanted
            );
            PERFORM public.release_seats(v_event.id, v_absent, 'no_show', v_now);
            PERFORM public.offer_seats(v_event.id, v_now);
            PERFORM pg_notify('outbox', '');
        END IF;
        UPDATE public.events SET no_shows_freed_at = v_now WHERE id = v_event.id;
        v_freed := v_freed + 1;
    END LOOP;
    RETURN v_freed;
END
$$;

COMMENT ON FUNCTION public.free_no_shows IS
    'For up to p_limit events that started their no_show_minutes ago: cancels confirmed bookings whose people have not come in, as many as others wait for, tells them and offers the seats. Returns how many events; call until 0. Events that another session has locked are left for later.';
