CREATE OR REPLACE FUNCTION public.audit_seats()
RETURNS TABLE (event_id bigint, total_seats integer, available_seats integer, pending bigint, confirmed bigint, off_by bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
    SELECT e.id, e.total_seats, e.available_seats, b.pending, b.confirmed,
           e.available_seats + b.pending + b.confirmed - e.total_seats
    FROM public.events AS e
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(seats) FILTER (WHERE status = 'pending'), 0) AS pending,
               coalesce(sum(seats) FILTER (WHERE status = 'confirmed'), 0) AS confirmed
        FROM public.bookings
        WHERE bookings.event_id = e.id AND status <> 'canceled'
    ) AS b
    WHERE e.total_seats <> e.available_seats + b.pending + b.confirmed
    ORDER BY e.id
$$;

COMMENT ON FUNCTION public.audit_seats IS
    'One row for each event that breaks the seat law total_seats = available_seats + pending + confirmed; in seats; off_by is how many seats too many are accounted for.';
