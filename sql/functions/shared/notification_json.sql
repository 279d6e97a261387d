CREATE OR REPLACE FUNCTION public.notification_json(p_notification public.outbox) RETURNS json
LANGUAGE sql STABLE AS
$$
    SELECT json_build_object(
        'id', p_notification.id,
        'user_id', p_notification.user_id,
        'booking_id', p_notification.booking_id,
        'event_id', p_notification.event_id,
        'channel', p_notification.channel,
        'kind', p_notification.kind,
        'state', p_notification.state,
        'attempts', p_notification.attempts,
        'last_error', p_notification.last_error,
        'created_at', p_notification.created_at,
        'due_at', p_notification.due_at
    )
$$;

COMMENT ON FUNCTION public.notification_json IS 'A notification as the API answers it.';
