CREATE OR REPLACE FUNCTION public.queue_notifications(p_booking_ids bigint[], p_kind text) RETURNS void
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS
$$
    INSERT INTO public.outbox (user_id, booking_id, kind, due_at, not_before, created_at)
    SELECT u.id, b.id, p_kind, clock.now, clock.now, clock.now
    FROM public.bookings AS b
    JOIN public.users AS u ON u.id = b.user_id
    CROSS JOIN LATERAL (SELECT public.clock() AS now) AS clock
    WHERE b.id = ANY (p_booking_ids) AND u.telegram_id IS NOT NULL AND u.telegram_broken_at IS NULL
      AND EXISTS (SELECT FROM public.telegram_bot WHERE enabled)
    ORDER BY b.id
$$;

COMMENT ON FUNCTION public.queue_notifications IS
    'Queues a message about each of these bookings to its user, where Telegram reaches them. No NOTIFY: its lock would serialize all commits of the database.';
