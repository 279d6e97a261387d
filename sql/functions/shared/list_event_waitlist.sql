CREATE OR REPLACE FUNCTION public.list_event_waitlist(p_event_id bigint, p_limit integer DEFAULT 50, p_after bigint DEFAULT NULL)
RETURNS json
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS
$$
BEGIN
    IF NOT EXISTS (SELECT FROM public.events WHERE id = p_event_id) THEN
        PERFORM public.raise_refusal(public.event_not_found(p_event_id));
    END IF;
    PERFORM public.advance_waitlist_unless_locked(p_event_id);
    RETURN coalesce((
        SELECT json_agg(listed ORDER BY listed.id)
        FROM (
            SELECT w.*, u.email AS user_email, u.name AS user_name
            FROM public.current_waitlist AS w
            JOIN public.users AS u ON u.id = w.user_id
            WHERE w.event_id = p_event_id AND w.status IN ('waiting', 'offered') AND (p_after IS NULL OR w.id > p_after)
            ORDER BY w.id
            LIMIT p_limit
        ) AS listed
    ), '[]');
END
$$;

COMMENT ON FUNCTION public.list_event_waitlist IS
    'Who waits for an event or was offered seats, in the order of the line, as it counts now, each with user_email and user_name; p_after is the id of the last one of the page before. The line is moved on first. Raises EB001 event_not_found.';
