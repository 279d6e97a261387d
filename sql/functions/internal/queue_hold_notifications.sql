CREATE OR REPLACE FUNCTION public.queue_hold_notifications(p_booking_ids bigint[], p_kind text) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS
$$
-- The reminder is written ahead, in the transaction of the hold; one that is not needed any more is never sent.
-- For a user who is told nothing this costs one lookup of the user.
BEGIN
    IF NOT EXISTS (
        SELECT FROM public.bookings AS b
        JOIN public.notification_channels AS way ON way.user_id = b.user_id
        WHERE b.id = ANY (p_booking_ids)
    ) THEN
        RETURN;
    END IF;

    PERFORM public.queue_notifications(p_booking_ids, p_kind);

    INSERT INTO public.outbox (user_id, booking_id, kind, channel, due_at, not_before, created_at)
    SELECT b.user_id, b.id, 'hold_ending', way.channel, reminded.at, reminded.at, b.created_at
    FROM public.bookings AS b
    JOIN public.notification_channels AS way ON way.user_id = b.user_id
    CROSS JOIN LATERAL (
        SELECT b.expires_at - greatest(way.reminder * (b.expires_at - b.created_at), interval '1 minute') AS at
    ) AS reminded
    WHERE b.id = ANY (p_booking_ids) AND way.reminder > 0 AND b.expires_at - b.created_at >= interval '3 minutes'
    ORDER BY b.id;
END
$$;

COMMENT ON FUNCTION public.queue_hold_notifications IS
    'Queues the message (p_kind) about each of these new holds and, for one that lives at least 3 minutes, the reminder before it lapses.';
