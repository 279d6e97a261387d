CREATE OR REPLACE FUNCTION public.list_user_bookings(p_user_id bigint) RETURNS json
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
BEGIN
    IF NOT EXISTS (SELECT FROM public.users WHERE id = p_user_id) THEN
        PERFORM public.raise_refusal(public.user_not_found(p_user_id));
    END IF;
    RETURN coalesce((
        SELECT json_agg(listed ORDER BY listed.id DESC)
        FROM (
            SELECT b.*, e.name AS event_name, e.date AS event_date
            FROM public.current_bookings AS b
            JOIN public.events AS e ON e.id = b.event_id
            WHERE b.user_id = p_user_id
        ) AS listed
    ), '[]');
END
$$;

COMMENT ON FUNCTION public.list_user_bookings IS
    'A user''s bookings, newest first, as they count now, each with event_name and event_date. Raises EB003 user_not_found.';
