CREATE OR REPLACE FUNCTION public.save_update_offset(p_bot_id bigint, p_next_update_id bigint) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
    -- A little lower: a slow worker's. Far lower: after a week without any, Telegram goes on numbering anywhere.
    UPDATE public.telegram_bot SET next_update_id = p_next_update_id
    WHERE bot_id = p_bot_id AND p_next_update_id NOT BETWEEN next_update_id - 1000 AND next_update_id
$$;

COMMENT ON FUNCTION public.save_update_offset IS
    'Records that all of this bot''s updates before p_next_update_id have been done; goes back only to a new series.';
