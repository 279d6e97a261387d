CREATE OR REPLACE FUNCTION public.fail_notification(
    p_id bigint,
    p_claim uuid,
    p_reason text,
    p_address_is_gone boolean DEFAULT false
) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
-- A chat or mailbox that is gone takes none of the user's messages: those of its channel fail with this one, and no more
-- are queued until the user links a chat or proves the email. What Telegram cannot deliver goes by mail where that takes
-- its place. The user's row comes before the messages, as in all functions that take both.
DECLARE
    v_user_id bigint;
    v_channel text;
    v_now timestamptz;
BEGIN
    IF p_address_is_gone THEN
        PERFORM 1 FROM public.users
        WHERE id = (SELECT user_id FROM public.outbox WHERE id = p_id)
        FOR NO KEY UPDATE;
    END IF;
    v_now := public.clock();

    SELECT user_id, channel INTO v_user_id, v_channel FROM public.outbox WHERE id = p_id AND claim = p_claim FOR UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;

    IF p_address_is_gone AND v_channel = 'mail' THEN
        UPDATE public.users SET mail_broken_at = v_now, mail_error = p_reason WHERE id = v_user_id;
    ELSIF p_address_is_gone THEN
        UPDATE public.users SET telegram_broken_at = v_now, telegram_error = p_reason WHERE id = v_user_id;
        PERFORM public.pass_on_to_mail(v_user_id);
    END IF;
    UPDATE public.outbox
    SET state = 'failed', finished_at = v_now, claim = NULL, last_error = p_reason
    WHERE id = p_id OR (p_address_is_gone AND user_id = v_user_id AND channel = v_channel AND state = 'waiting');
    RETURN true;
END
$$;

COMMENT ON FUNCTION public.fail_notification IS
    'Records that a claimed message can never be delivered, and why; if the chat or mailbox is gone, the same of all that waits for the user there. False if the claim was not the latest any more.';
