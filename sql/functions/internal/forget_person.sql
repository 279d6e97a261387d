CREATE OR REPLACE FUNCTION public.forget_person(p_user_id bigint, p_by text) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS
$$
-- The row stays, since bookings name it, but nothing in it is the person's any more. A chat that said /stop stays too: it
-- is not to be written to, whoever names it.
DECLARE
    v_email text;
    v_chat_id text;
BEGIN
    SELECT public.fold_email(email), telegram_id INTO STRICT v_email, v_chat_id FROM public.users WHERE id = p_user_id;

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
        erased_at = public.clock(),
        erased_by = p_by
    WHERE id = p_user_id;

    PERFORM public.end_access(p_user_id);
    DELETE FROM public.accounts WHERE user_id = p_user_id;
    DELETE FROM public.telegram_links WHERE user_id = p_user_id;
    DELETE FROM public.sign_in_addresses WHERE user_id = p_user_id;
    DELETE FROM public.sign_in_attempts WHERE email = v_email;
    DELETE FROM public.idempotency_keys WHERE scope = format('user %s', p_user_id);
    DELETE FROM public.client_holds WHERE booking_id IN (SELECT id FROM public.bookings WHERE user_id = p_user_id);
    DELETE FROM public.telegram_chats AS c
    WHERE c.chat_id = v_chat_id AND c.stopped_at IS NULL
      AND NOT EXISTS (SELECT FROM public.users AS u WHERE u.telegram_id = v_chat_id);
END
$$;

COMMENT ON FUNCTION public.forget_person IS
    'Leaves of a person a row without email, name and chat that says who had it done (p_by), and deletes account, sessions, tokens, links and addresses. Messages are left to the caller, who holds the lock of the user''s row: they are in no index by user.';
