CREATE OR REPLACE FUNCTION public.tell_hold(p_booking public.bookings) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS
$$
-- The reminder is written ahead, in the transaction of the hold; one that is not needed any more is never sent.
-- Who is not in Telegram, as most who book, costs one look at the user.
DECLARE
    v_life interval := p_booking.expires_at - p_booking.created_at;
BEGIN
    IF NOT EXISTS (
        SELECT FROM public.users
        WHERE id = p_booking.user_id AND telegram_id IS NOT NULL AND telegram_broken_at IS NULL
    ) THEN
        RETURN;
    END IF;

    INSERT INTO public.outbox (user_id, booking_id, kind, due_at, not_before, created_at)
    SELECT p_booking.user_id, p_booking.id, news.kind, news.at, news.at, p_booking.created_at
    FROM public.telegram_bot AS bot
    CROSS JOIN LATERAL (
        VALUES ('hold_made', p_booking.created_at),
               ('hold_ending', p_booking.expires_at - greatest(bot.reminder * v_life, interval '1 minute'))
    ) AS news (kind, at)
    WHERE bot.enabled
      AND (news.kind = 'hold_made' OR (bot.reminder > 0 AND v_life >= interval '3 minutes'));
END
$$;

COMMENT ON FUNCTION public.tell_hold(public.bookings) IS
    'Queues the message about a new hold and, if it lives at least 3 minutes, the reminder before it lapses.';
