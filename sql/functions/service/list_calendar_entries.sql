CREATE OR REPLACE FUNCTION public.list_calendar_entries(p_user_id bigint) RETURNS TABLE (
    booking_id bigint,
    is_canceled boolean,
    seats integer,
    booked_at timestamptz,
    sequence integer,
    event_name text,
    event_date timestamptz,
    event_timezone text,
    event_place text
)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS
$$
    SELECT t.booking_id, t.is_canceled, t.seats, t.booked_at, t.sequence,
           t.event_name, t.event_date, t.event_timezone, t.event_place
    FROM public.tickets AS t
    WHERE t.user_id = p_user_id AND t.booked_at >= public.owned_since(p_user_id)
      AND t.event_date > public.clock() - interval '1 year'
    ORDER BY t.event_date DESC, t.booking_id DESC
    LIMIT 500
$$;

COMMENT ON FUNCTION public.list_calendar_entries IS
    'What the user''s calendar shows: bookings that are or were confirmed, of events to come and of the last year, 500 at most, and none from before an account whose email is not proven.';
