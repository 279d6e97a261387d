CREATE OR REPLACE FUNCTION public.resend_confirmation(p_booking_id bigint) RETURNS SETOF public.outbox
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS
$$
-- Whoever asks for it has a reason to think that it arrives now, so a chat or mailbox that was given up is tried again.
DECLARE
    v_booking public.bookings;
    v_now timestamptz;
BEGIN
    SELECT * INTO v_booking FROM public.bookings WHERE id = p_booking_id;
    IF NOT FOUND THEN
        PERFORM public.raise_refusal(public.booking_not_found(p_booking_id));
    END IF;
    PERFORM 1 FROM public.users WHERE id = v_booking.user_id FOR NO KEY UPDATE;
    SELECT * INTO STRICT v_booking FROM public.bookings WHERE id = p_booking_id FOR UPDATE;
    v_now := public.clock();
    IF v_booking.status <> 'confirmed' THEN
        PERFORM public.raise_refusal(public.not_confirmed(v_booking, v_now));
    END IF;

    UPDATE public.users
    SET telegram_broken_at = NULL, telegram_error = NULL, mail_broken_at = NULL, mail_error = NULL
    WHERE id = v_booking.user_id AND (telegram_broken_at IS NOT NULL OR mail_broken_at IS NOT NULL);
    IF NOT EXISTS (SELECT FROM public.notification_channels WHERE user_id = v_booking.user_id) THEN
        PERFORM public.raise_refusal(public.refuse(
            'EB220',
            format('There is no way to tell the person of booking %s anything: no chat is connected, and no mail is sent from here.', p_booking_id),
            p_hint => 'Hand the ticket over yourself.'
        ));
    END IF;

    IF NOT EXISTS (
        SELECT FROM public.outbox
        WHERE user_id = v_booking.user_id AND state = 'waiting' AND booking_id = p_booking_id AND kind = 'booking_confirmed'
    ) THEN
        PERFORM public.queue_notifications(ARRAY[p_booking_id], 'booking_confirmed');
        PERFORM pg_notify('outbox', '');
    END IF;
    RETURN QUERY
        SELECT * FROM public.outbox
        WHERE user_id = v_booking.user_id AND state = 'waiting' AND booking_id = p_booking_id AND kind = 'booking_confirmed'
        ORDER BY id;
END
$$;

COMMENT ON FUNCTION public.resend_confirmation IS
    'Tells the person of a confirmed booking once more, with the ticket, by each way in which the person is told, and returns the messages; one that waits already is not doubled. Takes the person''s chat and mailbox for reachable again. Raises EB002 booking_not_found, EB215 not_confirmed, EB220 unreachable.';
