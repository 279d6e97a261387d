CREATE OR REPLACE FUNCTION public.prune_idempotency_keys() RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
DECLARE
    v_pruned bigint;
BEGIN
    DELETE FROM public.idempotency_keys WHERE expires_at <= public.clock();
    GET DIAGNOSTICS v_pruned = ROW_COUNT;
    RETURN v_pruned;
END
$$;

COMMENT ON FUNCTION public.prune_idempotency_keys IS
    'Deletes Idempotency-Keys older than their 24 hours, which count no more anyway; returns how many.';
