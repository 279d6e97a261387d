CREATE OR REPLACE FUNCTION public.retry_notification(
    p_id bigint,
    p_claim uuid,
    p_reason text,
    p_pause interval DEFAULT NULL
) RETURNS public.outbox
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
-- Backs off from 5 seconds, doubled at each attempt, to an hour, varied by a quarter so that they do not all come back at once:
-- 33 attempts last about a day. A pause that was asked for (Telegram's retry_after) does not count as an attempt, and
-- holds for the whole chat, also for other users who are told there.
DECLARE
    v_now timestamptz := public.clock();
    v_message public.outbox;
BEGIN
    UPDATE public.outbox
    SET claim = NULL,
        last_error = p_reason,
        attempts = CASE WHEN p_pause IS NULL THEN attempts ELSE attempts - 1 END,
        state = CASE WHEN p_pause IS NULL AND attempts >= 33 THEN 'failed' ELSE 'waiting' END,
        finished_at = CASE WHEN p_pause IS NULL AND attempts >= 33 THEN v_now END,
        due_at = v_now + coalesce(
            p_pause,
            least(interval '5 s' * 2 ^ least(attempts - 1, 10), interval '1 hour') * (0.75 + random() / 2)
        )
    WHERE id = p_id AND claim = p_claim
    RETURNING * INTO v_message;

    UPDATE public.telegram_chats AS c
    SET next_send_at = greatest(c.next_send_at, v_now + p_pause)
    FROM public.users AS u
    WHERE u.id = v_message.user_id AND c.chat_id = u.telegram_id AND p_pause IS NOT NULL;
    RETURN v_message;
END
$$;

COMMENT ON FUNCTION public.retry_notification IS
    'Puts a claimed message back for p_pause, or else for longer at each attempt until it is given up as failed; returns it as it is now, or NULL if the claim was not the latest any more.';
