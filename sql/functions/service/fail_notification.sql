CREATE OR REPLACE FUNCTION public.fail_notification(
    p_id bigint,
    p_claim uuid,
    p_reason text,
    p_chat_is_gone boolean DEFAULT false
) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
-- A chat that is gone takes none of the user's messages: they fail with this one, and no more are queued until the
-- user links a chat. The user's row comes before the messages, as in all functions that take both.
DECLARE
    v_user_id bigint;
    v_now timestamptz;
BEGIN
    IF p_chat_is_gone THEN
        PERFORM 1 FROM public.users
        WHERE id = (SELECT user_id FROM public.outbox WHERE id = p_id)
        FOR NO KEY UPDATE;
    END IF;
    v_now := public.clock();

    UPDATE public.outbox
    SET state = 'failed', finished_at = v_now, claim = NULL, last_error = p_reason
    WHERE id = p_id AND claim = p_claim
    RETURNING user_id INTO v_user_id;
    IF NOT FOUND THEN
        RETURN false;
    END IF;

    IF p_chat_is_gone THEN
        UPDATE public.users SET telegram_broken_at = v_now, telegram_error = p_reason WHERE id = v_user_id;
        UPDATE public.outbox
        SET state = 'failed', finished_at = v_now, claim = NULL, last_error = p_reason
        WHERE user_id = v_user_id AND channel = 'telegram' AND state = 'waiting';
    END IF;
    RETURN true;
END
$$;

COMMENT ON FUNCTION public.fail_notification IS
    'Records that a claimed message can never be delivered, and why; if the chat is gone, the same of all that waits for the user. False if the claim was not the latest any more.';
