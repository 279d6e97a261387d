CREATE OR REPLACE FUNCTION public.prune_outbox(p_keep interval DEFAULT '7 days') RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
-- Waiting messages go as well: nobody wants news that old, and without a bot they would pile up for ever.
DECLARE
    v_before timestamptz := public.clock() - p_keep;
    v_pruned bigint;
BEGIN
    DELETE FROM public.outbox
    WHERE (state <> 'waiting' AND finished_at < v_before)
       OR (state = 'waiting' AND created_at < v_before);
    GET DIAGNOSTICS v_pruned = ROW_COUNT;
    RETURN v_pruned;
END
$$;

COMMENT ON FUNCTION public.prune_outbox(interval) IS
    'Deletes messages finished, or in vain waiting, for longer than p_keep; returns how many.';
