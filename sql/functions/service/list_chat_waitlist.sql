CREATE OR REPLACE FUNCTION public.list_chat_waitlist(p_chat_id text) RETURNS TABLE (
    "position" integer,
    seats integer,
    event_name text,
    event_date timestamptz,
    event_timezone text,
    event_place text
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS
$$
BEGIN
    PERFORM public.advance_waitlist_unless_locked(w.event_id)
    FROM (
        SELECT DISTINCT w.event_id
        FROM public.users AS u
        JOIN public.waitlist AS w ON w.user_id = u.id
        WHERE u.telegram_id = p_chat_id AND w.status = 'waiting'
        ORDER BY w.event_id
    ) AS w;

    RETURN QUERY
    SELECT w.position, w.seats, e.name, e.date, e.timezone, e.place
    FROM public.users AS u
    JOIN public.current_waitlist AS w ON w.user_id = u.id
    JOIN public.events AS e ON e.id = w.event_id
    WHERE u.telegram_id = p_chat_id AND w.status = 'waiting'
    ORDER BY e.date, w.id;
END
$$;

COMMENT ON FUNCTION public.list_chat_waitlist IS
    'For what all who are told in this chat wait, in order of the events'' dates; the lines are moved on first.';
