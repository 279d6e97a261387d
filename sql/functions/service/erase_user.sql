CREATE OR REPLACE FUNCTION public.erase_user(p_user_id bigint, p_reason text DEFAULT 'user', p_by text DEFAULT NULL) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
-- The user's row comes first in the order of locks; a booking in the making has its event's lock and must not wait for this
-- one, which is why it is no FOR UPDATE. The person is forgotten before the bookings are canceled and the outbox is emptied
-- afterwards, so nobody is told. Bookings and their history stay, for the counts: they name nobody any more.
-- Answers that are kept for Idempotency-Keys are looked through one by one: they live for a day.
DECLARE
    v_email text;
    v_event_id bigint;
BEGIN
    SELECT public.fold_email(email) INTO v_email
    FROM public.users WHERE id = p_user_id AND erased_at IS NULL FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        PERFORM public.raise_refusal(public.user_not_found(p_user_id));
    END IF;
    PERFORM public.forget_person(p_user_id, coalesce(p_by, session_user::text));

    FOR v_event_id IN
        SELECT b.event_id FROM public.bookings AS b WHERE b.user_id = p_user_id AND b.status <> 'canceled'
        UNION
        SELECT w.event_id FROM public.waitlist AS w WHERE w.user_id = p_user_id AND w.status IN ('waiting', 'offered')
        ORDER BY 1
    LOOP
        PERFORM public.leave_waitlist(w.id) FROM public.waitlist AS w
        WHERE w.event_id = v_event_id AND w.user_id = p_user_id AND w.status = 'waiting';
        PERFORM 1 FROM public.events WHERE id = v_event_id FOR UPDATE;
        PERFORM public.undo_check_in(b.id) FROM public.bookings AS b
        WHERE b.event_id = v_event_id AND b.user_id = p_user_id AND b.checked_in_at IS NOT NULL;
        PERFORM public.cancel_booking(b.id, p_reason) FROM public.bookings AS b
        WHERE b.event_id = v_event_id AND b.user_id = p_user_id AND b.status <> 'canceled';
    END LOOP;

    DELETE FROM public.outbox WHERE user_id = p_user_id;
    DELETE FROM public.idempotency_keys
    WHERE answer::text ~ format('user_id\\*"\s*:\s*%s\M', p_user_id) OR strpos(lower(answer::text), v_email) > 0;
END
$$;

COMMENT ON FUNCTION public.erase_user IS
    'Cancels the person''s living bookings for the reason, leaves waiting lists, deletes account, sessions, tokens, links, messages and kept answers, and leaves of the person a row without email, name and chat that says who had it done (p_by; NULL: the session''s role); nothing is told. Raises EB003 user_not_found.';
