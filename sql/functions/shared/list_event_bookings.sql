CREATE OR REPLACE FUNCTION public.list_event_bookings(p_event_id bigint, p_limit integer DEFAULT 50, p_after bigint DEFAULT NULL)
RETURNS json
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
BEGIN
    IF NOT EXISTS (SELECT FROM public.events WHERE id = p_event_id) THEN
        PERFORM public.raise_refusal(public.event_not_found(p_event_id));
    END IF;
    RETURN coalesce((
        SELECT json_agg(listed ORDER BY listed.id DESC)
        FROM (
            SELECT b.*, u.email AS user_email, u.name AS user_name
            FROM public.current_bookings AS b
            JOIN public.users AS u ON u.id = b.user_id
            WHERE b.event_id = p_event_id AND (p_after IS NULL OR b.id < p_after)
            ORDER BY b.id DESC
            LIMIT p_limit
        ) AS listed
    ), '[]');
END
$$;

COMMENT ON FUNCTION public.list_event_bookings IS
    'An event''s bookings, newest first, as they count now, each with user_email and user_name; p_after is the id of the last one of the page before. Raises EB001 event_not_found.';
