CREATE OR REPLACE FUNCTION public.explain_event(p_event_id bigint) RETURNS TABLE (what text, seats bigint, explanation text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
-- One statement, so that all lines are of one moment, whatever is booked meanwhile.
DECLARE
    v_now timestamptz := public.clock();
BEGIN
    RETURN QUERY
    WITH event AS (
        SELECT * FROM public.events WHERE id = p_event_id
    ), taken AS (
        SELECT
            b.id,
            b.seats,
            CASE b.seats WHEN 1 THEN 'a seat' ELSE format('%s seats', b.seats) END AS how_many,
            CASE WHEN b.status = 'confirmed' THEN 'confirmed' WHEN b.expires_at <= v_now THEN 'lapsed' ELSE 'held' END AS what,
            u.email,
            date_trunc('second', b.expires_at) AS expires_at,
            date_trunc('second', b.confirmed_at) AS confirmed_at
        FROM public.bookings AS b
        JOIN public.users AS u ON u.id = b.user_id
        WHERE b.event_id = p_event_id AND b.status <> 'canceled'
    ), sums AS (
        SELECT e.*, t.*, e.available_seats + t.held + t.lapsed + t.confirmed - e.total_seats AS off_by
        FROM event AS e
        CROSS JOIN (
            SELECT coalesce(sum(taken.seats) FILTER (WHERE taken.what = 'held'), 0) AS held,
                   coalesce(sum(taken.seats) FILTER (WHERE taken.what = 'lapsed'), 0) AS lapsed,
                   coalesce(sum(taken.seats) FILTER (WHERE taken.what = 'confirmed'), 0) AS confirmed
            FROM taken
        ) AS t
    ), lines AS (
        SELECT 1 AS part, 0::bigint AS place, 'free' AS what, s.available_seats::bigint AS seats,
               format('The counter of event %s (%s)%s says free: %s of %s seats.', s.id, s.name,
                      ', canceled at ' || date_trunc('second', s.canceled_at) || ',', s.available_seats, s.total_seats) AS explanation
        FROM sums AS s
        UNION ALL
        SELECT 2, t.id, t.what, t.seats, CASE t.what
            WHEN 'held' THEN format('Booking %s holds %s for %s until %s.', t.id, t.how_many, t.email, t.expires_at)
            WHEN 'lapsed' THEN format('Booking %s of %s for %s lapsed at %s; that counts as free.', t.id, t.how_many, t.email, t.expires_at)
            ELSE format('Booking %s of %s for %s was confirmed at %s.', t.id, t.how_many, t.email, t.confirmed_at)
        END
        FROM taken AS t
        UNION ALL
        SELECT 3, 0, CASE s.off_by WHEN 0 THEN 'adds up' ELSE 'does not add up' END, s.off_by, CASE
            WHEN s.off_by = 0 AND s.canceled_at IS NOT NULL THEN format(
                '%s seats = %s free: the event was canceled, none can be booked.', s.total_seats, s.available_seats)
            WHEN s.off_by = 0 THEN format('%s seats = %s free + %s held + %s lapsed + %s confirmed; %s can be booked now.',
                s.total_seats, s.available_seats, s.held, s.lapsed, s.confirmed, s.available_seats + s.lapsed)
            WHEN s.held + s.lapsed + s.confirmed > s.total_seats THEN format(
                '%s held + %s lapsed + %s confirmed are more than %s seats. Cancel bookings or raise total_seats, then repair_seats(%s).',
                s.held, s.lapsed, s.confirmed, s.total_seats, s.id)
            ELSE format(
                '%s free + %s held + %s lapsed + %s confirmed are %s %s than %s seats: somebody changed the counter or a booking by hand. repair_seats(%s) sets the counter to %s.',
                s.available_seats, s.held, s.lapsed, s.confirmed, abs(s.off_by),
                CASE WHEN s.off_by > 0 THEN 'more' ELSE 'fewer' END, s.total_seats, s.id,
                s.available_seats - s.off_by)
        END
        FROM sums AS s
    )
    SELECT l.what, l.seats, l.explanation FROM lines AS l ORDER BY l.part, l.place;
    IF NOT FOUND THEN
        PERFORM public.raise_refusal(public.event_not_found(p_event_id));
    END IF;
END
$$;

COMMENT ON FUNCTION public.explain_event IS
    'Says in words where each seat of an event is: free, held, lapsed (counts as free) or confirmed, and for whom; the last line says whether it adds up, its seats by how many it does not. Raises EB001 event_not_found.';
