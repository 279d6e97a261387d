-- What is asked once a second for all that anybody looks at, so it reads no more than the answer holds.
CREATE OR REPLACE FUNCTION public.watch_events(p_ids bigint[]) RETURNS TABLE (
    id bigint, available_seats integer, total_seats integer, published boolean
)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS
$$
    SELECT e.id, e.available_seats, e.total_seats, e.published
    FROM public.current_events AS e
    WHERE e.id = ANY (p_ids)
$$;

COMMENT ON FUNCTION public.watch_events IS
    'The free seats of these events as they count now, in any order; none of what is not there.';
