CREATE OR REPLACE FUNCTION public.queue_notifications(p_booking_ids bigint[], p_kind text) RETURNS void
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS
$$
    INSERT INTO public.outbox (user_id, booking_id, kind, channel, due_at, not_before, created_at)
    SELECT b.user_id, b.id, p_kind, way.channel, clock.now, clock.now, clock.now
    FROM public.bookings AS b
    JOIN public.notification_channels AS way ON way.user_id = b.user_id
    CROSS JOIN LATERAL (SELECT public.clock() AS now) AS clock
    WHERE b.id = ANY (p_booking_ids)
    ORDER BY b.id
$$;

COMMENT ON FUNCTION public.queue_notifications IS
    'Queues a message about each of these bookings to its user, by each way in which the user is told. No NOTIFY: its lock would serialize all commits of the database.';
