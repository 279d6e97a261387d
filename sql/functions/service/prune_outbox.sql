CREATE OR REPLACE FUNCTION public.prune_outbox(p_keep interval DEFAULT '7 days') RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
-- Waiting messages go as well: nobody wants news that old. A reminder is not news before its time.
DECLARE
    v_now timestamptz := public.clock();
    v_before timestamptz := v_now - p_keep;
    v_pruned bigint;
BEGIN
    DELETE FROM public.outbox
    WHERE (state <> 'waiting' AND finished_at < v_before)
       OR (state = 'waiting' AND not_before < v_before);
    GET DIAGNOSTICS v_pruned = ROW_COUNT;

    DELETE FROM public.telegram_links WHERE expires_at <= v_now;
    DELETE FROM public.telegram_chats WHERE next_send_at < v_before AND stopped_at IS NULL;
    RETURN v_pruned;
END
$$;

COMMENT ON FUNCTION public.prune_outbox IS
    'Deletes messages that were finished or waiting longer than p_keep ago, and expired links and chats; returns how many messages.';
