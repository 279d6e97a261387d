CREATE OR REPLACE FUNCTION public.link_telegram(p_token text, p_chat_id text, p_language text) RETURNS public.users
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
-- A press can reach us twice; the second one finds the link used by the same chat and the user still there.
-- What is on its way to a former chat loses its claim: it goes to the new one, and its failure says nothing about it.
DECLARE
    v_link public.telegram_links;
    v_user public.users;
    v_now timestamptz;
BEGIN
    SELECT * INTO v_link FROM public.telegram_links WHERE token_hash = sha256(convert_to(p_token, 'UTF8')) FOR UPDATE;
    SELECT * INTO v_user FROM public.users WHERE id = v_link.user_id FOR NO KEY UPDATE;
    v_now := public.clock();

    IF v_link.user_id IS NULL OR v_link.expires_at <= v_now OR v_link.chat_id <> p_chat_id
        OR (v_link.chat_id = p_chat_id AND v_user.telegram_id IS DISTINCT FROM p_chat_id)
    THEN
        RAISE EXCEPTION USING ERRCODE = 'EB305',
            MESSAGE = 'This link is unknown, was used, or has expired.',
            HINT = 'Get a new one on your bookings page.';
    END IF;

    UPDATE public.telegram_links SET chat_id = p_chat_id WHERE token_hash = v_link.token_hash;
    UPDATE public.outbox SET claim = NULL, due_at = greatest(v_now, not_before)
    WHERE user_id = v_user.id AND channel = 'telegram' AND state = 'waiting' AND v_user.telegram_id IS DISTINCT FROM p_chat_id;
    UPDATE public.users
    SET telegram_id = p_chat_id,
        language = coalesce(p_language, language),
        telegram_broken_at = NULL,
        telegram_error = NULL
    WHERE id = v_user.id
    RETURNING * INTO v_user;
    UPDATE public.telegram_chats SET stopped_at = NULL WHERE chat_id = p_chat_id AND stopped_at IS NOT NULL;
    RETURN v_user;
END
$$;

COMMENT ON FUNCTION public.link_telegram IS
    'Connects the user of a link to the chat in which it was opened, and uses the link up; p_language is en, ru or NULL (unknown). Raises EB305 telegram_link_invalid.';
