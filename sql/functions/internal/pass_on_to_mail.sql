CREATE OR REPLACE FUNCTION public.pass_on_to_mail(p_user_id bigint) RETURNS void
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS
$$
    INSERT INTO public.outbox (user_id, booking_id, event_id, kind, channel, due_at, not_before, created_at)
    SELECT o.user_id, o.booking_id, o.event_id, o.kind, way.channel, greatest(public.clock(), o.not_before), o.not_before, o.created_at
    FROM public.outbox AS o
    JOIN public.users AS u ON u.id = o.user_id
    JOIN public.notification_channels AS way ON way.user_id = u.id
    WHERE o.user_id = p_user_id AND o.channel = 'telegram' AND o.state = 'waiting'
      AND way.channel = 'mail' AND u.notify_by = 'auto'
    ORDER BY o.id
$$;

COMMENT ON FUNCTION public.pass_on_to_mail IS
    'Queues as mails what waits in Telegram for a user whom Telegram has just ceased to reach, if mail takes its place. For functions that settle those messages next.';
