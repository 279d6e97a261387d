CREATE OR REPLACE FUNCTION public.prune_request_counts(p_keep integer DEFAULT 1000000) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
DECLARE
    v_oldest timestamptz := public.clock();
    v_pruned bigint;
BEGIN
    v_oldest := greatest(
        v_oldest,
        (SELECT expires_at FROM public.request_counts ORDER BY expires_at DESC OFFSET p_keep LIMIT 1)
    );
    DELETE FROM public.request_counts WHERE expires_at <= v_oldest;
    GET DIAGNOSTICS v_pruned = ROW_COUNT;
    RETURN v_pruned;
END
$$;

COMMENT ON FUNCTION public.prune_request_counts IS
    'Deletes counts of requests that are too old to limit anything and, of more than p_keep, those that end first; returns how many.';
