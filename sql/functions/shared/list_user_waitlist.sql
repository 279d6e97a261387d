CREATE OR REPLACE FUNCTION public.list_user_waitlist(p_user_id bigint, p_own boolean DEFAULT false) RETURNS json
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS
$$
BEGIN
    IF NOT EXISTS (SELECT FROM public.users WHERE id = p_user_id) THEN
        PERFORM public.raise_refusal(public.user_not_found(p_user_id));
    END IF;
    PERFORM public.advance_waitlist_unless_locked(w.event_id)
    FROM (
        SELECT event_id FROM public.waitlist WHERE user_id = p_user_id AND status = 'waiting' ORDER BY event_id
    ) AS w;
    RETURN coalesce((
        SELECT json_agg(listed ORDER BY listed.id DESC)
        FROM (
            SELECT
                w.*,
                e.name AS event_name,
                public.time_in_zone(e.date, e.timezone) AS event_date,
                e.timezone AS event_timezone,
                e.place AS event_place
            FROM public.current_waitlist AS w
            JOIN public.events AS e ON e.id = w.event_id
            WHERE w.user_id = p_user_id AND (NOT p_own OR w.created_at >= public.owned_since(p_user_id))
        ) AS listed
    ), '[]');
END
$$;

COMMENT ON FUNCTION public.list_user_waitlist IS
    'A user''s waiting list entries, newest first, as they count now, each with event_name, event_date (with the offset of the event''s timezone), event_timezone and event_place; with p_own, only what the account may see as its own. The lines are moved on first. Raises EB003 user_not_found.';
