CREATE OR REPLACE FUNCTION public.prune_client_holds() RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
-- Rows that a booking client is deleting itself are left to it: who waits for nobody is in no deadlock.
DECLARE
    v_now timestamptz := public.clock();
    v_pruned bigint;
BEGIN
    DELETE FROM public.client_holds WHERE booking_id IN (
        SELECT booking_id FROM public.client_holds WHERE expires_at <= v_now FOR UPDATE SKIP LOCKED
    );
    GET DIAGNOSTICS v_pruned = ROW_COUNT;
    RETURN v_pruned;
END
$$;

COMMENT ON FUNCTION public.prune_client_holds IS
    'Forgets from which address holds were made that have lapsed, or would have by now; returns how many.';
