CREATE OR REPLACE FUNCTION public.erase_user(p_user_id bigint, p_reason text DEFAULT 'user') RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
-- The user's row comes first in the order of locks; a booking in the making has its event's lock and must not wait for this
-- one, which is why it is no FOR UPDATE. The row stays, since bookings name it, but nothing in it is the person's any
-- more. The chat is given up before the bookings are canceled and the outbox is emptied afterwards, so nobody is told.
DECLARE
    v_email text;
    v_chat_id text;
    v_event_id bigint;
BEGIN
    SELECT public.fold_email(email), telegram_id INTO v_email, v_chat_id
    FROM public.users WHERE id = p_user_id AND erased_at IS NULL FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        PERFORM public.raise_refusal(public.user_not_found(p_user_id));
    END IF;

    UPDATE public.users
    SET email = format('erased-%s@erased.invalid', id),
        name = 'erased',
        telegram_id = NULL,
        telegram_broken_at = NULL,
        telegram_error = NULL,
        notify_by = DEFAULT,
        mail_broken_at = NULL,
        mail_error = NULL,
        language = NULL,
        role = 'user',
        erased_at = public.clock()
    WHERE id = p_user_id;

    FOR v_event_id IN
        SELECT b.event_id FROM public.bookings AS b WHERE b.user_id = p_user_id AND b.status <> 'canceled'
        UNION
        SELECT w.event_id FROM public.waitlist AS w WHERE w.user_id = p_user_id AND w.status IN ('waiting', 'offered')
        ORDER BY 1
    LOOP
        PERFORM public.leave_waitlist(w.id) FROM public.waitlist AS w
        WHERE w.event_id = v_event_id AND w.user_id = p_user_id AND w.status = 'waiting';
        PERFORM public.cancel_booking(b.id, p_reason) FROM public.bookings AS b
        WHERE b.event_id = v_event_id AND b.user_id = p_user_id AND b.status <> 'canceled';
    END LOOP;

    PERFORM public.end_access(p_user_id);
    DELETE FROM public.accounts WHERE user_id = p_user_id;
    DELETE FROM public.telegram_links WHERE user_id = p_user_id;
    DELETE FROM public.sign_in_addresses WHERE user_id = p_user_id;
    DELETE FROM public.sign_in_attempts WHERE email = v_email;
    DELETE FROM public.outbox WHERE user_id = p_user_id;
    DELETE FROM public.idempotency_keys WHERE scope = format('user %s', p_user_id);
    DELETE FROM public.telegram_chats AS c
    WHERE c.chat_id = v_chat_id AND c.stopped_at IS NULL
      AND NOT EXISTS (SELECT FROM public.users AS u WHERE u.telegram_id = v_chat_id);
END
$$;

COMMENT ON FUNCTION public.erase_user IS
    'Cancels the person''s living bookings for the reason, leaves waiting lists, deletes account, sessions, tokens, links and messages, and leaves of the person a row without email, name and chat; nothing is told. Raises EB003 user_not_found.';
