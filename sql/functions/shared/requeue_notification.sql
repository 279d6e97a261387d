CREATE OR REPLACE FUNCTION public.requeue_notification(p_id bigint) RETURNS public.outbox
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
-- A message that is being sent at this moment is left as it is: otherwise it would arrive twice.
DECLARE
    v_user_id bigint;
    v_message public.outbox;
    v_now timestamptz;
BEGIN
    SELECT user_id INTO v_user_id FROM public.outbox WHERE id = p_id;
    PERFORM 1 FROM public.users WHERE id = v_user_id FOR NO KEY UPDATE;
    SELECT * INTO v_message FROM public.outbox WHERE id = p_id FOR UPDATE;
    v_now := public.clock();

    IF v_message.id IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'EB004', MESSAGE = format('There is no notification %s.', p_id);
    ELSIF v_message.state = 'sent' THEN
        RAISE EXCEPTION USING ERRCODE = 'EB209', MESSAGE = format('Notification %s was sent.', p_id);
    ELSIF v_message.claim IS NOT NULL AND v_message.due_at > v_now THEN
        RETURN v_message;
    END IF;

    UPDATE public.users SET telegram_broken_at = NULL, telegram_error = NULL
    WHERE id = v_user_id AND telegram_broken_at IS NOT NULL AND v_message.channel = 'telegram';
    UPDATE public.users SET mail_broken_at = NULL, mail_error = NULL
    WHERE id = v_user_id AND mail_broken_at IS NOT NULL AND v_message.channel = 'mail';
    UPDATE public.outbox
    SET state = 'waiting', finished_at = NULL, claim = NULL, attempts = 0, last_error = NULL, due_at = v_now
    WHERE id = p_id
    RETURNING * INTO v_message;
    PERFORM pg_notify('outbox', '');
    RETURN v_message;
END
$$;

COMMENT ON FUNCTION public.requeue_notification IS
    'Has a failed message tried again, or a waiting one at once, and takes the user''s chat or mailbox for reachable again. Raises EB004 notification_not_found, EB209 notification_sent.';
