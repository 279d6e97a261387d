CREATE OR REPLACE FUNCTION public.register_telegram_bot(p_bot_id bigint, p_username text) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
-- Each bot numbers its updates for itself.
BEGIN
    UPDATE public.telegram_bot
    SET bot_id = p_bot_id,
        username = p_username,
        next_update_id = CASE WHEN bot_id = p_bot_id THEN next_update_id ELSE 0 END
    WHERE bot_id IS DISTINCT FROM p_bot_id OR username IS DISTINCT FROM p_username;
    RETURN (SELECT next_update_id FROM public.telegram_bot);
END
$$;

COMMENT ON FUNCTION public.register_telegram_bot IS
    'Remembers who Telegram says our bot is; returns the offset for its next getUpdates, 0 for a bot not seen before.';
