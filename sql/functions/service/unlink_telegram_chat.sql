CREATE OR REPLACE FUNCTION public.unlink_telegram_chat(p_chat_id text) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
DECLARE
    v_user_id bigint;
    v_users integer := 0;
BEGIN
    FOR v_user_id IN SELECT id FROM public.users WHERE telegram_id = p_chat_id ORDER BY id FOR NO KEY UPDATE LOOP
        PERFORM public.unlink_telegram(v_user_id);
        v_users := v_users + 1;
    END LOOP;
    RETURN v_users;
END
$$;

COMMENT ON FUNCTION public.unlink_telegram_chat IS 'No user is told anything in this chat any more; returns how many were.';
