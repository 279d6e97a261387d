CREATE OR REPLACE FUNCTION public.watch_bookings(p_ids bigint[]) RETURNS TABLE (id bigint, booking json)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS
$$
    SELECT b.id, json_build_object('id', b.id, 'status', b.status, 'seats', b.seats)
    FROM public.current_bookings AS b
    WHERE b.id = ANY (p_ids)
$$;

COMMENT ON FUNCTION public.watch_bookings IS
    'These bookings as they count now, as JSON with their id, status and seats, in any order; none of what is not there.';
