CREATE OR REPLACE FUNCTION public.fill_booking_codes(p_after bigint, p_limit integer) RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS
$$
-- It never waits for a booking, so it is outside the lock order; one that is busy is left for another round. The code is
-- made as the column's default makes it, which migration 0021 explains.
DECLARE
    v_ids bigint[] := ARRAY(
        SELECT id FROM public.bookings WHERE id > p_after AND code IS NULL ORDER BY id LIMIT p_limit FOR UPDATE SKIP LOCKED
    );
BEGIN
    UPDATE public.bookings
    SET code = id || '-' || upper(overlay(gen_random_uuid()::text PLACING '-' FROM 7 FOR 23) COLLATE "C")
    WHERE id = ANY (v_ids);
    RETURN v_ids[cardinality(v_ids)];
END
$$;

COMMENT ON FUNCTION public.fill_booking_codes IS
    'Gives codes to up to p_limit bookings with an id above p_after that have none, in order of id; returns the last of them, NULL if there was none to be had.';
