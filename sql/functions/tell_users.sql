CREATE OR REPLACE FUNCTION public.tell_users(p_booking_ids bigint[], p_kind text) RETURNS void
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS
$$
    INSERT INTO public.outbox (user_id, booking_id, kind, due_at, created_at)
    SELECT u.id, b.id, p_kind, public.clock(), public.clock()
    FROM public.bookings AS b
    JOIN public.users AS u ON u.id = b.user_id
    WHERE b.id = ANY (p_booking_ids) AND u.telegram_id IS NOT NULL
    ORDER BY b.id
$$;

COMMENT ON FUNCTION public.tell_users(bigint[], text) IS
    'Queues a message about each of these bookings to its user, where Telegram reaches them. No NOTIFY: its lock would serialize all commits of the database.';
