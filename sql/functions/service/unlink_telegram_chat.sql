CREATE OR REPLACE FUNCTION public.unlink_telegram_chat(p_chat_id text) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
-- Also a chat that nobody has named yet is remembered: whoever names it later is told nothing there.
DECLARE
    v_user_id bigint;
    v_users integer := 0;
BEGIN
    FOR v_user_id IN SELECT id FROM public.users WHERE telegram_id = p_chat_id ORDER BY id FOR NO KEY UPDATE LOOP
        PERFORM public.unlink_telegram(v_user_id);
        v_users := v_users + 1;
    END LOOP;
    INSERT INTO public.telegram_chats AS c (chat_id, next_send_at, stopped_at) VALUES (p_chat_id, public.clock(), public.clock())
    ON CONFLICT ON CONSTRAINT telegram_chats_pkey DO UPDATE SET stopped_at = coalesce(c.stopped_at, excluded.stopped_at);
    RETURN v_users;
END
$$;

COMMENT ON FUNCTION public.unlink_telegram_chat IS 'No user is told anything in this chat any more, until the chat links itself anew; returns how many were.';
