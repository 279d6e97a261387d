CREATE OR REPLACE FUNCTION public.find_chat_booking(p_booking_id bigint, p_chat_id text) RETURNS TABLE (
    booking_id bigint,
    status text,
    cancel_reason text,
    expires_at timestamptz,
    seats integer,
    event_name text,
    event_date timestamptz,
    event_timezone text,
    event_place text
)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
    SELECT b.id, b.status, b.cancel_reason, b.expires_at, b.seats, e.name, e.date, e.timezone, e.place
    FROM public.current_bookings AS b
    JOIN public.users AS u ON u.id = b.user_id
    JOIN public.events AS e ON e.id = b.event_id
    WHERE b.id = p_booking_id AND u.telegram_id = p_chat_id
$$;

COMMENT ON FUNCTION public.find_chat_booking IS
    'The booking as it counts now, if its user is told in this chat; else no row.';
