CREATE OR REPLACE FUNCTION public.list_chat_bookings(p_chat_id text) RETURNS TABLE (
    booking_id bigint,
    status text,
    expires_at timestamptz,
    seats integer,
    event_name text,
    event_date timestamptz,
    event_timezone text,
    event_place text
)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
    SELECT b.id, b.status, b.expires_at, b.seats, e.name, e.date, e.timezone, e.place
    FROM public.users AS u
    JOIN public.current_bookings AS b ON b.user_id = u.id
    JOIN public.events AS e ON e.id = b.event_id
    WHERE u.telegram_id = p_chat_id AND b.status <> 'canceled'
    ORDER BY e.date, b.id
$$;

COMMENT ON FUNCTION public.list_chat_bookings IS
    'The living bookings of all who are told in this chat, in order of the events'' dates.';
